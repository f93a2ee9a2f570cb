"""The tracks on one page of a sorted and filtered list, found quickly among 100,000.

One query that searches and sorts would read the whole table, or sort every match: 100 ms and more.
So the work is split into queries that an index answers by itself:

1. Count the matches, in the narrow index of the searched text.
2. Find the ids on the page, in the index of the order, from whichever end of the list is nearer.
3. Read the rows with these ids (`rows_in_order`).
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
from library.queries.matches import Matches, find_matches, kept_matches
from library.queries.orders import RANDOM, TRACK_ORDERS, terms
from library.queries.shuffles import Shuffle
from library.queries.stretches import span_of_ids
from library.queries.track_counts import Counts, counted
from library.queries.track_filter import TrackFilter

DEFAULT_SORT = "artist"
SORTS = (*TRACK_ORDERS, RANDOM)

_FEW_MATCHES = 4_000
"""Up to this many matches are simply sorted by the database."""
_MIN_IDS_READ = 4_000
"""How many ids in order are read at least to find a page among them; takes about a millisecond."""


@dataclass(frozen=True, kw_only=True)
class TrackSelection:
    """The tracks that fit `wanted`, in an order.

    `sort`: one of SORTS. `seed`: which of the random orders, if `sort` is RANDOM. `state`
    identifies the state of the library: while it stays the same, the pages of a list share counts.
    With None everything is computed anew.
    """

    wanted: TrackFilter
    sort: str = DEFAULT_SORT
    seed: int = 0
    state: str | None = None

    def page(self, offset: int, limit: int) -> Page:
        """`limit` tracks, starting with number `offset`, counted from 0; fewer at the end."""
        if self.sort == RANDOM:
            return self._shuffle.page(offset, limit)
        return Page(self._count, self._between(offset, min(offset + limit, self._count)))

    def ids(self) -> list[int]:
        """The ids of all tracks of the list, in order."""
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
        if self.state is None:
            return find_matches(self.wanted)
        return kept_matches(self.state, self.wanted)

    @property
    def _is_picked(self) -> bool:
        """Whether matches are picked from all ids in order, as `library.queries.matches` says."""
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
        if self._count <= _FEW_MATCHES and not self._matches.are_excluded:
            few = Track.objects.filter(pk__in=self._matches.ids)
            return ids_of(few.order_by(*order)[start:stop])
        present = Track.objects.present().order_by(*order)
        if start + stop <= self._count:
            return self._picked(present, start, stop)
        from_end = self._picked(present.reverse(), self._count - stop, self._count - start)
        return from_end[::-1]

    def _in_stretches(self, order: list[str | OrderBy], start: int, stop: int) -> list[int]:
        """The ids from number `start` to `stop`, read from the index of the order.

        On PostgreSQL the counts of the stretches tell which stretches hold these; the others are
        not read. On SQLite this is used only for lists of all tracks, in one stretch.
        """
        parts = self._counts if connection.vendor == "postgresql" else ((Q(), self._count),)
        ids: list[int] = []
        for stretch, count in reversed(parts) if self._is_reversed else parts:
            if start < min(stop, count):
                rows = self.wanted.tracks().filter(stretch).order_by(*order)
                ids += _walked(rows, count, max(start, 0), min(stop, count))
            start, stop = max(start - count, 0), stop - count
        return ids

    def _picked(self, rows: TrackQuerySet, start: int, stop: int) -> list[int]:
        """The matches from number `start` to `stop` among `rows`.

        First reads as many ids as suffice if matches are spread evenly among `rows`, with a quarter
        to spare; if they do not suffice, reads all.
        """
        about = _MIN_IDS_READ + stop * len(span_of_ids()) // self._count * 5 // 4
        picked = list(islice(self._matches.among(ids_of(rows[:about])), start, stop))
        if len(picked) < stop - start:
            picked = list(islice(self._matches.among(ids_of(rows)), start, stop))
        return picked


def _walked(rows: TrackQuerySet, count: int, start: int, stop: int) -> list[int]:
    """The ids of `rows[start:stop]`, read from whichever end of these `count` rows is nearer."""
    if start + stop <= count:
        return ids_of(rows[start:stop])
    return ids_of(rows.reverse()[count - stop : count - start])[::-1]


def rows_in_order(
    ids: list[int], *columns: str, tracks: TrackQuerySet | None = None
) -> list[tuple[Any, ...]]:
    """A tuple of `columns` for each of `ids`, in their order.

    Ids that are not among `tracks` (by default: all tracks) are left out.
    """
    among = Track.objects.all() if tracks is None else tracks
    rows = among.filter(pk__in=ids).values_list("pk", *columns)
    by_id = {row[0]: row[1:] for row in rows}
    return [by_id[pk] for pk in ids if pk in by_id]  # a track may have been purged meanwhile
