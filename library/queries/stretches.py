"""Aggregates over many tracks, computed by two database connections in parallel.

The tracks are split into stretches: ranges of the values of one column. The request's thread and
one helper thread, each with its own connection, take one stretch after another. A connection uses
only one core: SQLite has no parallel queries, and PostgreSQL starts its parallel workers anew for
each query, which takes as long as they save. If the helper thread is busy, the request computes all
stretches itself: it never waits for work that the helper has not started.
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
"""Numbered querysets, one for each stretch. Both threads take from the same iterator."""

_helper = ThreadPoolExecutor(1, thread_name_prefix="stretches")


def span_of_ids() -> range:
    """The range from the lowest to the highest id of a track, at most a minute old.

    Its length is an estimate of the number of tracks.
    """
    return kept_span(_minute())


def stretches_of(column: str) -> tuple[Q, ...]:
    """Conditions that split all tracks into stretches by the values of `column`, in its order.

    Each track fits exactly one condition. The stretches are about equally long; their bounds come
    from a sample that is at most a minute old. If there are few tracks, one condition fits all.
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
    """The values of `column` at which the stretches begin, except the first.

    The sample takes ids at equal distances: neighbouring ids are mostly tracks of one album.
    """
    some = Track.objects.present().filter(pk__in=span[:: max(1, len(span) // _SAMPLE)])
    values = sorted(value for (value,) in some.values_list(column) if value is not None)
    places = (part * len(values) // _STRETCHES for part in range(1, _STRETCHES))
    return list(dict.fromkeys(values[place] for place in places)) if values else []


def in_stretches(tracks: TrackQuerySet, stretches: Sequence[Q], **aggregates: Any) -> list[Answer]:
    """The result of `tracks.aggregate(**aggregates)` for each of `stretches`, in their order.

    Inside a transaction the helper thread is not used: its connection would not see rows that the
    transaction has not committed.
    Raises django.db.Error.
    """
    parts = [tracks.order_by().filter(each) for each in stretches]
    left = iter(enumerate(parts))
    is_alone = len(parts) == 1 or connection.in_atomic_block
    helped = None if is_alone else _helper.submit(_aggregate_in_helper, left, aggregates)
    found = dict(_aggregated(left, aggregates))
    if helped and len(found) == len(parts):
        helped.cancel()
    elif helped:
        found.update(helped.result())
    return [found[number] for number in range(len(parts))]


def _aggregate_in_helper(left: Parts, aggregates: dict[str, Any]) -> dict[int, Answer]:
    try:
        # Connecting may take a while. The request waits only for parts that were taken: so none is
        # taken before the connection is there.
        connection.ensure_connection()
        return dict(_aggregated(left, aggregates))
    finally:
        connection.close()


def _aggregated(left: Parts, aggregates: dict[str, Any]) -> Iterator[tuple[int, Answer]]:
    for number, part in left:
        yield number, part.aggregate(**aggregates)
