"""Works out some albums at once, without a scan, for what a person joined or parted."""

import time
from collections.abc import Collection
from dataclasses import dataclass
from functools import partial

from library.models.scan import Scan, ScanKind, ScanState, ScanTrigger
from library.scanning.errors import LeaseLost, ScanAlreadyRuns
from library.scanning.lease import Lease
from library.scanning.other_work import held_for
from library.scanning.settling import Settling
from library.scanning.transactions import Transactions, retried

WORKING_OUT = "Albums are being worked out that somebody joined or parted."
WORKED_OUT = "Albums were joined or parted."
WAITS_FOR_EDITS_S = 5.0
PAUSE_S = 0.05


@dataclass(frozen=True, slots=True)
class SettledNow:
    """`event_id`: of the event, if anything changed that is shown."""

    event_id: int | None


def settle_now(folder_ids: Collection[int], trigger: ScanTrigger) -> SettledNow | None:
    """Work out the albums in these folders, after those that another person joins or parts at the
    same time. None if a scan or other work runs: that scan, or else the next one, works them out,
    since the folders are flagged."""
    until = time.monotonic() + WAITS_FOR_EDITS_S
    while True:
        try:
            with held_for(ScanKind.EDIT, WORKING_OUT, trigger) as lease:
                return _settle(lease, folder_ids)
        except LeaseLost:
            return None
        except ScanAlreadyRuns:
            if not _does_another_edit() or time.monotonic() > until:
                return None
            time.sleep(PAUSE_S)


def _settle(lease: Lease, folder_ids: Collection[int]) -> SettledNow:
    Settling(Transactions(lease), lambda: None).settle_folders(folder_ids)
    if not lease.revision:
        return SettledNow(None)
    close = partial(lease.close_other_work, ScanState.COMPLETED, WORKED_OUT)
    return SettledNow(retried(close))


def _does_another_edit() -> bool:
    """Whether nothing but an edit is in the way, which may have ended just now."""
    running = Scan.objects.filter(state=ScanState.RUNNING)
    return not running.exclude(kind=ScanKind.EDIT).exists()
