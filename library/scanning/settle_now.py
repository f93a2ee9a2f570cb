"""Works out some albums at once, without a scan, for what a person joined or parted."""

from collections.abc import Collection
from dataclasses import dataclass
from functools import partial

from library.models.scan import ScanKind, ScanState, ScanTrigger
from library.scanning.errors import LeaseLost, ScanAlreadyRuns
from library.scanning.other_work import held_for
from library.scanning.settling import Settling
from library.scanning.transactions import Transactions, retried

WORKING_OUT = "Albums are being worked out that somebody joined or parted."
WORKED_OUT = "Albums were joined or parted."


@dataclass(frozen=True, slots=True)
class SettledNow:
    """`event_id`: of the event, if anything changed that is shown."""

    event_id: int | None


def settle_now(folder_ids: Collection[int], trigger: ScanTrigger) -> SettledNow | None:
    """Work out the albums in these folders. None if a scan runs: it does so before it ends, since
    the folders are flagged."""
    try:
        with held_for(ScanKind.EDIT, WORKING_OUT, trigger) as lease:
            transactions = Transactions(lease)
            Settling(transactions, lambda: None).settle_folders(folder_ids)
            if not lease.revision:
                return SettledNow(None)
            close = partial(lease.close_other_work, ScanState.COMPLETED, WORKED_OUT)
            return SettledNow(retried(close))
    except (ScanAlreadyRuns, LeaseLost):
        return None
