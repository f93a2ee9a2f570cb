"""Deletes rows that need not be kept any more: of idle scans that the schedule or the watcher
started, of portions of a rereading, old tombstones, and joins of tracks as old as these."""

import logging

from django.db import DatabaseError

from library.models.joins import Join
from library.models.scan import Scan, ScanKind, ScanState, ScanTrigger
from library.models.tombstones import Tombstone

KEPT_IDLE_SCANS = 100

logger = logging.getLogger(__name__)


def delete_old_rows(*, of_rereading: bool = False) -> None:
    """Delete what need not be kept any more. The lease is closed already: an error is only logged,
    and the next scan or purge tries again."""
    try:
        for trigger in (ScanTrigger.SCHEDULE, ScanTrigger.WATCH):
            _forget_idle_scans(trigger)
        if of_rereading:
            _forget_earlier_rereading()
        Tombstone.objects.remove_old()
        Join.objects.remove_old()
    except DatabaseError as error:
        logger.warning("Old rows of scans and tombstones could not be deleted: %s", error)


def _forget_earlier_rereading() -> None:
    """Each portion of the rereading has a row. Only the last one says how far it is."""
    rereading = Scan.objects.filter(kind=ScanKind.REREAD)
    newest = rereading.order_by("-pk").values_list("pk", flat=True).first() or 0
    rereading.filter(pk__lt=newest, failures=None).exclude(state=ScanState.RUNNING).delete()


def _forget_idle_scans(trigger: ScanTrigger) -> None:
    idle = Scan.objects.scans().filter(
        trigger=trigger,
        state=ScanState.COMPLETED,
        failures=None,
        added=0,
        updated=0,
        moved=0,
        restored=0,
        joined=0,
        missing=0,
        playlists=0,
    )
    kept = idle.order_by("-pk").values_list("pk", flat=True)[:KEPT_IDLE_SCANS]
    oldest_kept = min(kept, default=0)
    idle.filter(pk__lt=oldest_kept).delete()
