"""Which state the library is in, for those who keep a list and ask whether it is still right."""

from datetime import UTC, datetime
from functools import reduce
from operator import or_

from django.db.models import Max, Q

from library.models.catalogue import Track
from library.models.scan import Scan

_CHANGES = ("added", "updated", "moved", "restored", "missing")
_NO_SCAN = (0, datetime.fromtimestamp(0, UTC))
_IS_CHANGE = reduce(or_, (Q(**{f"{name}__gt": 0}) for name in _CHANGES))


def library_revision() -> tuple[int, str]:
    """The revision, and what stands for all that is known: the scan that made it, by its number
    and its start, since numbers come again after a backup was restored; and how far it has come,
    since batch follows batch while it runs.

    By the scans, which stay: a purge may delete every track of the newest revision, and the tracks
    alone would lead back to a state that was another one.
    """
    scans = Scan.objects.filter(_IS_CHANGE).order_by("-pk")
    revision, started_at, *counts = (
        scans.values_list("pk", "started_at", *_CHANGES).first() or _NO_SCAN
    )
    of_tracks = Track.objects.aggregate(revision=Max("revision"))["revision"] or 0
    revision = max(revision, of_tracks)
    started_us = round(started_at.timestamp() * 1_000_000)
    return revision, f"{revision}-{started_us:x}-{'.'.join(map(str, counts))}"
