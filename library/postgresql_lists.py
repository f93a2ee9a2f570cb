"""What lists ask PostgreSQL. It is another process, to which sending an id costs as much as finding
it: as few are sent as will do."""

from array import array
from collections.abc import Iterator
from itertools import chain
from math import isqrt
from threading import Lock
from typing import Any

from django.db import connection
from django.db.models import (
    BigIntegerField,
    BooleanField,
    Count,
    ExpressionWrapper,
    F,
    Func,
    Q,
    QuerySet,
)

from library.ids import IdList
from library.models import Track
from library.models.catalogue import TrackQuerySet
from library.postgresql_halves import in_halves

_SAMPLE = 2_000
_CHUNK = 5_000
_HALF = 2**63


class RandomKey(Func):
    """Of an id and a seed: PostgreSQL's own hash, evenly spread over all numbers of 64 bits."""

    function = "HASHINT8EXTENDED"
    output_field = BigIntegerField()


def shuffled(tracks: TrackQuerySet, seed: int) -> QuerySet[Any]:
    """In an order that looks random, is the same whenever the seed is, and stays as it is where
    tracks come and go."""
    return tracks.order_by(RandomKey(F("pk"), seed), "pk")


def shuffled_part(tracks: TrackQuerySet, count: int, seed: int, start: int, stop: int) -> list[int]:
    """The ids of `shuffled(tracks, seed)[start:stop]` of these `count` tracks, without sorting all.

    As `orders.shuffled_part` does it: by what can be told of their keys beforehand.
    """
    slack = 4 * isqrt(count)
    low, high = (_key_at(place, count) for place in (start - slack, stop + slack))
    is_near = Q(key__gte=low, key__lt=high)
    halves = in_halves(
        tracks.annotate(key=RandomKey(F("pk"), seed)),
        before=Count("pk", filter=Q(key__lt=low)),
        keys=IdList("key", filter=is_near),
        ids=IdList("pk", filter=is_near),
    )
    before = sum(half["before"] for half in halves)
    near = zip(_lists(halves, "keys"), _lists(halves, "ids"), strict=True)
    found = [pk for _, pk in sorted(near)]
    if before <= start and stop <= before + len(found):
        return found[start - before : stop - before]
    return list(shuffled(tracks, seed).values_list("pk", flat=True)[start:stop])


def _key_at(place: int, count: int) -> int:
    return min(max(place * 2 * _HALF // count - _HALF, -_HALF), _HALF - 1)


def do_most_match(tracks: TrackQuerySet, condition: Q) -> bool:
    """By the first of them, whatever these are."""
    told = ExpressionWrapper(condition, BooleanField())
    first = tracks.order_by().annotate(matches=told).values("pk", "matches")[:_SAMPLE]
    counts = first.aggregate(all=Count("pk"), found=Count("pk", filter=Q(matches=True)))
    return bool(2 * counts["found"] > counts["all"])


def others(tracks: TrackQuerySet, condition: Q) -> tuple[int, list[int]]:
    """How many of `tracks` match, and the ids of those that do not."""
    halves = in_halves(tracks, all=Count("pk"), ids=IdList("pk", filter=~condition))
    ids = list(_lists(halves, "ids"))
    return sum(half["all"] for half in halves) - len(ids), ids


def matches(tracks: TrackQuerySet, condition: Q) -> list[int]:
    """The ids of those of `tracks` that match, in any order."""
    return list(_lists(in_halves(tracks.filter(condition), ids=IdList("pk")), "ids"))


def _lists(halves: list[dict[str, Any]], name: str) -> Iterator[int]:
    return chain.from_iterable(half[name] or () for half in halves)


def length() -> int:
    """About how many tracks there are, present or not, as the planner has it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT reltuples FROM pg_class WHERE oid = %s::regclass", [Track._meta.db_table]
        )
        (rows,) = cursor.fetchone()
    return int(rows)


class IdsInOrder:
    """The ids of `rows`, fetched as far as somebody wants them and then held.

    In a few arrays: all rows of a query are sent at once, and each takes the driver longer to take
    apart than it takes the database to find it.
    """

    def __init__(self, rows: QuerySet[Any]) -> None:
        self._sql, self._parameters = rows.values_list("pk").query.sql_with_params()
        self._parts: list[array[int]] = []
        self._length = 0
        self._is_whole = False
        self._lock = Lock()  # of two threads that want the same, one fetches it

    def ids(self, about: int) -> Iterator[int]:
        """All of them, for one who wants about so many."""
        return chain.from_iterable(self._all_parts(about))

    def _all_parts(self, about: int) -> Iterator["array[int]"]:
        number = 0
        while self._reaches(number, about):
            yield self._parts[number]
            number += 1

    def _reaches(self, number: int, about: int) -> bool:
        with self._lock:
            if number == len(self._parts) and not self._is_whole:
                self._fetch(max(_CHUNK, about + about // 8 - self._length, self._length // 8))
            return number < len(self._parts)

    def _fetch(self, size: int) -> None:
        part = f"SELECT ARRAY({self._sql} OFFSET {self._length} LIMIT {size})"
        with connection.cursor() as cursor:
            cursor.execute(part, self._parameters)
            (ids,) = cursor.fetchone()
        self._parts.append(array("q", ids))
        self._length += len(ids)
        self._is_whole = len(ids) < size
