"""The steps of one scan, in their order.

1. Walk all scopes; changed files are read and stored while the walk goes on.
2. Read new files, once all that is gone is known: some of them are moved tracks.
3. Look again at files that may still have been growing.
4. Mark what is gone as missing, but for what is kept since its disk may be away, and forget
   failures that are none any more.
"""

import logging
import os
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial

from library.files.listings import file_stat
from library.files.walk import count_audio_files
from library.scanning.batch import Batch
from library.scanning.compare import Scope, is_settled
from library.scanning.errors import ScanCancelled
from library.scanning.moves import Moves
from library.scanning.report import (
    EmptiedFolder,
    OnProgress,
    ScanCounts,
    ScanOptions,
    ScanProgress,
)
from library.scanning.store import FailureWrite
from library.scanning.survey import Survey, ToRead
from library.scanning.track_rows import Change, TrackWrite
from library.scanning.transactions import Transactions, retried
from library.tags import ReadFile, TrackTags
from library.tags.pool import ReaderPool, read_inline
from library.tags.reading import GONE_STAGE

logger = logging.getLogger(__name__)

Read = Callable[[Iterable[ToRead]], Iterator[tuple[ToRead, ReadFile]]]


class Steps:
    """What the steps share: the survey, the batch, and how far the scan is."""

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
        self.survey = Survey(scopes, options, self.batch, self._tick)
        self.kept: list[EmptiedFolder] = []
        self._moves: Moves | None = None
        self._changed_while_read: list[ToRead] = []
        self._waiting: list[tuple[ToRead, ReadFile]] = []
        self._stage, self._read = "Looking", 0
        self._total: int | None = None

    @property
    def emptied(self) -> list[EmptiedFolder]:
        """Folders that hold no music, and whose tracks were kept: music folders, and `kept`."""
        return [*self.survey.emptied_roots, *self.kept]

    def run(self, workers: int, artist_separators: Sequence[str]) -> None:
        """Raises ScanCancelled, LeaseLost, or another ScanError; what was committed stays."""
        if workers == 0:
            inline = partial(read_inline, artist_separators=artist_separators, on_file=self._tick)
            self._run(inline)
            return
        with ReaderPool[ToRead](workers, artist_separators, self._tick) as pool:
            self._run(pool.read)

    def _run(self, read: Read) -> None:
        if self.options.count_first:
            self._total = sum(count_audio_files(*scope) for scope in self.survey.scopes)
        self._take_all(read(self.survey.walk()))
        self._stage = "Reading"
        unread = [*self.survey.new, *(item.found for item in self.survey.late)]
        self._moves = retried(partial(Moves, self.survey.gone, unread))
        self._take_all(read(ToRead(found, None, Change.ADDED) for found in self.survey.new))
        self._look_again(self.survey.late + self._changed_while_read, read)
        self._take_waiting(self._moves)
        self._stage = "Finishing"
        self.batch.mark_missing(self.survey.gone - self._moves.taken - self._keep())
        self.batch.forget_failures(self.survey.settled_failures)
        self._tick()
        self.batch.renew()

    def _keep(self) -> set[int]:
        """Tracks of folders that are empty as if their disk were away; these are noted."""
        kept: set[int] = set()
        for emptied in self.survey.emptied:
            if track_ids := emptied.kept(self._moves.taken if self._moves else ()):
                self.kept.append(emptied.described(len(track_ids)))
                kept |= track_ids
        return kept

    def _tick(self) -> None:
        """Called wherever the scan might spend time. Raises ScanCancelled."""
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
        self.batch.flush()

    def _take(self, item: ToRead, read: ReadFile) -> None:
        found = item.found
        if read.stage == GONE_STAGE:
            logger.debug("Gone since it was found: %s", item.absolute_path)
            return  # the next scan finds out whether for good
        if read.mtime_error:
            logger.error("No modification time for %s: %s", item.absolute_path, read.mtime_error)
        if read.tags is None:
            facts = (read.mtime_ns, read.size_bytes)
            self.batch.fail(FailureWrite(found.root, found.path, read.stage, read.reason, *facts))
        elif not read.is_settled:
            self._changed_while_read.append(item)
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

    def _take_waiting(self, moves: Moves) -> None:
        """Files that other new ones kept from being taken for known tracks; see `Moves`."""
        moves.lift_claims()
        for item, read in self._waiting:
            self._take(item, read)
        self.batch.flush()

    def _look_again(self, late: list[ToRead], read: Read) -> None:
        """Read what was left alone for two seconds by now; the rest is for the next scan."""
        self.survey.to_read += len(self._changed_while_read)
        newest = max((item.found.mtime_ns for item in late), default=0)
        while not is_settled(newest):
            time.sleep(0.05)
            self._tick()
        settled = [again for item in late if (again := _stat_again(item))]
        self._changed_while_read = []
        self._take_all(read(settled))
        postponed = len(late) - len(settled) + len(self._changed_while_read)
        self.batch.note(ScanCounts(postponed=postponed))


def _stat_again(item: ToRead) -> ToRead | None:
    """The file as it is now, or None while it still changes or when it is gone."""
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
