"""The lease: at most one scan runs at a time, on all processes and hosts of a database.

The `Scan` row in the state "running" is the lease; the database allows only one such row. Its
holder writes a heartbeat with every batch, and about once a second between batches. If the process
is gone or the heartbeat is too old, another scan may take over the lease. The old holder then gets
LeaseLost at its next renewal, which rolls back the transaction that it was about to commit.

A scan stores exactly one summary event, in the transaction that closes its row, however it ends.

Other work that must not run beside a scan holds the same lease (see `other_work`). The `kind` of
its row says what work; only a purge that deleted something, and a rereading that changed something
that is shown, store an event. A rereading gives way: whoever else asks for the lease gets it.
"""

import logging
import math
import os
import socket
import time
from collections.abc import Callable, Container
from dataclasses import asdict, astuple, fields
from datetime import timedelta

from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone

from events.storage import store
from library.models.scan import Scan, ScanKind, ScanState, ScanTrigger
from library.models.tombstones import Tombstone
from library.queries.revision import library_revision
from library.scanning.errors import LeaseLost, ScanAlreadyRuns, ScanCancelled
from library.scanning.processes import is_gone
from library.scanning.report import NOT_BEGUN, ScanCounts, ScanEnding, ScanOptions
from library.scanning.summary import (
    GAVE_WAY,
    INTERRUPTED_ERROR,
    WORK,
    interrupted_message,
    summary_of,
    summary_of_purge,
    summary_of_reread,
)
from library.scanning.upsert import Update

HEARTBEAT_SECONDS = 1.0
EXPIRES_AFTER = timedelta(seconds=60)
KEPT_IDLE_SCHEDULED_SCANS = 100

logger = logging.getLogger(__name__)

_COUNTED = tuple(each.name for each in fields(ScanCounts))
_PROGRESS = ("read", "to_read", "total")
_RENEWAL = Update(
    Scan,
    ("heartbeat_at", *_COUNTED, *_PROGRESS, "revision", "purged"),
    where=("id", "state"),
)


class Lease:
    """The lease of one scan, held from `acquire` or `adopt` until `close`.

    `revision`: the library's after the last change that was committed; 0 before the first.
    `purged`: how many tracks a purge has deleted.
    """

    def __init__(self, scan_id: int, *, renewed: float | None = None) -> None:
        """`renewed`: the time of the last renewal, by `time.monotonic`; None means now."""
        self.scan_id = scan_id
        self.progress = NOT_BEGUN
        self.revision = self.purged = 0
        self._renewed = self._looked = time.monotonic() if renewed is None else renewed

    @property
    def is_due(self) -> bool:
        """Whether it is time to renew the lease."""
        return time.monotonic() - self._renewed >= HEARTBEAT_SECONDS

    def renew(self, counts: ScanCounts, revision: int | None = None, purged: int = 0) -> None:
        """Write the heartbeat, the counts and the progress, in the caller's transaction if any.

        `revision`: the one that the transaction makes, if any. `purged`: the number of tracks that
        it deletes. Call `note_commit` with both after the transaction.
        Raises LeaseLost if another scan has taken over the lease.
        """
        now = connection.ops.adapt_datetimefield_value(timezone.now())
        values = (
            *astuple(counts),
            *self._progress().values(),
            revision or self.revision,
            self.purged + purged,
        )
        row = (now, *values, self.scan_id, ScanState.RUNNING.value)
        if not _RENEWAL.execute([row]):
            raise LeaseLost("Another scan considered this one dead and took over its lease.")
        self._renewed = time.monotonic()
        self._looked = -math.inf

    def note_commit(self, revision: int | None, purged: int = 0) -> None:
        """A transaction was committed that called `renew` with these values."""
        self.revision = revision or self.revision
        self.purged += purged

    def check_cancel_request(self) -> None:
        """Raises ScanCancelled if any process has set `cancel_requested` on the row.

        May be called often: it queries the database only after each renewal, and otherwise once in
        HEARTBEAT_SECONDS.
        """
        if time.monotonic() - self._looked < HEARTBEAT_SECONDS:
            return
        self._looked = time.monotonic()
        if Scan.objects.filter(pk=self.scan_id, cancel_requested=True).exists():
            raise ScanCancelled

    def close(self, ending: ScanEnding) -> int | None:
        """Close the row and store the summary event, in one transaction.

        Returns the id of the event. None if the lease was lost: another process closed the row.
        """
        with transaction.atomic():
            held = Scan.objects.filter(pk=self.scan_id, state=ScanState.RUNNING)
            now = timezone.now()
            if not held.update(
                heartbeat_at=now,
                finished_at=now,
                state=ending.state,
                message=ending.message,
                error=ending.error,
                ignored=ending.ignored,
                emptied=[asdict(folder) for folder in ending.emptied],
                **asdict(ending.counts),
                **self._progress(),
            ):
                return None
            event_id = store(
                summary_of(
                    library_revision()[0],
                    ending.state,
                    ending.counts,
                    ending.message,
                    kept=sum(folder.tracks for folder in ending.emptied),
                )
            )
        _tidy_up()
        return event_id

    def close_other_work(
        self, state: ScanState, message: str, error: str = "", **columns: int | None
    ) -> int | None:
        """Close the row of a purge or other work, and store its event if it changed something.

        `columns`: further values for the row. Returns the event's id; None without an event or if
        the lease was lost.
        """
        with transaction.atomic():
            held = Scan.objects.filter(pk=self.scan_id, state=ScanState.RUNNING)
            now = timezone.now()
            if not held.update(
                heartbeat_at=now,
                finished_at=now,
                state=state,
                message=message,
                error=error,
                **columns,
            ):
                return None
            event_id = _store_event_of_other_work(Scan.objects.get(pk=self.scan_id), state)
        _tidy_up(_forget_earlier_rereading)
        return event_id

    def give_back(self) -> None:
        """Delete the row of work that has changed nothing. No change if the row is closed."""
        Scan.objects.filter(pk=self.scan_id, state=ScanState.RUNNING).delete()

    def _progress(self) -> dict[str, int | None]:
        return {name: getattr(self.progress, name) for name in _PROGRESS}


def acquire(options: ScanOptions, kind: ScanKind = ScanKind.SCAN, message: str = "") -> Lease:
    """Take the lease by inserting a running `Scan` row.

    `message`: for work that is not a scan, a sentence that says what is being done.
    A rereading that holds the lease loses it. Raises ScanAlreadyRuns if a scan or other work holds
    the lease and is not dead.
    """
    try:
        with transaction.atomic():
            running = Scan.objects.filter(state=ScanState.RUNNING).first()
            # What is closed here is rolled back if another process is quicker and INSERT fails.
            if running and is_dead(running):
                _close_dead(running)
            elif running and running.kind == ScanKind.REREAD != kind:
                _end_rereading(running.pk)
            elif running:
                raise ScanAlreadyRuns(_who_runs(running))
            scan = Scan.objects.create(
                kind=kind,
                trigger=options.trigger,
                host_name=socket.gethostname(),
                process_id=os.getpid(),
                folders=[
                    os.fsencode(folder).decode(errors="replace") for folder in options.folders
                ],
                is_full=options.full,
                message=message,
            )
    except IntegrityError:  # the constraint `scan_one_running`: another has begun just now
        raise ScanAlreadyRuns("Another scan or a purge has just begun.") from None
    return Lease(scan.pk)


def adopt(scan_id: int) -> Lease:
    """Become the holder of a lease that another process acquired for this one.

    Raises LeaseLost if that scan is no longer running.
    """
    taken = Scan.objects.filter(pk=scan_id, state=ScanState.RUNNING)
    if not taken.update(
        host_name=socket.gethostname(), process_id=os.getpid(), heartbeat_at=timezone.now()
    ):
        raise LeaseLost(f"Scan {scan_id} does not run any more.")
    # `renewed` in the past: the first check looks whether the scan has already been cancelled.
    return Lease(scan_id, renewed=-math.inf)


def is_dead(scan: Scan) -> bool:
    """Whether the process of a running scan has ended, or its heartbeat is too old."""
    if is_silent(scan):
        return True
    if scan.host_name != socket.gethostname() or scan.process_id is None:
        return False
    return is_gone(scan.process_id, scan.heartbeat_at.timestamp())


def as_it_stands(scan: Scan) -> Scan:
    """`scan`, changed in memory to "failed" if its process is dead and its row not yet closed."""
    if scan.state == ScanState.RUNNING and is_dead(scan):
        scan.state = ScanState.FAILED
        scan.finished_at = scan.heartbeat_at
        scan.message, scan.error = interrupted_message(scan.kind), INTERRUPTED_ERROR
    return scan


def is_silent(scan: Scan) -> bool:
    """Whether the last heartbeat of a running scan is older than EXPIRES_AFTER."""
    return timezone.now() - scan.heartbeat_at > EXPIRES_AFTER


def record_end(scan_id: int, state: ScanState, reason: str, last_words: str = "") -> int | None:
    """Close the row of a scan whose process has ended without doing so.

    `reason`: a sentence for the person who started the scan. `last_words`: the last output of the
    process, appended to the error. Returns the id of the event; None if the row was closed already.
    """
    scan = Scan.objects.filter(pk=scan_id, state=ScanState.RUNNING).first()
    if scan is None:
        return None
    what = "cancelled." if state == ScanState.CANCELLED else "failed:"
    error = reason if state == ScanState.FAILED else ""
    message = f"{WORK[ScanKind(scan.kind)]} {what} {reason}"
    return _close_dead(scan, state, message, error + last_words)


def close_dead_scans(watched: Container[int] = ()) -> list[int]:
    """Close the rows of all dead scans. Returns the ids of the events that were stored.

    A scan whose id is in `watched` is closed only if its heartbeat is too old: the thread that
    watches its process will otherwise close it, and knows better how it ended. Takes one query if
    no scan runs or the running one is alive, so any number of processes may call this often.
    """
    running = Scan.objects.filter(state=ScanState.RUNNING)
    dead = (scan for scan in running if (is_silent if scan.pk in watched else is_dead)(scan))
    return [event_id for scan in dead if (event_id := _close_dead(scan)) is not None]


def _close_dead(
    scan: Scan,
    state: ScanState = ScanState.FAILED,
    message: str = "",
    error: str = INTERRUPTED_ERROR,
) -> int | None:
    """Close the row of a dead scan, and store its event. Returns the event's id.

    None if another process closed the row or the scan has written a heartbeat since, or for other
    work than a scan that has no event.
    """
    message = message or interrupted_message(scan.kind)
    seen_dead = Scan.objects.filter(
        pk=scan.pk, state=ScanState.RUNNING, heartbeat_at=scan.heartbeat_at
    )
    counts = ScanCounts(**{name: getattr(scan, name) for name in _COUNTED})
    with transaction.atomic():
        if not seen_dead.update(
            state=state, finished_at=timezone.now(), message=message, error=error
        ):
            return None
        if scan.kind != ScanKind.SCAN:
            return _store_event_of_other_work(scan, state)
        return store(summary_of(library_revision()[0], state, counts, message))


def _end_rereading(scan_id: int) -> None:
    """Close the row of a rereading, in the caller's transaction, whatever it is doing. Its process
    gets LeaseLost when it next writes."""
    held = Scan.objects.filter(pk=scan_id, state=ScanState.RUNNING)
    if held.update(state=ScanState.COMPLETED, finished_at=timezone.now(), message=GAVE_WAY):
        _store_event_of_other_work(Scan.objects.get(pk=scan_id), ScanState.COMPLETED)


def _store_event_of_other_work(scan: Scan, state: ScanState) -> int | None:
    """Store the event of a purge that deleted something, or of a rereading that changed something
    that is shown, in the caller's transaction."""
    if not scan.revision:
        return None
    if scan.kind == ScanKind.PURGE:
        return store(summary_of_purge(state, scan.purged, scan.revision))
    return store(summary_of_reread(scan.revision)) if scan.kind == ScanKind.REREAD else None


def _who_runs(scan: Scan) -> str:
    where = f"at {scan.started_at:%H:%M:%S} UTC on {scan.host_name} (process {scan.process_id})."
    if scan.kind != ScanKind.SCAN:
        return f"{scan.message} That began {where}"
    return f"Another scan runs: number {scan.pk}, started by {scan.get_trigger_display()} {where}"


def _tidy_up(*others: Callable[[], None]) -> None:
    """Delete what need not be kept any more. The lease is closed already: an error is only logged,
    and the next scan or purge tries again."""
    try:
        for forget in (_forget_idle_scheduled_scans, *others):
            forget()
        Tombstone.objects.remove_old()
    except DatabaseError as error:
        logger.warning("Old rows of scans and tombstones could not be deleted: %s", error)


def _forget_earlier_rereading() -> None:
    """Each portion of the rereading has a row. Only the last one says how far it is."""
    rereading = Scan.objects.filter(kind=ScanKind.REREAD)
    newest = rereading.order_by("-pk").values_list("pk", flat=True).first() or 0
    rereading.filter(pk__lt=newest, failures=None).exclude(state=ScanState.RUNNING).delete()


def _forget_idle_scheduled_scans() -> None:
    idle = Scan.objects.scans().filter(
        trigger=ScanTrigger.SCHEDULE,
        state=ScanState.COMPLETED,
        failures=None,
        added=0,
        updated=0,
        moved=0,
        restored=0,
        missing=0,
    )
    kept = idle.order_by("-pk").values_list("pk", flat=True)[:KEPT_IDLE_SCHEDULED_SCANS]
    oldest_kept = min(kept, default=0)
    idle.filter(pk__lt=oldest_kept).delete()
