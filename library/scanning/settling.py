"""Works out the albums of tracks that changed, by the rules of `library.albums`.

A batch stores tracks without asking which album they are on, because a batch may end in the midst
of an album. Its transaction flags their folders (see `to_settle`). A unit is a folder with its disc
folders (see `library.albums.units`). As soon as all its files are stored, `Settling` reads the
tracks of the unit, works out their albums, and writes these in a short transaction, which clears
the flags.
"""

import logging
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from functools import partial

from library.albums.units import Place
from library.models.paths import path_to_text
from library.scanning import to_settle
from library.scanning.neighbourhood import Neighbourhood
from library.scanning.report import never
from library.scanning.settled_rows import SettledAlbums, SettledCounts
from library.scanning.to_settle import FolderRow
from library.scanning.transactions import Transactions, retried

TRACKS_AT_ONCE = 500
"""Units are settled together until they have so many tracks."""
_FOLDERS_AT_ONCE = 500

logger = logging.getLogger(__name__)


class Settling:
    """`tick` is called before each transaction; what it raises ends the settling. `counts`: what
    became of albums so far."""

    def __init__(self, transactions: Transactions, tick: Callable[[], None]) -> None:
        self._transactions = transactions
        self._tick = tick
        self.counts = SettledCounts()
        self._left: set[int] = set()

    def leave_for_later(self) -> None:
        """Leave the folders that are flagged now for `settle_everything`. An earlier scan that was
        killed has flagged them: what it stored is not all of a change, so albums that are worked
        out of it may not be those that a scan without a disturbance makes."""
        self._left = set(retried(to_settle.flagged_ids))

    @property
    def has_left_any(self) -> bool:
        """Whether folders were left for later."""
        return bool(self._left)

    def settle_everything(self) -> None:
        """Settle all units that are flagged, when all files are stored."""
        self._left.clear()
        self.settle()

    def settle_new(self, is_over: Callable[[], bool]) -> None:
        """Settle the units that hold tracks without an album, after a scan that did not come to its
        end: lists show these tracks. The other units that are flagged are left for the next scan,
        as after a kill: what is stored of them may be half of a change."""
        with_new = retried(to_settle.flagged_ids_with_new_tracks)
        self._left = set(retried(to_settle.flagged_ids)).difference(with_new)
        self.settle(is_over=is_over)

    def settle(self, inside: Place | None = None, is_over: Callable[[], bool] = never) -> None:
        """Settle all units that are flagged.

        `inside`: the folder of a file that was just stored, while more may follow: the units that
        this folder is in, or below, are not complete. `is_over`: True ends the settling before
        everything is done.
        """
        above, is_last = 0, False
        while not is_last:
            flagged = retried(partial(to_settle.flagged, above, _FOLDERS_AT_ONCE))
            is_last = len(flagged) < _FOLDERS_AT_ONCE
            above = flagged[-1].folder_id if flagged else above
            complete = (
                folder
                for folder in flagged
                if folder.folder_id not in self._left and not _is_within(inside, folder.unit)
            )
            for folders in _portions(complete):
                if is_over():
                    return
                self._tick()
                self._settle(folders)

    def settle_folders(self, folder_ids: Collection[int]) -> None:
        """Settle the units of these folders, flagged or not."""
        for folders in _portions(FolderRow.among("id", folder_ids)):
            self._tick()
            self._settle(folders)

    def _settle(self, folders: list[FolderRow]) -> None:
        settled = retried(lambda: SettledAlbums(Neighbourhood(folders)))
        for write in settled.writes():
            self._transactions.commit(write)
        self.counts = self.counts.plus(settled.counts)

    def log_counts(self) -> None:
        if any(self.counts):
            fields = " ".join(f"{name}={count}" for name, count in self.counts._asdict().items())
            scan_id = self._transactions.lease.scan_id
            logger.info("Albums were worked out: scan=%d %s", scan_id, fields)


def _is_within(inside: Place | None, unit: Place) -> bool:
    """Whether a folder is that of the unit, or below it."""
    if inside is None:
        return False
    (root, path), (own_root, own_path) = map(path_to_text, inside), unit
    return root == own_root and f"{path}/".startswith(f"{own_path}/" if own_path else "")


def _portions(folders: Iterable[FolderRow]) -> Iterable[list[FolderRow]]:
    """The folders, unit by unit, in portions of about TRACKS_AT_ONCE tracks."""
    units = defaultdict[Place, list[FolderRow]](list)
    for folder in folders:
        units[folder.unit].append(folder)
    portion: list[FolderRow] = []
    for of_unit in units.values():
        portion += of_unit
        if sum(folder.track_count for folder in portion) >= TRACKS_AT_ONCE:
            yield portion
            portion = []
    if portion:
        yield portion
