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
from functools import lru_cache
from typing import Any

from django.db.models import (
    Aggregate,
    BooleanField,
    Count,
    F,
    Func,
    QuerySet,
    RowRange,
    TextField,
    Value,
    Window,
)
from django.db.models.expressions import OrderBy

from library.queries.filters import RowFilter
from library.queries.orders import RowOrder

KEPT_MATCHES = 16
"""How many results of filters a process keeps. On SQLite one that matches all of 100,000 tracks
takes 0.6 MB."""

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
        rows = self._rows(matches).order_by(*self.order.terms).values_list("pk", flat=True)
        if offset + stop <= matches.count:
            return Page(matches.count, list(rows[offset:stop]))
        from_end = rows.reverse()[matches.count - stop : matches.count - offset]
        return Page(matches.count, list(from_end)[::-1])

    def ids(self) -> list[int]:
        """The ids of all rows of the list, in order."""
        matches = kept_matches(self.state, self.filter)
        if not matches.count and (living := self.filter.with_living_ids()):
            return replace(self, filter=living).ids()
        return _all_ids(self._rows(matches), self.order.terms)

    def _rows(self, matches: Matches) -> QuerySet[Any, Any]:
        """The rows of the list, not yet in order, by the ids that were found if this is quicker."""
        is_few = matches.count <= _FEW
        if matches.ids is None or not (is_few or self.order.has_index):
            return self.filter.matching()
        # A condition on `id` has each of the rows looked up and sorted. One on `id + 0` has the
        # index of the order walked.
        value = F("pk") if is_few else F("pk") + 0
        rows: QuerySet[Any, Any] = self.filter.listable()
        return rows.filter(_IsAmong(value, Value(matches.ids)))


@lru_cache(maxsize=KEPT_MATCHES)
def kept_matches(_state: str, wanted: RowFilter) -> Matches:
    """The matches of `wanted`, kept for later pages. Another `_state` is searched anew."""
    rows = wanted.matching().order_by()
    if wanted.is_checked_by_orders:
        return Matches(rows.count())
    return Matches(**rows.aggregate(count=Count("pk"), ids=IdArray("pk")))


class _IsAmong(Func):
    """The condition that a value is one of the ids of `Matches`. PostgreSQL puts them into a hash,
    SQLite into a tree, before it looks for the first value."""

    arg_joiner = " IN (SELECT value FROM JSON_EACH("
    template = "%(expressions)s))"
    output_field = BooleanField()

    def as_postgresql(self, compiler: Any, connection: Any) -> Any:
        template = "%(expressions)s::BIGINT[])"
        return self.as_sql(compiler, connection, template=template, arg_joiner=" = ANY(")


def _all_ids(rows: QuerySet[Any, Any], order: list[OrderBy]) -> list[int]:
    """The ids of `rows`, in this order, fetched as one value.

    The order is that of a window. An aggregate of a sorted subquery may take its rows in any order.
    """
    array = Window(IdArray("pk"), order_by=order, frame=RowRange(None, None))
    for found in rows.order_by().values_list(array, flat=True)[:1]:
        return json.loads(found) if isinstance(found, str) else list(found)
    return []
