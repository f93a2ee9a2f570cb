"""What lists of tracks ask PostgreSQL. It is another process, to which sending an id costs as much
as finding it: none is sent but those of a page."""

from collections.abc import Iterator, Sequence
from functools import lru_cache, partial
from itertools import chain
from math import isqrt
from typing import Any

from django.db import connection
from django.db.models import BigIntegerField, BooleanField, Count, F, Func, Q, QuerySet, Value

from library.ids import IdList, Page, ids_of
from library.models import Track
from library.models.catalogue import TrackQuerySet
from library.postgresql_stretches import in_stretches, stretches_of

KEPT_COUNTS = 64
ANY_ORDER = "title_key"
"""Where none is asked for: few titles are on many tracks, so that stretches are of one length."""

_HALF = 2**63

Counts = tuple[tuple[Q, int], ...]
"""Stretches of an order, and how many tracks match in each."""

_last_counts: dict[str, int] = {}
"""By search, whatever came since."""


class IsOneOf(Func):
    """Whether an id is in an array, of which PostgreSQL makes a table of hashes."""

    template = "(%(expressions)s::BIGINT[]))"
    arg_joiner = " = ANY("
    output_field = BooleanField()


class RandomKey(Func):
    """Of an id and a seed: PostgreSQL's own hash, evenly spread over all numbers of 64 bits."""

    function = "HASHINT8EXTENDED"
    output_field = BigIntegerField()


def counted(search: str, key: str, state: str | None = None) -> Counts:
    """How many present tracks match `search`, in each stretch of an order that begins with `key`,
    which has a `-` before it where the order is turned round.

    The index of any order holds what is searched.
    """
    count = _counted if state is None else partial(kept_counts, state)
    counts = count(search, key.removeprefix("-"))
    return counts[::-1] if key.startswith("-") else counts


@lru_cache(maxsize=KEPT_COUNTS)
def kept_counts(_state: str, search: str, column: str) -> Counts:
    """Who scrolls asks for page after page of the same."""
    return _counted(search, column)


def _counted(search: str, column: str) -> Counts:
    stretches = stretches_of(column)
    found = in_stretches(Track.objects.present().search(search), stretches, count=Count("pk"))
    counts = [one["count"] for one in found]
    _remember(search, sum(counts))
    return tuple(zip(stretches, counts, strict=True))


def _remember(search: str, count: int) -> None:
    if len(_last_counts) >= KEPT_COUNTS:
        _last_counts.clear()
    _last_counts[search] = count


def part(rows: TrackQuerySet, counts: Counts, start: int, stop: int) -> list[int]:
    """The ids of `rows[start:stop]`, looked for in the stretches that hold them alone. `counts` are
    those of the rows, in their order."""
    ids: list[int] = []
    for stretch, count in counts:
        if start < count and stop > 0:
            ids += _between(rows.filter(stretch), count, max(start, 0), min(stop, count))
        start, stop = start - count, stop - count
    return ids


def _between(rows: TrackQuerySet, count: int, start: int, stop: int) -> list[int]:
    if start + stop <= count:
        return list(ids_of(rows[start:stop]))
    return list(ids_of(rows.reverse()[count - stop : count - start]))[::-1]  # from the nearer end


def among(ids: Sequence[int]) -> TrackQuerySet:
    return Track.objects.filter(IsOneOf(F("pk"), Value(_array(ids))))


def shuffled(tracks: TrackQuerySet, seed: int) -> QuerySet[Any]:
    """In an order that looks random, is the same whenever the seed is, and stays as it is where
    tracks come and go."""
    return tracks.order_by(RandomKey(F("pk"), seed), "pk")


def shuffled_page(search: str, seed: int, start: int, limit: int) -> Page:
    """Of `shuffled`: what is found by a search, or all.

    The keys are spread evenly, so those of a page lie between two numbers that can be told
    beforehand, from how many tracks there are and the luck of the draw, for which eight standard
    deviations are left. How many there were the last time will do: if it does not, a second look
    knows it.
    """
    tracks = Track.objects.present().search(search)
    if (likely := _last_counts.get(search)) is None:
        likely = sum(count for _, count in _counted(search, ANY_ORDER))
    count, found = _shuffled(tracks, likely, seed, start, limit)
    if found is None:
        count, found = _shuffled(tracks, count, seed, start, limit)
    _remember(search, count)
    if found is None:
        found = list(ids_of(shuffled(tracks, seed)[start : start + limit]))
    return Page(count, found)


def _shuffled(
    tracks: TrackQuerySet, likely: int, seed: int, start: int, limit: int
) -> tuple[int, list[int] | None]:
    """How many there are, and the page, where they are about as many as is likely."""
    slack = 4 * isqrt(likely) + likely // 100
    low, high = (_key_at(place, likely) for place in (start - slack, start + limit + slack))
    is_near = Q(key__gte=low, key__lt=high)
    parts = in_stretches(
        tracks.annotate(key=RandomKey(F("pk"), seed)),
        stretches_of(ANY_ORDER),
        count=Count("pk"),
        before=Count("pk", filter=Q(key__lt=low)),
        keys=IdList("key", filter=is_near),
        ids=IdList("pk", filter=is_near),
    )
    count, before = (sum(each[name] for each in parts) for name in ("count", "before"))
    near = sorted(zip(_lists(parts, "keys"), _lists(parts, "ids"), strict=True))
    stop = min(start + limit, count)
    if start >= stop:
        return count, []
    is_whole = before <= start and stop <= before + len(near)
    return count, [pk for _, pk in near[start - before : stop - before]] if is_whole else None


def shuffled_part(ids: Sequence[int], seed: int, start: int, stop: int) -> list[int]:
    """The same of tracks whose ids are known, without looking at any."""
    sql = f"""
        SELECT id FROM UNNEST(%s::BIGINT[]) AS id ORDER BY {RandomKey.function}(id, %s), id
        OFFSET %s LIMIT %s
    """  # noqa: S608  # a name of a function, not of anybody's
    with connection.cursor() as cursor:
        cursor.execute(sql, [_array(ids), seed, start, stop - start])
        return [pk for (pk,) in cursor.fetchall()]


def _array(ids: Sequence[int]) -> str:
    """As PostgreSQL reads one: over a list the driver takes three times as long, and Django over
    each id alone."""
    return f"{{{','.join(map(str, ids))}}}"


def _key_at(place: int, count: int) -> int:
    return min(max(place * 2 * _HALF // max(count, 1) - _HALF, -_HALF), _HALF - 1)


def _lists(parts: list[dict[str, Any]], name: str) -> Iterator[int]:
    return chain.from_iterable(each[name] or () for each in parts)
