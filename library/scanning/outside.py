"""Files that a link leads to outside of the music folders, and what tells that they are the same.

Such a file is played only while it is the very one that a scan saw: by its inode, besides time and
size. Its inode changes where it is copied back, restored from a backup or mounted anew, while time
and size do not, so that no scan would read it again.
"""

from collections.abc import Iterable
from functools import partial

from library.models.catalogue import Track
from library.scanning.batch import Batch
from library.scanning.lookup import rows_among
from library.scanning.transactions import retried

FILES_AT_ONCE = 5_000


class OutsideFiles:
    """Compares and stores device and inode of unchanged tracks, many at a time."""

    def __init__(self, batch: Batch) -> None:
        self._batch = batch
        self._found: dict[int, tuple[int, int]] = {}

    def note(self, found: Iterable[tuple[int, tuple[int, int]]]) -> None:
        """Ids of tracks with device and inode of their files as they are now."""
        self._found.update(found)
        if len(self._found) >= FILES_AT_ONCE:
            self.store()

    def store(self) -> None:
        """Write those that are not known yet. They are no change that a scan would count."""
        found, self._found = self._found, {}
        columns = ("id", "device", "inode")
        known = retried(partial(rows_among, Track, columns, "id", list(found)))
        self._batch.store_inodes(
            {pk: found[pk] for pk, device, inode in known if found[pk] != (device, inode)}
        )
