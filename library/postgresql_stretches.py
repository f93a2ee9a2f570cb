"""Many tracks on PostgreSQL, looked at in stretches, by two connections side by side.

A connection looks at rows on one core. PostgreSQL's own parallel workers are started anew for each
query, which takes as long as they save. So a thread with a connection of its own lends a hand where
it is free; what it has not begun, nobody waits for.
"""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from itertools import pairwise
from time import monotonic
from typing import Any

from django.db import connection
from django.db.models import Max, Min, Q

from library.models import Track
from library.models.catalogue import TrackQuerySet

_FEW_IDS = 20_000
_STRETCHES = 4
_SAMPLE = 2_000  # tracks
_KEPT_S = 60

Answer = dict[str, Any]
Parts = Iterator[tuple[int, TrackQuerySet]]
"""Numbered; each is given to one thread alone."""

_helper = ThreadPoolExecutor(1, thread_name_prefix="stretches")


def stretches_of(column: str) -> tuple[Q, ...]:
    """What cuts tracks into stretches of about one length, in the order of `column`; one where they
    are few.

    About, because a sample of less than a minute ago says where; each track is in one of them.
    """
    return kept_stretches(column, int(monotonic() / _KEPT_S))


@lru_cache(maxsize=16)
def kept_stretches(column: str, _minute: int) -> tuple[Q, ...]:
    bounds = list(dict.fromkeys(_quantiles(column)))
    if not bounds:
        return (Q(),)
    from_on, below = f"{column}__gte", f"{column}__lt"
    between = [Q(**{from_on: low, below: high}) for low, high in pairwise(bounds)]
    stretches = [Q(**{below: bounds[0]}), *between, Q(**{from_on: bounds[-1]})]
    if Track._meta.get_field(column).null:
        stretches.insert(0, Q(**{f"{column}__isnull": True}))
    return tuple(stretches)


def _quantiles(column: str) -> list[Any]:
    ends = Track.objects.aggregate(first=Min("pk"), last=Max("pk"))
    if ends["last"] is None or ends["last"] - ends["first"] < _FEW_IDS:
        return []
    percentage = min(100, 100 * _SAMPLE / (ends["last"] - ends["first"]))
    quote = connection.ops.quote_name
    sql = f"""
        SELECT PERCENTILE_DISC(%s::FLOAT8[]) WITHIN GROUP (ORDER BY {quote(column)})
        FROM {quote(Track._meta.db_table)} TABLESAMPLE SYSTEM (%s) WHERE missing_since IS NULL
    """  # noqa: S608  # names of ours
    with connection.cursor() as cursor:
        cursor.execute(sql, [[part / _STRETCHES for part in range(1, _STRETCHES)], percentage])
        (found,) = cursor.fetchone()
    return found or []


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
