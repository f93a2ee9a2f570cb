"""Orders that look random.

They go by a key of each id, so that an order is the same whenever its seed is, on every server and
database, and stays as it is where rows come and go.
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

_ANY_COLUMN = "title_key"  # few titles are on many tracks: stretches are of one length
_PRIME = 2**31 - 1  # and a mask: products of what is left fit 64 bits

_last_counts: dict[TrackFilter, int] = {}
"""How many tracks a list had, whatever came since."""


class RandomOrder:
    """By a polynomial of the second degree modulo a prime, its coefficients drawn from the seed.

    One of the first degree would leave the same steps from row to row in every shuffle.
    """

    def __init__(self, seed: int) -> None:
        digest = blake2b(str(seed).encode(), digest_size=24).digest()
        self._square, self._linear, self._constant = (
            int.from_bytes(digest[at : at + 8], "big") % _PRIME for at in (0, 8, 16)
        )

    def key(self, pk: int) -> int:
        return int(self._polynomial(pk & _PRIME))

    def expression(self) -> Any:
        """The key of a row, for the database."""
        small = F("pk").bitand(_PRIME)
        return ExpressionWrapper(self._polynomial(small), BigIntegerField())

    def _polynomial(self, small: Any) -> Any:
        return ((small * self._square + self._linear) % _PRIME * small + self._constant) % _PRIME


def shuffled_ids(ids: Iterable[int], seed: int) -> list[int]:
    key = RandomOrder(seed).key
    return [pk for _, pk in sorted((key(pk), pk) for pk in ids)]


@dataclass(frozen=True)
class Shuffle:
    """Of the tracks that are `wanted`."""

    wanted: TrackFilter
    seed: int

    def ids(self) -> list[int]:
        return ids_of(self._in_order())

    def page(self, start: int, limit: int) -> Page:
        """Without sorting all of them.

        The keys are spread evenly, so those of a page lie between two numbers that can be told
        beforehand, from how many tracks there are and the luck of the draw, for which eight
        standard deviations are left. How many there were the last time will do: if it does not, a
        second look knows it.
        """
        likely = _last_counts.get(self.wanted)
        if likely is None:
            likely = sum(count for _, count in counted(self.wanted, _ANY_COLUMN))
        count, found = self._look(likely, start, limit)
        if found is None:
            count, found = self._look(count, start, limit)
        _remember(self.wanted, count)
        return Page(
            count, ids_of(self._in_order()[start : start + limit]) if found is None else found
        )

    def _look(self, likely: int, start: int, limit: int) -> tuple[int, list[int] | None]:
        """How many tracks there are, and the page, if they are about as many as is likely."""
        slack = 4 * isqrt(likely) + likely // 100
        ends = (start - slack, start + limit + slack)
        low, high = (place * _PRIME // max(likely, 1) for place in ends)
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
