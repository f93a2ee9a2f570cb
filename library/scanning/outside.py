"""Keeps the stored device and inode up to date for files outside the music folders.

A symbolic link may lead to such a file. It is played only if its inode, modification time and size
are those that a scan stored (`library.media.library_files`). When the file is copied back, restored
from a backup or mounted again, its inode changes but time and size may not: then no scan would read
it again, and it could no longer be played.
"""

from collections.abc import Iterable
from functools import partial

from library.models.catalogue import Track
from library.scanning.batch import Batch
from library.scanning.lookup import rows_among
from library.scanning.transactions import retried

FILES_AT_ONCE = 5_000


class OutsideFiles:
    """Collects unchanged tracks with such files, and stores changed inodes, many at a time."""

    def __init__(self, batch: Batch) -> None:
        self._batch = batch
        self._found: dict[int, tuple[int, int]] = {}

    def add(self, found: Iterable[tuple[int, tuple[int, int]]]) -> None:
        """Add tracks: their ids, and the present (device, inode) of their files."""
        self._found.update(found)
        if len(self._found) >= FILES_AT_ONCE:
            self.store()

    def store(self) -> None:
        """Write the values that differ from the stored ones. Not counted as changes of tracks."""
        found, self._found = self._found, {}
        columns = ("id", "device", "inode")
        known = retried(partial(rows_among, Track, columns, "id", list(found)))
        self._batch.store_inodes(
            {pk: found[pk] for pk, device, inode in known if found[pk] != (device, inode)}
        )
