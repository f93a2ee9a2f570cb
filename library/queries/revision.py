"""The revision of the library: a number and a token by which a client, or a cache, recognises that
a list it holds is still up to date."""

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
    """The revision, and a token that changes whenever any track changes.

    The revision is the id of the newest scan that changed anything. The token adds the start time
    of that scan, because ids repeat after a backup is restored, and its counts, because a running
    scan commits one batch after another.

    The revision comes from the scans' rows, which are never deleted. The tracks alone would not do:
    a purge may delete every track of the newest revision, and an earlier revision would return.
    """
    scans = Scan.objects.filter(_IS_CHANGE).order_by("-pk")
    revision, started_at, *counts = (
        scans.values_list("pk", "started_at", *_CHANGES).first() or _NO_SCAN
    )
    of_tracks = Track.objects.aggregate(revision=Max("revision"))["revision"] or 0
    revision = max(revision, of_tracks)
    started_us = round(started_at.timestamp() * 1_000_000)
    return revision, f"{revision}-{started_us:x}-{'.'.join(map(str, counts))}"
