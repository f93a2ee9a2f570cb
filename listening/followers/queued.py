"""Which tracks stand in queues, asked for each portion of a purge."""

import json
import time
from array import array
from bisect import bisect_left
from collections.abc import Collection
from datetime import datetime

from listening.models import PlayQueue

KEPT_S = 600.0
"""Queues change: what was in one for some time is kept for so long, for a purge of many tracks."""
MOST_KEPT = 1_000_000
"""So many ids take 8 MB. If there are more, all queues are read each time."""

_Version = tuple[int, int, datetime]


class QueuedTracks:
    """The ids in all queues. A queue is read once for each of its versions."""

    def __init__(self) -> None:
        self._forget()

    def among(self, ids: Collection[int]) -> set[int]:
        """Those of these tracks that stand in a queue, or did a short while ago."""
        if time.monotonic() - self._since_s > KEPT_S:
            self._forget()
        self._read_new()
        found = {pk for pk in ids if self._has(pk)}
        if len(self._ids) > MOST_KEPT:
            self._forget()
        return found

    def _forget(self) -> None:
        self._since_s = time.monotonic()
        self._versions = set[_Version]()
        self._ids = array("q")

    def _read_new(self) -> None:
        # Entries are never changed without a new number; the time tells apart two databases.
        versions = {*PlayQueue.objects.order_by().values_list("pk", "number", "changed_at")}
        new = versions - self._versions
        if new:
            self._ids = array("q", sorted({*self._ids, *_entries_of([pk for pk, *_ in new])}))
        self._versions = versions

    def _has(self, pk: int) -> bool:
        place = bisect_left(self._ids, pk)
        return place < len(self._ids) and self._ids[place] == pk


def _entries_of(queue_ids: Collection[int]) -> set[int]:
    found = set[int]()
    for pk in queue_ids:  # one after the other: a long queue takes a megabyte
        for entries in PlayQueue.objects.filter(pk=pk).values_list("entries", flat=True):
            found.update(json.loads(entries))
    return found
