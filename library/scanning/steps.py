"""The steps of one scan, in their order.

1. Walk all scopes. Changed files are read and stored while the walk goes on.
2. Read new files. This comes after the walk, when all missing files are known: a new file may be a
   moved track.
3. Read files that may still have been written to during the first two steps.
4. Mark tracks whose files are gone as missing, except those whose disk seems to be unmounted, and
   delete the rows of failures that no longer exist.

Albums are worked out (`settling`) as soon as all files of a folder with its disc folders are
stored. Before the first step this is done for what an earlier scan left, because it was killed; and
after the last step for everything else that changed.
"""

import logging
import os
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial

from library.files.listings import file_stat
from library.files.walk import FoundFile, count_audio_files
from library.scanning.batch import Batch
from library.scanning.compare import Scope, is_settled
from library.scanning.errors import ScanCancelled
from library.scanning.failures import FailureWrite
from library.scanning.folder_checks import FolderChecks
from library.scanning.folders import place_of
from library.scanning.moves import Moves
from library.scanning.report import (
    EmptiedFolder,
    OnProgress,
    ScanCounts,
    ScanOptions,
    ScanProgress,
)
from library.scanning.settled_names import settle_names
from library.scanning.settling import Settling
from library.scanning.sort_keys import renew_sort_keys
from library.scanning.survey import Survey, ToRead
from library.scanning.track_rows import Change, TrackWrite
from library.scanning.transactions import Transactions, retried
from library.tags import ReadFile, TrackTags
from library.tags.pool import ReaderPool, read_inline
from library.tags.reading import GONE_STAGE

SECONDS_AFTER_CANCEL = 1.0
"""How long a cancelled scan may still work out albums."""

logger = logging.getLogger(__name__)

Read = Callable[[Iterable[ToRead]], Iterator[tuple[ToRead, ReadFile]]]


class Steps:
    """The steps of a scan, and the state that they share."""

    def __init__(
        self,
        transactions: Transactions,
        scopes: list[Scope],
        options: ScanOptions,
        on_progress: OnProgress,
    ) -> None:
        self.options = options
        self.on_progress = on_progress
        self.lease = transactions.lease
        self.batch = Batch(transactions, options.batch_size)
        self.settling = Settling(transactions, self._tick)
        self.folders = FolderChecks(self.batch)
        self.survey = Survey(scopes, options, self.batch, self.folders, self._tick)
        self.kept: list[EmptiedFolder] = []
        self._moves: Moves | None = None
        self._changed_since_listed: list[ToRead] = []
        self._waiting: list[tuple[ToRead, ReadFile]] = []
        self._stage, self._read = "Looking", 0
        self._total: int | None = None
        self._settled = 0  # how much `batch.written` was when albums were last worked out

    @property
    def emptied(self) -> list[EmptiedFolder]:
        """All folders that hold no music any more and whose tracks were kept: whole music folders,
        and folders inside them (`kept`)."""
        return [*self.survey.emptied_roots, *self.kept]

    def run(self, workers: int, artist_separators: Sequence[str]) -> None:
        """Do all steps, with `workers` reader processes.

        Raises ScanCancelled, LeaseLost, or another ScanError; what was committed stays.
        """
        if workers == 0:
            inline = partial(read_inline, artist_separators=artist_separators, on_file=self._tick)
            self._run(inline)
            return
        with ReaderPool[ToRead](workers, artist_separators, self._tick) as pool:
            self._run(pool.read)

    def _run(self, read: Read) -> None:
        renew_sort_keys(self.batch.transactions, self._tick)
        if self.options.count_first:
            self._total = sum(count_audio_files(*scope) for scope in self.survey.scopes)
        self.folders.add_music_folders()
        self.settling.settle()
        self._take_all(read(self.survey.walk()))
        self._stage = "Reading"
        unread = [*self.survey.new, *(item.found for item in self.survey.unsettled)]
        self._moves = retried(partial(Moves, self.survey.gone, unread))
        self._take_all(read(ToRead(found, None, Change.ADDED) for found in self.survey.new))
        self._read_unsettled(self.survey.unsettled + self._changed_since_listed, read)
        self._store_waiting(self._moves)
        self._stage = "Finishing"
        self.batch.mark_missing(self.survey.gone - self._moves.taken - self._kept_tracks())
        self.folders.finish()
        self.batch.forget_failures(self.survey.settled_failures)
        if self.batch.written:
            self.settling.settle()
        settle_names(self.batch.transactions, self._tick)
        self.folders.finish_pictures()
        self._tick()
        self.batch.renew()

    def settle_stored(self) -> None:
        """Work out the albums of what is stored, for at most SECONDS_AFTER_CANCEL: call this after
        a scan was cancelled. The next scan does the rest."""
        if not self.batch.written:
            return
        deadline = time.monotonic() + SECONDS_AFTER_CANCEL
        settling = Settling(self.batch.transactions, lambda: None)
        settling.settle(is_over=lambda: time.monotonic() >= deadline)

    def _kept_tracks(self) -> set[int]:
        """The tracks of emptied folders that must not be marked missing. Adds these folders to
        `kept`."""
        kept: set[int] = set()
        for emptied in self.survey.emptied:
            if track_ids := emptied.kept(self._moves.taken if self._moves else ()):
                self.kept.append(emptied.as_folder(len(track_ids)))
                kept |= track_ids
        return kept

    def _tick(self) -> None:
        """Update the progress, renew the lease when that is due, and check for a cancel request.

        Called wherever the scan spends time. Raises ScanCancelled.
        """
        if self.options.is_cancelled():
            raise ScanCancelled
        self.lease.progress = ScanProgress(
            self._stage, self.batch.seen, self._read, self.survey.to_read, self._total
        )
        retried(self.lease.check_cancel_request)
        if self.lease.is_due:
            self.batch.renew()
        self.on_progress(self.lease.progress)

    def _take_all(self, results: Iterable[tuple[ToRead, ReadFile]]) -> None:
        for item, read in results:
            self._read += 1
            self._take(item, read)
            if self.batch.written - self._settled >= self.batch.size:
                self._settled = self.batch.written
                self.settling.settle(inside=place_of(item.found))
        self.batch.flush()

    def _take(self, item: ToRead, read: ReadFile) -> None:
        found = item.found
        if read.stage == GONE_STAGE:
            logger.debug("Gone since it was found: %s", item.absolute_path)
            return  # the next scan marks the track missing if the file does not return
        if read.mtime_error:
            logger.error("No modification time for %s: %s", item.absolute_path, read.mtime_error)
        if not read.is_settled or _is_changed(found, read):
            self._changed_since_listed.append(item)
        elif read.tags is None:
            version = (read.mtime_ns, read.size_bytes)
            self.batch.fail(FailureWrite(found.root, found.path, read.stage, read.reason, *version))
        else:
            self._store(item, read, read.tags)

    def _store(self, item: ToRead, read: ReadFile, tags: TrackTags) -> None:
        change, track_id, found = item.change, item.track_id, item.found
        if track_id is None and self._moves:
            if self._moves.has_to_wait(found, read, tags):
                self._waiting.append((item, read))
                return
            track_id = self._moves.take(found, read, tags)
            change = change if track_id is None else Change.MOVED
        self.batch.add(TrackWrite(change, track_id, found, read, tags))

    def _store_waiting(self, moves: Moves) -> None:
        """Store the files that had to wait for other new files to be read; see `Moves`."""
        moves.lift_claims()
        for item, read in self._waiting:
            self._take(item, read)
        self.batch.flush()

    def _read_unsettled(self, late: list[ToRead], read: Read) -> None:
        """Wait until the files are settled, and read them. Files that have been written to again
        are left for the next scan, and counted as postponed."""
        self.survey.to_read += len(self._changed_since_listed)
        newest = max((item.found.mtime_ns for item in late), default=0)
        while not is_settled(newest):
            time.sleep(0.05)
            self._tick()
        settled = [again for item in late if (again := _stat_again(item))]
        self._changed_since_listed = []
        self._take_all(read(settled))
        postponed = len(late) - len(settled) + len(self._changed_since_listed)
        self.batch.count(ScanCounts(postponed=postponed))


def _is_changed(found: FoundFile, read: ReadFile) -> bool:
    """Whether the file was written to between the listing of its folder and its reading. Folders
    are listed ahead of the walk, so a file that is being copied may have looked settled."""
    if read.mtime_error:
        return False
    return (read.mtime_ns, read.size_bytes) != (found.mtime_ns, found.size_bytes)


def _stat_again(item: ToRead) -> ToRead | None:
    """`item` with the present stat of its file; None if the file is gone or still being written."""
    try:
        stat = os.stat(item.absolute_path)
    except OSError:
        return None
    if not is_settled(stat.st_mtime_ns):
        return None
    _, mtime_ns, size_bytes, device, inode = file_stat(item.found.path, stat)
    found = item.found._replace(
        mtime_ns=mtime_ns, size_bytes=size_bytes, device=device, inode=inode
    )
    return item._replace(found=found)
