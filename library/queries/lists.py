"""Finds the ids of a page of a filtered and sorted list, quickly among 100,000 rows.

Two queries answer a page: which rows match, and which of these stand on the page. The answer to the
first is kept as long as the library stays the same, since all pages of a list need it.

The second walks the index of the order until the page is full. If the condition can be checked in
that index alone, as `RowFilter.is_checked_by_orders` says, the first query only counts. Otherwise
each step would look up a row in the table, which takes longest of all. There the first query
returns the ids that match, all in one value, and the second walks the index and takes these ids.
"""

import json
from dataclasses import dataclass, replace
from enum import Enum, auto
from functools import lru_cache
from typing import Any

from django.db.models import Aggregate, Count, F, QuerySet, RowRange, TextField, Value, Window
from django.db.models.expressions import OrderBy

from library.queries.filters import RowFilter
from library.queries.orders import RowOrder
from library.queries.prepared import IsAmong, PreparedQuery, given

KEPT_MATCHES = 16
"""How many results of filters a process keeps. On SQLite one that matches all of 100,000 tracks
takes 0.6 MB."""
KEPT_QUERIES = 128
"""How many queries for pages stay prepared; each is a few kB."""

_FEW = 2_000
"""Up to this many matches are looked up and sorted. More are found sooner in the order's index."""


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list: `count` rows in the whole list, and the page's ids in order."""

    count: int
    ids: list[int]


@dataclass(frozen=True, slots=True)
class Matches:
    """How many rows match a filter, and which: their `ids` as the database returned them, a list
    from PostgreSQL and JSON from SQLite, or None if only counted."""

    count: int
    ids: Any = None


class IdArray(Aggregate):
    """All ids as one value. The driver would take longer to fetch a row for each id than the
    database takes to find them; on SQLite ten times as long if other threads are busy, because it
    releases Python's lock for each row."""

    function = "JSON_GROUP_ARRAY"
    window_compatible = True
    output_field = TextField()

    def as_postgresql(self, *arguments: Any, **options: Any) -> Any:
        return self.as_sql(*arguments, function="ARRAY_AGG", **options)


@dataclass(frozen=True, kw_only=True)
class RowList:
    """The rows that match `filter`, in an `order`.

    `state` identifies the state of the library, see `library.queries.revision`.
    """

    filter: RowFilter
    order: RowOrder
    state: str

    @property
    def own_state(self) -> str:
        """Identifies the state of what other apps' filters and orders ask for, empty without them.
        An ETag of the list needs it beside the library's state."""
        states = [*(each.state for each in self.filter.others), self.order.state]
        return " ".join(filter(None, states))

    def page(self, offset: int, limit: int) -> Page:
        """`limit` rows, starting with number `offset`, counted from 0; fewer at the end."""
        matches = kept_matches(self.state, self.filter)
        if not matches.count and (living := self.filter.with_living_ids()):
            return replace(self, filter=living).page(offset, limit)
        stop = min(offset + limit, matches.count)
        if offset >= stop:
            return Page(matches.count, [])
        if offset + stop <= matches.count:
            return Page(matches.count, self._part(matches, offset, stop - offset))
        from_end = self._part(matches, matches.count - stop, stop - offset, is_backwards=True)
        return Page(matches.count, from_end[::-1])

    def ids(self) -> list[int]:
        """The ids of all rows of the list, in order."""
        matches = kept_matches(self.state, self.filter)
        if not matches.count and (living := self.filter.with_living_ids()):
            return replace(self, filter=living).ids()
        rows = _rows(self.filter, self._way(matches), Value(matches.ids))
        return _all_ids(rows, self.order.terms)

    def _part(
        self, matches: Matches, offset: int, number: int, *, is_backwards: bool = False
    ) -> list[int]:
        """The ids of `number` rows, starting with number `offset`, counted from the end if the list
        is read backwards."""
        way = self._way(matches)
        if way is _Way.CHECKED:
            query = _sorted_ids(self.filter, way, self.order, is_backwards)
            found = query.part(offset, number)
        else:  # the SQL is the same for all filters of the kind
            query = _sorted_ids(type(self.filter)(), way, self.order, is_backwards)
            found = query.part(offset, number, matches.ids)
        return [pk for (pk,) in found]

    def _way(self, matches: Matches) -> "_Way":
        """The quickest way to find the rows of the list."""
        is_few = matches.count <= _FEW
        if matches.ids is None or not (is_few or self.order.has_index):
            return _Way.CHECKED
        return _Way.LOOKED_UP if is_few else _Way.WALKED


class _Way(Enum):
    """How the rows of a list are found."""

    CHECKED = auto()
    """By the condition of the filter."""
    LOOKED_UP = auto()
    """By the ids of its matches. Each of the rows is looked up, and then all are sorted."""
    WALKED = auto()
    """By walking the index of the order, and taking the ids of the matches."""


@lru_cache(maxsize=KEPT_MATCHES)
def kept_matches(_state: str, wanted: RowFilter) -> Matches:
    """The matches of `wanted`, kept for later pages. Another `_state` is searched anew."""
    rows = wanted.matching().order_by()
    if wanted.is_checked_by_orders:
        return Matches(rows.count())
    return Matches(**rows.aggregate(count=Count("pk"), ids=IdArray("pk")))


@lru_cache(maxsize=KEPT_QUERIES)
def _sorted_ids(
    wanted: RowFilter,
    way: _Way,
    order: RowOrder,
    is_backwards: bool,  # noqa: FBT001
) -> PreparedQuery:
    """The query for the ids of a list in order."""

    def make() -> QuerySet[Any, Any]:
        rows = _rows(wanted, way, given()).order_by(*order.terms).values_list("pk")
        return rows.reverse() if is_backwards else rows

    return PreparedQuery(make)


def _rows(wanted: RowFilter, way: _Way, ids: Value) -> QuerySet[Any, Any]:
    """The rows of a list, not yet in order. `ids`: of the matches; not needed if CHECKED."""
    if way is _Way.CHECKED:
        return wanted.matching()
    # A condition on `id` has each of the rows looked up and sorted. One on `id + 0` has the index
    # of the order walked.
    value = F("pk") if way is _Way.LOOKED_UP else F("pk") + 0
    rows: QuerySet[Any, Any] = wanted.listable()
    return rows.filter(IsAmong(value, ids))


def _all_ids(rows: QuerySet[Any, Any], order: list[OrderBy]) -> list[int]:
    """The ids of `rows`, in this order, fetched as one value.

    The order is that of a window. An aggregate of a sorted subquery may take its rows in any order.
    """
    array = Window(IdArray("pk"), order_by=order, frame=RowRange(None, None))
    for found in rows.order_by().values_list(array, flat=True)[:1]:
        return json.loads(found) if isinstance(found, str) else list(found)
    return []
