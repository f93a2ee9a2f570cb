"""Reads known files again that another version of the readers, or other settings, have read.

After an upgrade a library may have tens of thousands of such files. They are read in portions of a
few seconds with long pauses between them, the newest tracks first. A portion holds the lease, and
loses it to whoever else asks for it; then its last batch is rolled back.

A file that changed or is gone is left to the next scan, and one that cannot be opened, because its
disk may be away, to a later round. A file that can be opened but not read becomes a failure, and
its track stays. Nothing is marked missing. Rereading changes no counts of a scan.
"""

import logging
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.conf import settings
from django.db import DatabaseError

from library.models.paths import path_to_text
from library.models.revision import NextRevision
from library.models.scan import Scan, ScanKind, ScanState, ScanTrigger
from library.scanning.batch import Batch
from library.scanning.errors import LeaseLost, ScanCancelled, ScanError
from library.scanning.failures import FailureWrite, note_version, store_failures
from library.scanning.lease import Lease, acquire, adopt
from library.scanning.outdated import (
    ABOVE_ALL_IDS,
    Known,
    has_entries,
    outdated_tracks,
    still_failing,
)
from library.scanning.read_with import current_version, last_reread, outdated_versions
from library.scanning.report import ScanCounts, ScanOptions, ScanProgress
from library.scanning.settled_names import settle_names
from library.scanning.settling import Settling
from library.scanning.summary import GAVE_WAY, counted
from library.scanning.to_settle import is_anything_flagged
from library.scanning.track_rows import Change, TrackWrite
from library.scanning.transactions import Transactions, retried
from library.tags import ReadFile
from library.tags.pool import ReaderPool, read_inline
from library.tags.reading import READ_STAGE
from library.workers.threads import call_in_thread

PORTION_SECONDS = 5.0
PAUSE_PER_DURATION = 19
"""After a portion, the pause is this many times its duration, so rereading takes at most a
twentieth of the time."""
PAUSE_AFTER_FAILURE = timedelta(minutes=1)
PAUSE_AFTER_ROUND = timedelta(minutes=10)
PAUSE_AFTER_CANCEL = timedelta(hours=1)
REREADING = "Files are being read again after an upgrade or a changed setting."

logger = logging.getLogger(__name__)
Read = Callable[[Iterable[Known]], Iterator[tuple[Known, ReadFile]]]


@dataclass(frozen=True, slots=True)
class RereadReport:
    """The result of a portion.

    `read` files were read, `left` could not be opened or are for the next scan. `is_round_over`:
    every outdated track was tried. `event_id`: of the event, if anything changed that is shown.
    """

    scan_id: int
    state: ScanState
    read: int
    left: int
    is_round_over: bool
    message: str
    event_id: int | None = None

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def is_portion_due(now: datetime) -> bool:
    """Whether tracks have to be read again or albums to be worked out, nothing else holds the
    lease, and the pause is over.

    The pause depends on the row of the last portion, so several servers share one pace.
    """
    if not outdated_versions() and not is_anything_flagged():
        return False
    if Scan.objects.filter(state=ScanState.RUNNING).exists():
        return False
    last = last_reread()
    if last is None or last.finished_at is None:
        return True
    pause = PAUSE_PER_DURATION * last.duration
    if last.cancel_requested:
        pause = max(pause, PAUSE_AFTER_CANCEL)
    elif last.state == ScanState.FAILED:
        pause = max(pause, PAUSE_AFTER_FAILURE)
    elif last.reread_below is None and last.read_with == current_version():
        pause = max(pause, PAUSE_AFTER_ROUND)
    # A row from the future: the clock was set back since then.
    return now >= last.finished_at + pause or last.started_at > now + PAUSE_AFTER_CANCEL


def begin_portion(trigger: ScanTrigger) -> Lease:
    """Take the lease for a portion that goes on where the last one ended.

    Raises ScanAlreadyRuns.
    """
    last, version = last_reread(), current_version()
    lease = acquire(ScanOptions(trigger=trigger), ScanKind.REREAD, REREADING)
    is_same = last is not None and last.read_with == version
    below = last.reread_below if last and is_same and last.reread_below else ABOVE_ALL_IDS
    Scan.objects.filter(pk=lease.scan_id).update(read_with=version, reread_below=below)
    return lease


def reread_portion(options: ScanOptions, seconds: float = PORTION_SECONDS) -> RereadReport:
    """Read outdated files for `seconds`.

    Of `options` it heeds the trigger, workers, batch size, row to adopt and `is_cancelled`. Raises
    ScanAlreadyRuns, and LeaseLost if the row to adopt is closed already.
    """
    scan_id = options.adopt_scan_id
    lease = begin_portion(options.trigger) if scan_id is None else retried(partial(adopt, scan_id))
    portion = _Portion(Transactions(lease), options, seconds)
    try:
        portion.run()
        portion.batch.transactions.checkpoint()
    except ScanCancelled:
        return portion.close(ScanState.CANCELLED, "Reading files again was cancelled. ")
    except LeaseLost:
        return portion.report(ScanState.COMPLETED, GAVE_WAY)
    except (ScanError, DatabaseError, OSError) as problem:
        reason = str(problem) or type(problem).__name__
        logger.error("Reading files again failed: %s", reason)  # noqa: TRY400  # says everything
        return portion.close(ScanState.FAILED, "Reading files again failed. ", reason)
    except BaseException as problem:
        portion.close(ScanState.FAILED, "Reading files again failed. ", type(problem).__name__)
        raise
    return portion.close(ScanState.COMPLETED, "")


class _Portion:
    """`below`: all outdated tracks with this id or a higher one were tried; None: all were."""

    def __init__(self, transactions: Transactions, options: ScanOptions, seconds: float) -> None:
        self.lease = transactions.lease
        self.batch = Batch(transactions, options.batch_size)
        self._settling = Settling(transactions, self._tick)
        self._options = options
        self._seconds = seconds
        self._deadline = time.monotonic() + seconds
        row = Scan.objects.get(pk=self.lease.scan_id)
        self.below: int | None = row.reread_below or ABOVE_ALL_IDS
        self._versions = retried(outdated_versions)
        self._read = self._left = 0

    def run(self) -> None:
        """Raises ScanCancelled, LeaseLost, another ScanError or DatabaseError."""
        self._settling.settle(is_over=self._is_over)
        if self._versions:
            self._read_outdated()
            self._settling.settle(is_over=self._is_long_over)
            if self.lease.revision:
                settle_names(self.batch.transactions, self._tick)
        else:
            self.below = None

    def _read_outdated(self) -> None:
        workers = self._options.workers
        if workers is None:
            workers = min(settings.SCAN_WORKERS, 1)  # one processor at most is kept busy
        separators = settings.ARTIST_SEPARATORS
        if workers == 0:
            self._run(partial(read_inline, artist_separators=separators, on_file=self._tick))
            return
        with ReaderPool[Known](workers, separators, self._tick) as pool:
            self._run(pool.read)

    def _run(self, read: Read) -> None:
        is_there: dict[str, bool] = {}
        is_first = True
        while is_first or not self._is_over():
            is_first = False
            tracks = retried(partial(outdated_tracks, self._versions, self.below or 0))
            if not tracks:
                self.below = None
                return
            roots = {track.found.root for track in tracks}
            is_there |= {root: self._can_be_read(root) for root in roots - is_there.keys()}
            self._take(tracks, read(track for track in tracks if is_there[track.found.root]))
            self.below = tracks[-1].track_id

    def _is_over(self) -> bool:
        return time.monotonic() >= self._deadline

    def _is_long_over(self) -> bool:
        """The albums of the files that were just read may take as long again."""
        return time.monotonic() >= self._deadline + self._seconds

    def _take(self, tracks: Sequence[Known], results: Iterable[tuple[Known, ReadFile]]) -> None:
        left = {track.track_id: track for track in tracks}
        failed: dict[int, FailureWrite] = {}
        for track, read in results:
            self._tick()
            found = track.found
            version = (read.mtime_ns, read.size_bytes)
            if version != (found.mtime_ns, found.size_bytes) or not read.is_settled:
                continue
            if read.tags is not None:
                self.batch.add(TrackWrite(Change.REREAD, track.track_id, found, read, read.tags))
            elif read.stage == READ_STAGE:
                logger.warning("%s/%s: %s", found.root, path_to_text(found.path), read.reason)
                failed[track.track_id] = FailureWrite(
                    found.root, found.path, read.stage, read.reason, *version
                )
            else:
                continue
            del left[track.track_id]
            self._read += 1
        self.batch.flush()
        failing = retried(partial(still_failing, list(left.values())))
        self._left += len(left) - len(failing)
        if failed or failing:
            self.batch.transactions.commit(partial(self._store_failures, failed, failing))

    def _store_failures(
        self, failed: dict[int, FailureWrite], failing: Sequence[int], _: NextRevision
    ) -> ScanCounts:
        note_version([*failed, *failing])
        return store_failures(list(failed.values()), self.lease.scan_id)

    def _can_be_read(self, root: str) -> bool:
        """Whether the music folder is one of the settings, and is there and not empty."""
        if root not in map(str, settings.MUSIC_DIRS):
            return False
        return call_in_thread(partial(has_entries, root), self._tick)

    def _tick(self) -> None:
        if self._options.is_cancelled():
            raise ScanCancelled
        self.lease.progress = ScanProgress("Reading again", 0, self._read, self._read, None)
        retried(self.lease.check_cancel_request)
        if self.lease.is_due:
            self.batch.renew()

    def close(self, state: ScanState, text: str, error: str = "") -> RereadReport:
        message = f"{text}{counted(self._read, 'file').capitalize()} read again."
        if self._settling.counts.sentence:
            message = f"{message} {self._settling.counts.sentence}"
        self._settling.log_counts()
        close = partial(
            self.lease.close_other_work, state, message, error, reread_below=self.below,
            read=self._read, to_read=self._read,
        )  # fmt: skip
        try:
            return self.report(state, message, retried(close))
        except (ScanError, DatabaseError) as problem:  # the lease expires
            logger.error("Row %d could not be closed: %s", self.lease.scan_id, problem)  # noqa: TRY400
            return self.report(ScanState.FAILED, message)

    def report(self, state: ScanState, message: str, event_id: int | None = None) -> RereadReport:
        return RereadReport(
            scan_id=self.lease.scan_id,
            state=state,
            read=self._read,
            left=self._left,
            is_round_over=self.below is None,
            message=message,
            event_id=event_id,
        )
