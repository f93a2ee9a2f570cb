"""Aggregates of many tracks, which two connections to PostgreSQL find side by side.

A connection looks at rows on one core. PostgreSQL's own parallel workers are started anew for each
query, which takes as long as they save. So a thread with a connection of its own lends a hand where
it is free; what it has not begun, nobody waits for.
"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from time import monotonic
from typing import Any

from django.db import connection
from django.db.models import Max, Min

from library.models import Track
from library.models.catalogue import TrackQuerySet

_FEW_IDS = 20_000
_KEPT_S = 60

_helper = ThreadPoolExecutor(1, thread_name_prefix="halves")


def in_halves(tracks: TrackQuerySet, **aggregates: Any) -> list[dict[str, Any]]:
    """What `tracks.aggregate` gives, for each part of `tracks`: of two halves by their ids; of one
    part where they are few, or within a transaction, whose rows no other connection sees.

    Raises django.db.Error.
    """
    halves = _halves(tracks.order_by())
    parts = iter(halves)  # gives each to one thread alone
    lent = _helper.submit(_lend_a_hand, parts, aggregates) if len(halves) > 1 else None
    found = list(_aggregated(parts, aggregates))
    if lent is None:
        return found
    if len(found) == len(halves):
        lent.cancel()
        return found
    return [*found, *lent.result()]


def span_of_ids() -> tuple[int, int]:
    """From the first id to behind the last one: less than a minute ago, and so no more than a
    measure of how many tracks there are."""
    return span_of(int(monotonic() / _KEPT_S))


@lru_cache(maxsize=1)
def span_of(_minute: int) -> tuple[int, int]:
    ends = Track.objects.aggregate(first=Min("pk"), last=Max("pk"))
    return (0, 0) if ends["last"] is None else (ends["first"], ends["last"] + 1)


def _halves(tracks: TrackQuerySet) -> list[TrackQuerySet]:
    if connection.in_atomic_block:
        return [tracks]
    first, end = span_of_ids()
    if end - first < _FEW_IDS:
        return [tracks]
    middle = (first + end) // 2
    return [tracks.filter(pk__lt=middle), tracks.filter(pk__gte=middle)]


def _lend_a_hand(
    parts: Iterator[TrackQuerySet], aggregates: dict[str, Any]
) -> list[dict[str, Any]]:
    try:
        connection.ensure_connection()  # may have to wait for one: before a part is taken
        return list(_aggregated(parts, aggregates))
    finally:
        connection.close()


def _aggregated(
    parts: Iterator[TrackQuerySet], aggregates: dict[str, Any]
) -> Iterator[dict[str, Any]]:
    for part in parts:
        yield part.aggregate(**aggregates)
