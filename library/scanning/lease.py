"""One scan at a time, over processes and hosts: the running `Scan` row is the lease.

Its holder renews the heartbeat with every batch and every few seconds between them. A lease whose
process is gone, or whose heartbeat is old, is taken over; a holder that wakes up after that finds
out at its next renewal, inside the transaction it would have written in, and stops. However a scan
ends, the transaction that closes its row stores the one event that says so.

Other work that no scan may run beside holds the same lease, see `other_work`. Its row leaves
neither an event nor a trace, however the work ends.
"""

import math
import os
import socket
import time
from collections.abc import Container
from dataclasses import asdict, astuple, fields
from datetime import timedelta

from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from events.storage import store
from library.models.scan import Scan, ScanState, ScanTrigger
from library.scanning.errors import LeaseLost, ScanAlreadyRuns, ScanCancelled
from library.scanning.processes import is_gone
from library.scanning.report import NOT_BEGUN, ScanCounts, ScanEnding, ScanOptions
from library.scanning.summary import INTERRUPTED_ERROR, INTERRUPTED_MESSAGE, summary_of
from library.scanning.upsert import Update

HEARTBEAT_SECONDS = 1.0
EXPIRES_AFTER = timedelta(seconds=60)
KEPT_IDLE_SCHEDULED_SCANS = 100

_COUNTED = tuple(each.name for each in fields(ScanCounts))
_PROGRESS = ("read", "to_read", "total")
_RENEWAL = Update(Scan, ("heartbeat_at", *_COUNTED, *_PROGRESS), where=("id", "state"))


class Lease:
    """Held from `acquire` to `close`."""

    def __init__(self, scan_id: int, *, renewed: float | None = None) -> None:
        """`renewed`: when it last was, by `time.monotonic`; None: just now."""
        self.scan_id = scan_id
        self.progress = NOT_BEGUN
        self._renewed = self._looked = time.monotonic() if renewed is None else renewed

    @property
    def is_due(self) -> bool:
        return time.monotonic() - self._renewed >= HEARTBEAT_SECONDS

    def renew(self, counts: ScanCounts) -> None:
        """Write heartbeat, counts and progress; part of the caller's transaction, if there is one.

        Raises LeaseLost when another scan took over.
        """
        now = connection.ops.adapt_datetimefield_value(timezone.now())
        values = (*astuple(counts), *self._progress().values())
        row = (now, *values, self.scan_id, ScanState.RUNNING.value)
        if not _RENEWAL.execute([row]):
            raise LeaseLost("Another scan took this one for dead and took over.")
        self._renewed = time.monotonic()
        self._looked = -math.inf

    def check_cancel_request(self) -> None:
        """Raises ScanCancelled when `cancel_requested` was set on the row, by whatever process.

        However often it is called, it looks after each batch and once in HEARTBEAT_SECONDS.
        """
        if time.monotonic() - self._looked < HEARTBEAT_SECONDS:
            return
        self._looked = time.monotonic()
        if Scan.objects.filter(pk=self.scan_id, cancel_requested=True).exists():
            raise ScanCancelled

    def close(self, ending: ScanEnding) -> int | None:
        """The end of the scan. Returns the number of the event that says so, which is stored with
        it or not at all; None for a lease that was lost: it is not closed a second time."""
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
                    self.scan_id,
                    ending.state,
                    ending.counts,
                    ending.message,
                    kept=sum(folder.tracks for folder in ending.emptied),
                )
            )
        _forget_idle_scheduled_scans()
        return event_id

    def _progress(self) -> dict[str, int | None]:
        return {name: getattr(self.progress, name) for name in _PROGRESS}


def acquire(options: ScanOptions, other_work: str = "") -> Lease:
    """The lease, as a new running `Scan`; `other_work` says what is done if it is no scan.

    Raises ScanAlreadyRuns when a living scan, or other work, holds the lease.
    """
    try:
        with transaction.atomic():
            running = Scan.objects.filter(state=ScanState.RUNNING).first()
            if running:
                if not is_dead(running):
                    raise ScanAlreadyRuns(_who_runs(running))
                _bury(running)  # a loser's insert fails below, and this is undone
            scan = Scan.objects.create(
                trigger=options.trigger,
                host_name=socket.gethostname(),
                process_id=os.getpid(),
                folders=[
                    os.fsencode(folder).decode(errors="replace") for folder in options.folders
                ],
                is_full=options.full,
                message=other_work,
            )
    except IntegrityError:  # the database allows one running row: another began at this moment
        raise ScanAlreadyRuns("Another scan or a purge has just begun.") from None
    return Lease(scan.pk)


def adopt(scan_id: int) -> Lease:
    """The lease that another process took with `acquire` for this one to hold.

    Raises LeaseLost when that scan runs no more.
    """
    taken = Scan.objects.filter(pk=scan_id, state=ScanState.RUNNING)
    if not taken.update(
        host_name=socket.gethostname(), process_id=os.getpid(), heartbeat_at=timezone.now()
    ):
        raise LeaseLost(f"Scan {scan_id} does not run any more.")
    return Lease(scan_id, renewed=-math.inf)  # cancelling it may have been asked for already


def is_dead(scan: Scan) -> bool:
    """Whether a running scan's process is known to be gone, or has been silent for too long."""
    if is_silent(scan):
        return True
    if scan.host_name != socket.gethostname() or scan.process_id is None:
        return False
    return is_gone(scan.process_id, scan.heartbeat_at.timestamp())


def as_it_stands(scan: Scan) -> Scan:
    """`scan`, shown as failed where its process died and nobody has recorded that yet."""
    if scan.state == ScanState.RUNNING and is_dead(scan):
        scan.state = ScanState.FAILED
        scan.finished_at = scan.heartbeat_at
        scan.message, scan.error = INTERRUPTED_MESSAGE, INTERRUPTED_ERROR
    return scan


def is_silent(scan: Scan) -> bool:
    """Whether it has given no sign of life for so long that it cannot be alive."""
    return timezone.now() - scan.heartbeat_at > EXPIRES_AFTER


def record_end(scan_id: int, state: ScanState, reason: str, last_words: str = "") -> int | None:
    """Close a scan whose process is gone and did not do so; the id of its summary event, if any.

    `reason` is for the person who started it, `last_words` what the process had to say.
    """
    scan = Scan.objects.filter(pk=scan_id, state=ScanState.RUNNING).first()
    if scan is None:
        return None
    what = "cancelled." if state == ScanState.CANCELLED else "failed:"
    error = reason if state == ScanState.FAILED else ""
    return _bury(scan, state, f"Music library scan {what} {reason}", error + last_words)


def bury_dead_scans(watched: Container[int] = ()) -> list[int]:
    """Close every scan that died without saying so. Returns the numbers of the events stored.

    Who watches the process of one of the `watched` scans knows better how it ended; of these only
    silence counts. One query while nothing is dead, so it may be called often, by any number of
    processes.
    """
    running = Scan.objects.filter(state=ScanState.RUNNING)
    dead = (scan for scan in running if (is_silent if scan.pk in watched else is_dead)(scan))
    return [event_id for scan in dead if (event_id := _bury(scan)) is not None]


def _bury(
    scan: Scan,
    state: ScanState = ScanState.FAILED,
    message: str = INTERRUPTED_MESSAGE,
    error: str = INTERRUPTED_ERROR,
) -> int | None:
    """Close a dead scan, with its event; None where another process did, or where it lives.

    The row of other work is deleted: there was no scan of which anything could be said.
    """
    seen_dead = Scan.objects.filter(
        pk=scan.pk, state=ScanState.RUNNING, heartbeat_at=scan.heartbeat_at
    )
    if scan.is_other_work:
        seen_dead.delete()
        return None
    counts = ScanCounts(**{name: getattr(scan, name) for name in _COUNTED})
    with transaction.atomic():
        if not seen_dead.update(
            state=state, finished_at=timezone.now(), message=message, error=error
        ):
            return None
        return store(summary_of(scan.pk, state, counts, message))


def _who_runs(scan: Scan) -> str:
    where = f"at {scan.started_at:%H:%M:%S} UTC on {scan.host_name} (process {scan.process_id})."
    if scan.is_other_work:
        return f"{scan.message} That began {where}"
    return f"Another scan runs: number {scan.pk}, started by {scan.get_trigger_display()} {where}"


def _forget_idle_scheduled_scans() -> None:
    idle = Scan.objects.filter(
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
