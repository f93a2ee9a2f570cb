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

import math
import os
import socket
import time
from dataclasses import asdict, astuple

from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext

from events.storage import store
from library.models.folders import Folder
from library.models.scan import Scan, ScanKind, ScanState
from library.queries.revision import library_revision
from library.scanning.closing import (
    close_dead,
    end_rereading,
    is_dead,
    store_event_of_other_work,
)
from library.scanning.errors import LeaseLost, ScanAlreadyRuns, ScanCancelled
from library.scanning.lookup import newest_id
from library.scanning.old_rows import delete_old_rows
from library.scanning.report import COUNTED, NOT_BEGUN, ScanCounts, ScanEnding, ScanOptions
from library.scanning.summary import summary_of
from library.scanning.upsert import Update

HEARTBEAT_SECONDS = 1.0

_PROGRESS = ("read", "to_read", "total")
_RENEWAL = Update(
    Scan,
    ("heartbeat_at", *COUNTED, *_PROGRESS, "revision", "purged"),
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
                    scan_id=self.scan_id,
                    kept=sum(folder.tracks for folder in ending.emptied),
                )
            )
        delete_old_rows()
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
            event_id = store_event_of_other_work(Scan.objects.get(pk=self.scan_id), state)
        delete_old_rows(of_rereading=True)
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
                close_dead(running)
            elif running and running.kind == ScanKind.REREAD != kind:
                end_rereading(running.pk)
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
                newest_folder_before=newest_id(Folder),
                message=message,
            )
    except IntegrityError:  # the constraint `scan_one_running`: another has begun just now
        raise ScanAlreadyRuns(gettext("Another scan or a purge has just begun.")) from None
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


def _who_runs(scan: Scan) -> str:
    values = {
        "what": scan.message,
        "number": scan.pk,
        "trigger": scan.get_trigger_display(),
        "time": f"{scan.started_at:%H:%M:%S}",
        "host": scan.host_name,
        "process": scan.process_id,
    }
    if scan.kind != ScanKind.SCAN:
        text = gettext("%(what)s That began at %(time)s UTC on %(host)s (process %(process)s).")
    else:
        text = gettext(
            "Another scan runs: number %(number)s, started by %(trigger)s at %(time)s UTC on "
            "%(host)s (process %(process)s)."
        )
    return text % values
