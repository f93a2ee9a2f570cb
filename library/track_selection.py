"""Which tracks a list shows, and in which order, fast enough for 100,000 of them.

A database that sorts and searches at once reads the wide table, or sorts all that it found: 100 ms
and more. Here each question is one that an index answers by itself. Which tracks match? The narrow
index of what is searched. In which order? The index of that order, walked from its nearer end until
the page is full; a random order is worked out from the ids. What is on the page? Its rows.
PostgreSQL answers a search from the index of the order alone (`postgresql_lists.py`).
"""

from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import islice
from typing import Any

from django.db import connection

from library import postgresql_lists
from library.ids import IdList, Page, ids_of
from library.models import Track
from library.models.catalogue import TrackQuerySet
from library.models.folding import words_of
from library.orders import RANDOM, TRACK_ORDERS, Order, reverse, shuffled, shuffled_part, terms

DEFAULT_SORT = "artist"
SORTS = (*TRACK_ORDERS, RANDOM)

# Up to this many matches are sorted by themselves; for more the index of their order is walked.
SORTED_BY_THEMSELVES = 4_000


@dataclass(frozen=True, kw_only=True)
class TrackSelection:
    """The present tracks that fit all that is given.

    `search`: as for `TrackQuerySet.search`. `artist_id`: named as artist or album artist. `genre`:
    exactly as in the tags. `sort`: one of SORTS; `seed` makes one random order of many. `state`
    stands for the library as it is now: while it is the same, pages of a search share its matches.
    """

    search: str = ""
    artist_id: int | None = None
    album_id: int | None = None
    genre: str | None = None
    sort: str = DEFAULT_SORT
    seed: int = 0
    state: str | None = None

    def page(self, offset: int, limit: int) -> Page:
        """`limit` tracks, beginning with number `offset`; fewer at the end."""
        if self._is_read_from_orders and self.sort == RANDOM:
            return postgresql_lists.shuffled_page(self.search, self.seed, offset, limit)
        end = min(offset + limit, self._count)
        return Page(self._count, self._between(offset, end) if offset < end else [])

    def ids(self) -> list[int]:
        """The ids of all of them, in order."""
        if self.sort != RANDOM:
            return self._part(self._order, 0, self._count)
        if _is_postgresql():
            return list(ids_of(postgresql_lists.shuffled(self._tracks, self.seed)))
        return shuffled(self._ids, self.seed)

    @cached_property
    def _count(self) -> int:
        if self._is_read_from_orders:
            return sum(count for _, count in self._counts)
        if self._is_filtered or self.sort == RANDOM:
            return len(self._ids)
        return self._tracks.count() if self.state is None else kept_count(self.state)

    @property
    def _order(self) -> Order:
        return TRACK_ORDERS[self.sort]

    @property
    def _tracks(self) -> TrackQuerySet:
        tracks = Track.objects.present()
        if self.artist_id is not None:
            tracks = tracks.by_artist(self.artist_id)
        if self.album_id is not None:
            tracks = tracks.filter(album=self.album_id)
        if self.genre is not None:
            tracks = tracks.filter(genre=self.genre)
        return tracks.search(self.search)

    @property
    def _is_filtered(self) -> bool:
        return self._is_by_more_than_search or bool(words_of(self.search))

    @property
    def _is_by_more_than_search(self) -> bool:
        return any(each is not None for each in (self.artist_id, self.album_id, self.genre))

    @property
    def _is_read_from_orders(self) -> bool:
        """From their indexes alone, which hold on PostgreSQL what is searched, too."""
        return _is_postgresql() and not self._is_by_more_than_search

    @cached_property
    def _counts(self) -> postgresql_lists.Counts:
        return postgresql_lists.counted(self.search, self._order[0], self.state)

    @cached_property
    def _ids(self) -> list[int]:
        found = self._tracks.order_by().aggregate(ids=IdList("pk"))["ids"]
        return list(found or ())

    def _between(self, start: int, stop: int) -> list[int]:
        if self.sort == RANDOM:
            return self._shuffled_part(start, stop)
        if self._is_read_from_orders or start + stop <= self._count:
            return self._part(self._order, start, stop)
        from_end = self._part(reverse(self._order), self._count - stop, self._count - start)
        return from_end[::-1]

    def _shuffled_part(self, start: int, stop: int) -> list[int]:
        if _is_postgresql():
            return postgresql_lists.shuffled_part(self._ids, self.seed, start, stop)
        return shuffled_part(self._ids, self.seed, start, stop)

    def _part(self, order: Order, start: int, stop: int) -> list[int]:
        if self._is_read_from_orders:
            return postgresql_lists.part(_in(order, self._tracks), self._counts, start, stop)
        if not self._is_filtered:
            return list(ids_of(_in(order, self._tracks)[start:stop]))
        if _is_postgresql():
            return list(ids_of(_in(order, postgresql_lists.among(self._ids))[start:stop]))
        if len(self._ids) <= SORTED_BY_THEMSELVES:
            return list(ids_of(_in(order, Track.objects.filter(pk__in=self._ids))[start:stop]))
        matching = frozenset(self._ids).__contains__
        in_order = ids_of(_in(order, Track.objects.present()))
        return list(islice(filter(matching, in_order), start, stop))


@lru_cache(maxsize=1)
def kept_count(_state: str) -> int:
    """Who scrolls through all tracks need not have them counted for each page."""
    return Track.objects.present().count()


def _in(order: Order, tracks: TrackQuerySet) -> TrackQuerySet:
    return tracks.order_by(*terms(order))


def _is_postgresql() -> bool:
    return connection.vendor == "postgresql"


def rows_in_order(
    ids: list[int], *columns: str, tracks: TrackQuerySet | None = None
) -> list[tuple[Any, ...]]:
    """Those of `tracks`, else of all, that have these ids: a tuple of `columns` each, in the order
    of `ids`."""
    among = Track.objects.all() if tracks is None else tracks
    rows = among.filter(pk__in=ids).values_list("pk", *columns)
    by_id = {row[0]: row[1:] for row in rows}
    return [by_id[pk] for pk in ids if pk in by_id]  # one may have been purged since
