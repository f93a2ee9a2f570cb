"""Raises the revision for scans of servers of the version before, which know nothing of it.

While several servers are upgraded one after the other, the older ones go on scanning the database
that the first has brought up to date. Lists of the newer servers would then answer 304 for content
that such a scan has changed. So the schedule of each newer server looks for those scans.

The next version of mus will not need this module: the version before it raises the revision itself.
"""

from functools import reduce
from operator import or_

from django.db import transaction
from django.db.models import Q

from library.models.revision import NextRevision, Revision
from library.models.scan import Scan, ScanState

_CHANGES = ("added", "updated", "moved", "restored", "missing")
_HAS_CHANGED = reduce(or_, (Q(**{f"{name}__gt": 0}) for name in _CHANGES))
_LATEST = 5
"""How many rows are looked at: more than scans end in a second."""


def raise_for_older_servers() -> None:
    """Call this about once a second. Takes one query where no older server has scanned.

    The row of a running scan does not tell which of its changes are new. So each call raises the
    revision while such a scan runs, and once more after its end. Then the row gets that revision,
    so that later calls leave the scan out.
    """
    latest = Scan.objects.order_by("-pk").values_list("pk", "revision")[:_LATEST]
    unknown = [pk for pk, revision in latest if revision is None]
    if unknown:
        with transaction.atomic():
            _raise_for(unknown)


def _raise_for(scan_ids: list[int]) -> None:
    revision = NextRevision()
    changed = Scan.objects.filter(_HAS_CHANGED, pk__in=scan_ids, revision=None)
    for scan in changed.select_for_update():
        # The older server gave the tracks the id of the scan as their revision.
        Revision.objects.filter(number__lt=scan.pk).update(number=scan.pk)
        number = revision.number
        if scan.state != ScanState.RUNNING:
            Scan.objects.filter(pk=scan.pk).update(revision=number)
