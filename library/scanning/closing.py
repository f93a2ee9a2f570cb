"""Closes the rows of scans and of other work whose process cannot do so: it is dead, or its
rereading has to give way. Stores the event that such a row owes."""

import socket
from collections.abc import Container
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from events.storage import store
from library.models.scan import Scan, ScanKind, ScanState
from library.queries.revision import library_revision
from library.scanning.processes import is_gone
from library.scanning.report import COUNTED, ScanCounts
from library.scanning.summary import (
    GAVE_WAY,
    INTERRUPTED_ERROR,
    WORK,
    interrupted_message,
    summary_of,
    summary_of_purge,
    summary_of_reread,
)

EXPIRES_AFTER = timedelta(seconds=60)


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


def latest_scan() -> Scan | None:
    """The running scan, else the last one; never a purge or other work. As it stands."""
    scan = Scan.objects.scans().order_by("-pk").first()
    return scan and as_it_stands(scan)


def last_scan_ended_at() -> datetime | None:
    """When the last scan that is over ended; None before the first."""
    ended = Scan.objects.scans().filter(finished_at__isnull=False).order_by("-pk")
    return ended.values_list("finished_at", flat=True).first()


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
    return close_dead(scan, state, message, error + last_words)


def close_dead_scans(watched: Container[int] = ()) -> list[int]:
    """Close the rows of all dead scans. Returns the ids of the events that were stored.

    A scan whose id is in `watched` is closed only if its heartbeat is too old: the thread that
    watches its process will otherwise close it, and knows better how it ended. Takes one query if
    no scan runs or the running one is alive, so any number of processes may call this often.
    """
    running = Scan.objects.filter(state=ScanState.RUNNING)
    dead = (scan for scan in running if (is_silent if scan.pk in watched else is_dead)(scan))
    return [event_id for scan in dead if (event_id := close_dead(scan)) is not None]


def close_dead(
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
    counts = ScanCounts(**{name: getattr(scan, name) for name in COUNTED})
    with transaction.atomic():
        if not seen_dead.update(
            state=state, finished_at=timezone.now(), message=message, error=error
        ):
            return None
        if scan.kind != ScanKind.SCAN:
            return store_event_of_other_work(scan, state)
        return store(summary_of(library_revision()[0], state, counts, message, scan_id=scan.pk))


def end_rereading(scan_id: int) -> None:
    """Close the row of a rereading, in the caller's transaction, whatever it is doing. Its process
    gets LeaseLost when it next writes."""
    held = Scan.objects.filter(pk=scan_id, state=ScanState.RUNNING)
    if held.update(state=ScanState.COMPLETED, finished_at=timezone.now(), message=GAVE_WAY):
        store_event_of_other_work(Scan.objects.get(pk=scan_id), ScanState.COMPLETED)


def store_event_of_other_work(scan: Scan, state: ScanState) -> int | None:
    """Store the event of a purge that deleted something, or of a rereading or an edit that changed
    something that is shown, in the caller's transaction."""
    if not scan.revision:
        return None
    if scan.kind == ScanKind.PURGE:
        return store(summary_of_purge(state, scan.purged, scan.revision))
    if scan.kind in {ScanKind.REREAD, ScanKind.EDIT}:
        return store(summary_of_reread(scan.revision))
    return None
