"""Which tracks a list shows, and in which order, fast enough for 100,000 of them.

A database that sorts and searches at once reads the wide table, or sorts all that it found: 100 ms
and more. Here each question is one that an index answers by itself. How many tracks match? The
narrow index of what is searched. Which are on the page? The index of its order, walked from the
nearer end. What do they hold? Their rows.
"""

from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import Any

from django.db import connection
from django.db.models import Q
from django.db.models.expressions import OrderBy

from library.models.catalogue import Track, TrackQuerySet
from library.queries.ids import Page, ids_of
from library.queries.matches import Matches, found, kept_matches
from library.queries.orders import RANDOM, TRACK_ORDERS, terms
from library.queries.shuffles import Shuffle
from library.queries.stretches import span_of_ids
from library.queries.track_counts import Counts, counted
from library.queries.track_filter import TrackFilter

DEFAULT_SORT = "artist"
SORTS = (*TRACK_ORDERS, RANDOM)

_SORTED_BY_THEMSELVES = 4_000
_AT_LEAST = 4_000  # ids in order are looked at, which takes a millisecond


@dataclass(frozen=True, kw_only=True)
class TrackSelection:
    """The tracks that are `wanted`, in an order.

    `sort`: one of SORTS; `seed` makes one random order of many. `state` stands for the library as
    it is now: while it is the same, pages of a list share its counts.
    """

    wanted: TrackFilter
    sort: str = DEFAULT_SORT
    seed: int = 0
    state: str | None = None

    def page(self, offset: int, limit: int) -> Page:
        """`limit` tracks, beginning with number `offset`; fewer at the end."""
        if self.sort == RANDOM:
            return self._shuffle.page(offset, limit)
        return Page(self._count, self._between(offset, min(offset + limit, self._count)))

    def ids(self) -> list[int]:
        """The ids of all of them, in order."""
        if self.sort == RANDOM:
            return self._shuffle.ids()
        return self._between(0, self._count)

    @property
    def _shuffle(self) -> Shuffle:
        return Shuffle(self.wanted, self.seed)

    @property
    def _is_reversed(self) -> bool:
        return TRACK_ORDERS[self.sort][0].startswith("-")

    @cached_property
    def _counts(self) -> Counts:
        return counted(self.wanted, TRACK_ORDERS[self.sort][0].removeprefix("-"), self.state)

    @cached_property
    def _matches(self) -> Matches:
        return found(self.wanted) if self.state is None else kept_matches(self.state, self.wanted)

    @property
    def _is_picked(self) -> bool:
        return connection.vendor == "sqlite" and not self.wanted.is_all

    @property
    def _count(self) -> int:
        return self._matches.count if self._is_picked else sum(count for _, count in self._counts)

    def _between(self, start: int, stop: int) -> list[int]:
        order = terms(TRACK_ORDERS[self.sort])
        if start >= stop:
            return []
        if not self._is_picked:
            return self._in_stretches(order, start, stop)
        if self._count <= _SORTED_BY_THEMSELVES and not self._matches.are_others:
            few = Track.objects.filter(pk__in=self._matches.ids)
            return ids_of(few.order_by(*order)[start:stop])
        present = Track.objects.present().order_by(*order)
        if start + stop <= self._count:
            return self._picked(present, start, stop)
        from_end = self._picked(present.reverse(), self._count - stop, self._count - start)
        return from_end[::-1]

    def _in_stretches(self, order: list[str | OrderBy], start: int, stop: int) -> list[int]:
        """PostgreSQL answers a search from the index of the order, in the stretches in which it was
        counted; SQLite lists all from there."""
        parts = self._counts if connection.vendor == "postgresql" else ((Q(), self._count),)
        ids: list[int] = []
        for stretch, count in reversed(parts) if self._is_reversed else parts:
            if start < min(stop, count):
                rows = self.wanted.tracks().filter(stretch).order_by(*order)
                ids += _walked(rows, count, max(start, 0), min(stop, count))
            start, stop = max(start - count, 0), stop - count
        return ids

    def _picked(self, rows: TrackQuerySet, start: int, stop: int) -> list[int]:
        """From those of `rows` that will do if matches are spread evenly among them, else from
        all."""
        about = _AT_LEAST + stop * len(span_of_ids()) // self._count * 5 // 4
        picked = list(islice(self._matches.among(ids_of(rows[:about])), start, stop))
        if len(picked) < stop - start:
            picked = list(islice(self._matches.among(ids_of(rows)), start, stop))
        return picked


def _walked(rows: TrackQuerySet, count: int, start: int, stop: int) -> list[int]:
    """The ids of `rows[start:stop]`, from the nearer end of these `count` rows."""
    if start + stop <= count:
        return ids_of(rows[start:stop])
    return ids_of(rows.reverse()[count - stop : count - start])[::-1]


def rows_in_order(
    ids: list[int], *columns: str, tracks: TrackQuerySet | None = None
) -> list[tuple[Any, ...]]:
    """Those of `tracks`, else of all, that have these ids: a tuple of `columns` each, in the order
    of `ids`."""
    among = Track.objects.all() if tracks is None else tracks
    rows = among.filter(pk__in=ids).values_list("pk", *columns)
    by_id = {row[0]: row[1:] for row in rows}
    return [by_id[pk] for pk in ids if pk in by_id]  # one may have been purged since
