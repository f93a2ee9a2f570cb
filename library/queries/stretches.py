"""Many tracks, looked at in stretches, by two connections side by side.

A connection looks at rows on one core; PostgreSQL's own parallel workers are started anew for each
query, which takes as long as they save, and SQLite has none. So a thread with a connection of its
own lends a hand where it is free; what it has not begun, nobody waits for.
"""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from itertools import pairwise
from time import monotonic
from typing import Any

from django.db import connection
from django.db.models import Max, Min, Q

from library.models.catalogue import Track, TrackQuerySet

_FEW_IDS = 20_000
_STRETCHES = 4
_SAMPLE = 400  # tracks
_KEPT_S = 60

Answer = dict[str, Any]
Parts = Iterator[tuple[int, TrackQuerySet]]
"""Numbered; each is given to one thread alone."""

_helper = ThreadPoolExecutor(1, thread_name_prefix="stretches")


def span_of_ids() -> range:
    """From the first to the last, of less than a minute ago: a measure of how many tracks there
    are."""
    return kept_span(_minute())


def stretches_of(column: str) -> tuple[Q, ...]:
    """What cuts tracks into stretches of about one length, in the order of `column`; one where they
    are few.

    About, because a sample of less than a minute ago says where; each track is in one of them.
    """
    return kept_stretches(column, _minute())


def _minute() -> int:
    return int(monotonic() / _KEPT_S)


@lru_cache(maxsize=1)
def kept_span(_minute: int) -> range:
    ends = Track.objects.aggregate(first=Min("pk"), last=Max("pk"))
    return range(0) if ends["last"] is None else range(ends["first"], ends["last"] + 1)


@lru_cache(maxsize=16)
def kept_stretches(column: str, _minute: int) -> tuple[Q, ...]:
    span = span_of_ids()
    bounds = _quantiles(column, span) if len(span) >= _FEW_IDS else []
    if not bounds:
        return (Q(),)
    from_on, below = f"{column}__gte", f"{column}__lt"
    between = [Q(**{from_on: low, below: high}) for low, high in pairwise(bounds)]
    stretches = [Q(**{below: bounds[0]}), *between, Q(**{from_on: bounds[-1]})]
    if Track._meta.get_field(column).null:
        stretches.insert(0, Q(**{f"{column}__isnull": True}))
    return tuple(stretches)


def _quantiles(column: str, span: range) -> list[Any]:
    """Of tracks from all over: those of an album have neighbouring ids."""
    some = Track.objects.present().filter(pk__in=span[:: max(1, len(span) // _SAMPLE)])
    values = sorted(value for (value,) in some.values_list(column) if value is not None)
    places = (part * len(values) // _STRETCHES for part in range(1, _STRETCHES))
    return list(dict.fromkeys(values[place] for place in places)) if values else []


def in_stretches(tracks: TrackQuerySet, stretches: Sequence[Q], **aggregates: Any) -> list[Answer]:
    """What `tracks.aggregate` gives, for each of `stretches`. Within a transaction, whose rows no
    other connection sees, nobody lends a hand.

    Raises django.db.Error.
    """
    parts = [tracks.order_by().filter(each) for each in stretches]
    left = iter(enumerate(parts))
    is_alone = len(parts) == 1 or connection.in_atomic_block
    lent = None if is_alone else _helper.submit(_lend_a_hand, left, aggregates)
    found = dict(_aggregated(left, aggregates))
    if lent and len(found) == len(parts):
        lent.cancel()
    elif lent:
        found.update(lent.result())
    return [found[number] for number in range(len(parts))]


def _lend_a_hand(left: Parts, aggregates: dict[str, Any]) -> dict[int, Answer]:
    try:
        connection.ensure_connection()  # may have to wait for one: before a part is taken
        return dict(_aggregated(left, aggregates))
    finally:
        connection.close()


def _aggregated(left: Parts, aggregates: dict[str, Any]) -> Iterator[tuple[int, Answer]]:
    for number, part in left:
        yield number, part.aggregate(**aggregates)
