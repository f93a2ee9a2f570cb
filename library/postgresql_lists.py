"""What lists ask PostgreSQL. It is another process, to which sending an id costs as much as finding
it: as few are sent as will do."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import chain, filterfalse, islice
from math import isqrt
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
    Value,
)

from library.ids import IdList, ids_of
from library.models import Track
from library.models.catalogue import TrackQuerySet, found_by
from library.postgresql_halves import in_halves, span_of_ids

_SAMPLE = 2_000
_NEAR = 2_500  # ids in order, sent sooner than an array is looked at
_HALF = 2**63


@dataclass(frozen=True)
class Matching:
    """How many present tracks match, and which: those whose ids these are, or all others."""

    count: int
    ids: frozenset[int]
    are_others: bool

    @cached_property
    def array(self) -> str:
        """The ids as PostgreSQL reads an array: over a list the driver takes three times as long,
        and Django over each id alone."""
        return f"{{{','.join(map(str, self.ids))}}}"

    @property
    def condition(self) -> Q:
        is_named = Q(IsOneOf(F("pk"), Value(self.array)))
        return ~is_named if self.are_others else is_named

    def among(self, ids: Iterable[int]) -> Iterator[int]:
        choose = filterfalse if self.are_others else filter
        return choose(self.ids.__contains__, ids)


class IsOneOf(Func):
    """Whether an id is in an array, of which PostgreSQL makes a table of hashes."""

    template = "(%(expressions)s::BIGINT[]))"
    arg_joiner = " = ANY("
    output_field = BooleanField()


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


def shuffled_among(matching: Matching, seed: int, start: int, stop: int) -> list[int]:
    """The same of tracks whose ids are known, without looking at any."""
    sql = f"""
        SELECT id FROM UNNEST(%s::BIGINT[]) AS id ORDER BY {RandomKey.function}(id, %s), id
        OFFSET %s LIMIT %s
    """  # noqa: S608  # a name of a function, not of anybody's
    with connection.cursor() as cursor:
        cursor.execute(sql, [matching.array, seed, start, stop - start])
        return [pk for (pk,) in cursor.fetchall()]


def _key_at(place: int, count: int) -> int:
    return min(max(place * 2 * _HALF // count - _HALF, -_HALF), _HALF - 1)


def part(rows: QuerySet[Any], matching: Matching, start: int, stop: int) -> list[int]:
    """The ids of those that match, from number `start` to `stop` in the order of `rows`: of all
    present tracks."""
    if start >= stop:
        return []
    first_id, end_id = span_of_ids()
    about = max(stop, stop * (end_id - first_id) // matching.count)
    # An id that is sent there, to choose by, costs twice as much as one that is sent from there.
    if about <= max(_NEAR, 2 * len(matching.ids)):
        first = ids_of(rows[: max(2 * _NEAR, about + about // 4)])
        found = list(islice(matching.among(first), start, stop))
        if len(found) == stop - start:
            return found
    return list(ids_of(rows.filter(matching.condition)[start:stop]))


def searched(search: str) -> Matching:
    present, condition = Track.objects.present(), found_by(search)
    first_id, end_id = span_of_ids()
    if do_most_match(search, (end_id - first_id).bit_length()):
        halves = in_halves(present, all=Count("pk"), ids=IdList("pk", filter=~condition))
        others = frozenset(_lists(halves, "ids"))
        count = sum(half["all"] for half in halves) - len(others)
        return Matching(count, others, are_others=True)
    found = frozenset(_lists(in_halves(present.filter(condition), ids=IdList("pk")), "ids"))
    return Matching(len(found), found, are_others=False)


@lru_cache(maxsize=64)
def do_most_match(search: str, _magnitude: int) -> bool:
    """By the first tracks, whatever these are: a guess, as good until there are twice as many."""
    told = ExpressionWrapper(found_by(search), BooleanField())
    first = Track.objects.present().order_by().annotate(matches=told).values("pk", "matches")
    counts = first[:_SAMPLE].aggregate(all=Count("pk"), found=Count("pk", filter=Q(matches=True)))
    return bool(2 * counts["found"] > counts["all"])


def _lists(halves: list[dict[str, Any]], name: str) -> Iterator[int]:
    return chain.from_iterable(half[name] or () for half in halves)
