"""Finds the ids of a page of a filtered and sorted list, quickly among 100,000 rows.

Two queries answer a page: which rows match, and which of these stand on the page. The answer to the
first is kept as long as the library stays the same, since all pages of a list need it.

The second walks the index of the order until the page is full. If the condition can be checked in
that index alone, as `RowFilter.is_checked_by_orders` says, the first query only counts. Otherwise
each step would look up a row in the table, which takes longest of all. There the first query
returns the ids that match, all in one value, and the second walks the index and takes these ids.
If they are few, the second query sorts all of them, and their order is kept for the other pages.

In an order by a value of another app's table (`ValueOrder`), that table's rows are read in their
order, rows without a value are added, and the whole order is kept.
"""

from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import chain
from typing import Any

from django.db import connection
from django.db.models import Count, F, QuerySet, RowRange, Value, Window
from django.db.models.expressions import OrderBy

from library.queries.corrections import corrections, spelled
from library.queries.filters import RowFilter
from library.queries.known_words import possible
from library.queries.orders import RowOrder, ValueOrder
from library.queries.prepared import IdArray, IsAmong, PreparedQuery, given, ids_from, ids_value
from library.queries.rankings import ranked

KEPT_MATCHES = 16
"""How many results of filters a process keeps. On SQLite one that matches all of 100,000 tracks
takes 0.6 MB."""
KEPT_ORDERS = 16
"""How many orders of lists a process keeps. One by a value of 100,000 tracks takes 0.8 MB."""
KEPT_SETS = 2
"""How many sets of the ids that match a filter a process keeps. One of 100,000 ids takes 7 MB."""
KEPT_QUERIES = 128
"""How many queries for pages stay prepared; each is a few kB."""

_FEW = 3_000
"""Up to this many matches are looked up and sorted, and their order is kept for the list's other
pages. More are found sooner in the order's index."""


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
        return self.found().own_page(offset, limit)

    def own_page(self, offset: int, limit: int) -> Page:
        """The page if no other filter is tried in place of the list's own."""
        matches = kept_matches(self.state, self.filter)
        stop = min(offset + limit, matches.count)
        if offset >= stop:
            return Page(matches.count, [])
        if isinstance(self.order, ValueOrder):
            return Page(matches.count, [*kept_values_order(self)[offset:stop]])
        if _is_few(matches):
            return Page(matches.count, kept_order(self)[offset:stop])
        if offset + stop <= matches.count:
            return Page(matches.count, self._part(matches, offset, stop - offset))
        from_end = self._part(matches, matches.count - stop, stop - offset, is_backwards=True)
        return Page(matches.count, from_end[::-1])

    def ids(self) -> list[int]:
        """The ids of all rows of the list, in order."""
        return self.found().own_ids()

    def found(self) -> "RowList":
        """This list with the first filter that matches anything: its own, that with the ids of
        living rows, those with corrections of the search. Its own if none of them does."""
        filters = self._filters()
        first = next(filters)
        for each in chain([first], filters):
            if kept_matches(self.state, each).count:
                return replace(self, filter=each)
        return replace(self, filter=first)

    def _filters(self) -> Iterator[RowFilter]:
        wanted = self.filter
        text = wanted.search
        if wanted.sought is None and text:
            wanted = replace(wanted, sought=spelled(text, self.state))
        yield wanted
        if living := wanted.with_living_ids():
            wanted = living
            yield wanted
        if text and self.filter.sought is None:
            for sought in corrections(text, self.state):
                yield replace(wanted, sought=sought)

    def own_ids(self) -> list[int]:
        """The ids if no other filter is tried in place of the list's own."""
        if isinstance(self.order, ValueOrder):
            return [*kept_values_order(self)]
        matches = kept_matches(self.state, self.filter)
        if _is_few(matches):
            rows = _looked_up(self.filter, matches)
        elif self._is_walked(matches):
            rows = _walked(self.filter, Value(matches.ids))
        else:
            rows = self.filter.matching()
        return _all_ids(rows, self.order.terms)

    def _part(
        self, matches: Matches, offset: int, number: int, *, is_backwards: bool = False
    ) -> list[int]:
        """The ids of `number` rows, starting with number `offset`, counted from the end if the list
        is read backwards."""
        if self._is_walked(matches):
            query = walked_rows(type(self.filter), self.order, is_backwards)
            found = query.part(offset, number, matches.ids)
        else:
            query = checked_rows(self.filter, self.order, is_backwards)
            found = query.part(offset, number)
        return [pk for (pk,) in found]

    def _is_walked(self, matches: Matches) -> bool:
        """Whether the index of the order is walked and the ids of the matches are taken. Otherwise
        the condition of the filter is checked."""
        return matches.ids is not None and self.order.has_index


@lru_cache(maxsize=KEPT_MATCHES)
def kept_matches(state: str, wanted: RowFilter) -> Matches:
    """The matches of `wanted`, kept for later pages. Another `state` is searched anew."""
    if wanted.sought and not possible(wanted.sought, state):
        return Matches(0, ids_value([]))
    rows = wanted.matching().order_by()
    if wanted.is_checked_by_orders:
        return Matches(rows.count())
    return Matches(**rows.aggregate(count=Count("pk"), ids=IdArray("pk")))


@lru_cache(maxsize=KEPT_MATCHES)
def kept_ids(state: str, wanted: RowFilter) -> Matches:
    """The matches with their ids, also where `kept_matches` only counts them."""
    matches = kept_matches(state, wanted)
    if matches.ids is not None:
        return matches
    rows = wanted.matching().order_by()
    return Matches(**rows.aggregate(count=Count("pk"), ids=IdArray("pk")))


@lru_cache(maxsize=KEPT_SETS)
def kept_set(state: str, wanted: RowFilter) -> frozenset[int]:
    """The ids of the matches, for orders by values: these change more often than what matches."""
    return frozenset(ids_from(kept_ids(state, wanted).ids))


def _is_few(matches: Matches) -> bool:
    return matches.ids is not None and matches.count <= _FEW


@lru_cache(maxsize=KEPT_MATCHES)
def kept_order(few: RowList) -> list[int]:
    """The ids of a list of few rows, kept for its other pages."""
    if connection.vendor == "sqlite":
        return few.own_ids()
    # PostgreSQL would walk the whole index of the order for the one row of `_all_ids`.
    rows = _looked_up(few.filter, kept_matches(few.state, few.filter))
    return list(rows.order_by(*few.order.terms).values_list("pk", flat=True))


@lru_cache(maxsize=KEPT_ORDERS)
def kept_values_order(wanted: RowList) -> Sequence[int]:
    """The ids of a list in the order of a value: ascending, those without a value come first, by
    their ids; descending, the other way round.

    The database would take several times as long to look up the value of each row, and to sort
    them, as to read the values in their order.
    """
    order = wanted.order
    assert isinstance(order, ValueOrder)  # noqa: S101  # for the type checker
    matching = kept_set(wanted.state, wanted.filter)
    valued = [pk for pk in ranked(wanted.state, order) if pk in matching]
    if len(valued) < len(matching):
        valued[:0] = sorted(matching.difference(valued))
    if order.is_descending:
        valued.reverse()
    return array("q", valued)


def _looked_up(wanted: RowFilter, matches: Matches) -> QuerySet[Any, Any]:
    """A condition on `id` has each of the rows looked up and sorted."""
    return wanted.listable().filter(IsAmong(F("pk"), Value(matches.ids)))


@lru_cache(maxsize=KEPT_QUERIES)
def checked_rows(wanted: RowFilter, order: RowOrder, is_backwards: bool) -> PreparedQuery:  # noqa: FBT001
    """The ids of the rows that match, in order."""
    return PreparedQuery(lambda: _in_order(wanted.matching(), order, is_backwards))


@lru_cache(maxsize=KEPT_QUERIES)
def walked_rows(kind: type[RowFilter], order: RowOrder, is_backwards: bool) -> PreparedQuery:  # noqa: FBT001
    """The given ids in order, which are those of the matches of a filter of this kind."""
    return PreparedQuery(lambda: _in_order(_walked(kind(), given()), order, is_backwards))


def _walked(wanted: RowFilter, ids: Value) -> QuerySet[Any, Any]:
    """A condition on `id + 0` has the index of the order walked, not each of the rows looked up."""
    rows: QuerySet[Any, Any] = wanted.listable()
    return rows.filter(IsAmong(F("pk") + 0, ids))


def _in_order(rows: QuerySet[Any, Any], order: RowOrder, is_backwards: bool) -> QuerySet[Any, Any]:  # noqa: FBT001
    ids = rows.order_by(*order.terms).values_list("pk")
    return ids.reverse() if is_backwards else ids


def _all_ids(rows: QuerySet[Any, Any], order: list[OrderBy]) -> list[int]:
    """The ids of `rows`, in this order, fetched as one value.

    The order is that of a window. An aggregate of a sorted subquery may take its rows in any order.
    """
    array_of_ids = Window(IdArray("pk"), order_by=order, frame=RowRange(None, None))
    for found in rows.order_by().values_list(array_of_ids, flat=True)[:1]:
        return ids_from(found)
    return []
