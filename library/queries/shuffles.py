"""Shuffled lists of tracks.

Tracks are sorted by a number that is computed from the track's id and a seed. So the same seed
gives the same order on every server and both databases, and the order of the other tracks stays
when tracks are added or removed.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import blake2b
from itertools import chain
from math import isqrt
from typing import Any

from django.db.models import BigIntegerField, Count, ExpressionWrapper, F, Q
from django.db.models.functions import Abs

from library.models.catalogue import TrackQuerySet
from library.queries.ids import IdList, Page, ids_of
from library.queries.stretches import in_stretches
from library.queries.track_counts import KEPT_COUNTS, counted, stretches_for
from library.queries.track_filter import TrackFilter

# Any order will do to split the tracks into stretches. Few tracks share a title, so stretches by
# title are of about equal length.
_ANY_COLUMN = "title_key"
_PRIME = 2**31 - 1
"""Also used as a mask of 31 bits: the product of two such numbers fits into 64 bits."""

_last_counts: dict[TrackFilter, int] = {}
"""How many tracks each list had when it was last counted; may be out of date."""


class RandomOrder:
    """A pseudo-random sort key for each id: a quadratic polynomial modulo a prime.

    The coefficients come from the seed. A linear polynomial would not do: the keys of neighbouring
    ids would always differ by the same amount.
    """

    def __init__(self, seed: int) -> None:
        digest = blake2b(str(seed).encode(), digest_size=24).digest()
        self._square, self._linear, self._constant = (
            int.from_bytes(digest[at : at + 8], "big") % _PRIME for at in (0, 8, 16)
        )

    def key(self, pk: int) -> int:
        """The sort key of the row with this id, computed in Python."""
        return int(self._polynomial(pk & _PRIME))

    def expression(self) -> Any:
        """The same key, as an expression that the database computes for each row."""
        small = F("pk").bitand(_PRIME)
        return ExpressionWrapper(self._polynomial(small), BigIntegerField())

    def _polynomial(self, small: Any) -> Any:
        return ((small * self._square + self._linear) % _PRIME * small + self._constant) % _PRIME


def shuffled_ids(ids: Iterable[int], seed: int) -> list[int]:
    key = RandomOrder(seed).key
    return [pk for _, pk in sorted((key(pk), pk) for pk in ids)]


@dataclass(frozen=True)
class Shuffle:
    """The tracks that fit `wanted`, in the random order of `seed`."""

    wanted: TrackFilter
    seed: int

    def ids(self) -> list[int]:
        return ids_of(self._in_order())

    def page(self, start: int, limit: int) -> Page:
        """The page of `limit` tracks from number `start`, found without sorting all tracks.

        The keys are spread evenly. So the number of tracks tells between which two keys those of
        the page must lie, give or take chance: eight standard deviations are added on either side.
        The first try estimates the number of tracks from the last count; if the page is not within
        those bounds, a second try uses the exact number. Should that fail too, all are sorted.
        """
        estimate = _last_counts.get(self.wanted)
        if estimate is None:
            estimate = sum(count for _, count in counted(self.wanted, _ANY_COLUMN))
        count, found = self._try_page(estimate, start, limit)
        if found is None:
            count, found = self._try_page(count, start, limit)
        _remember(self.wanted, count)
        return Page(
            count, ids_of(self._in_order()[start : start + limit]) if found is None else found
        )

    def _try_page(self, estimate: int, start: int, limit: int) -> tuple[int, list[int] | None]:
        """The exact number of tracks, and the ids of the page, or None if `estimate` was so far
        off that the page is not between the bounds."""
        slack = 4 * isqrt(estimate) + estimate // 100
        ends = (start - slack, start + limit + slack)
        low, high = (place * _PRIME // max(estimate, 1) for place in ends)
        middle = (low + high) // 2
        key = RandomOrder(self.seed).expression()
        parts = in_stretches(
            self.wanted.tracks().annotate(key=key, distance=Abs(key - middle)),
            stretches_for(self.wanted, _ANY_COLUMN),
            count=Count("pk"),
            before=Count("pk", filter=Q(key__lt=low)),
            near=IdList("pk", filter=Q(distance__lte=middle - low)),
        )
        count, before = (sum(each[name] for each in parts) for name in ("count", "before"))
        ids = chain.from_iterable(each["near"] or () for each in parts)
        near = shuffled_ids(ids, self.seed)
        stop = min(start + limit, count)
        if start >= stop:
            return count, []
        is_whole = before <= start and stop <= before + len(near)
        return count, near[start - before : stop - before] if is_whole else None

    def _in_order(self) -> TrackQuerySet:
        return self.wanted.tracks().order_by(RandomOrder(self.seed).expression(), "pk")


def _remember(wanted: TrackFilter, count: int) -> None:
    if len(_last_counts) >= KEPT_COUNTS:
        _last_counts.clear()
    _last_counts[wanted] = count
