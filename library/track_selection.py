"""Which tracks a list shows, and in which order, fast enough for 100,000 of them.

A database that sorts and searches at once reads the wide table, or sorts all that it found: 100 ms
and more. Here each question is one that an index answers by itself. Which tracks match? The narrow
index of what is searched. In which order? The index of that order, walked from its nearer end until
the page is full; a random order is worked out from the ids. What is on the page? Its rows.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import filterfalse, islice
from typing import Any

from django.db import connection

from library import postgresql_lists
from library.ids import IdList, ids_of
from library.models import Track
from library.models.catalogue import TrackQuerySet, found_by
from library.models.folding import words_of
from library.orders import RANDOM, TRACK_ORDERS, Order, reverse, shuffled, shuffled_part, terms
from library.postgresql_lists import IdsInOrder

DEFAULT_SORT = "artist"
SORTS = (*TRACK_ORDERS, RANDOM)

KEPT_SEARCHES = 2
"""In a process: of 100,000 tracks at most half are kept, in 5 MB."""
KEPT_ORDERS = 4
"""The same: 0.8 MB for each."""

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

    @cached_property
    def count(self) -> int:
        if self.sort == RANDOM and not _is_postgresql():
            return len(self._ids)
        if self._is_filtered:
            return self._matching.count
        return self._tracks.count() if self.state is None else kept_count(self.state)

    def page(self, offset: int, limit: int) -> list[int]:
        """The ids of `limit` tracks, beginning with number `offset`, in order; fewer at the end."""
        end = min(offset + limit, self.count)
        if offset >= end:
            return []
        if self.sort == RANDOM:
            return self._shuffled_part(offset, end)
        if offset + end > self.count:  # nearer to the end
            found = self._part(reverse(self._order), self.count - end, end - offset)
            return found[::-1]
        return self._part(self._order, offset, end - offset)

    def ids(self) -> list[int]:
        """The ids of all of them, in order."""
        if self.sort != RANDOM:
            return self._part(self._order, 0, self.count)
        if _is_postgresql():
            return list(ids_of(postgresql_lists.shuffled(self._tracks, self.seed)))
        return shuffled(self._ids, self.seed)

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
        filters = (self.artist_id, self.album_id, self.genre)
        return any(each is not None for each in filters) or bool(words_of(self.search))

    @cached_property
    def _matching(self) -> "_Matching":
        is_only_searched = all(each is None for each in (self.artist_id, self.album_id, self.genre))
        if not is_only_searched or not _is_postgresql():
            return _Matching(len(self._ids), frozenset(self._ids), are_others=False)
        if self.state is None:
            return _searched(self.search)
        return kept_matches(self.state, self.search)

    @property
    def _few_matching(self) -> TrackQuerySet | None:
        """The tracks that match, where their ids are known and few enough to sort them by
        themselves."""
        matching = self._matching
        if matching.are_others or matching.count > SORTED_BY_THEMSELVES:
            return None
        return Track.objects.filter(pk__in=matching.ids)

    @cached_property
    def _ids(self) -> list[int]:
        found = self._tracks.order_by().aggregate(ids=IdList("pk"))["ids"]
        return list(found or ())

    def _shuffled_part(self, start: int, stop: int) -> list[int]:
        if not _is_postgresql():
            return shuffled_part(self._ids, self.seed, start, stop)
        if self._is_filtered and (few := self._few_matching) is not None:
            return list(ids_of(postgresql_lists.shuffled(few, self.seed)[start:stop]))
        tracks = self._tracks
        return postgresql_lists.shuffled_part(tracks, self.count, self.seed, start, stop)

    def _part(self, order: Order, offset: int, length: int) -> list[int]:
        stop = offset + length
        if not self._is_filtered:
            return list(ids_of(self._tracks.order_by(*terms(order))[offset:stop]))
        if (few := self._few_matching) is not None:
            return list(ids_of(few.order_by(*terms(order))[offset:stop]))
        return list(islice(self._matching.among(self._walk(order, stop)), offset, stop))

    def _walk(self, order: Order, wanted: int) -> Iterator[int]:
        """The ids of all tracks in order, until so many as are `wanted` did match."""
        if not _is_postgresql():
            return ids_of(_in_order(order))
        about = wanted * postgresql_lists.length() // self._matching.count
        kept = kept_order(self.state, order) if self.state else IdsInOrder(_in_order(order))
        return kept.ids(max(about, wanted))


@dataclass(frozen=True)
class _Matching:
    """How many tracks match, and which: those whose ids these are, or all others."""

    count: int
    ids: frozenset[int]
    are_others: bool

    def among(self, ids: Iterable[int]) -> Iterator[int]:
        choose = filterfalse if self.are_others else filter
        return choose(self.ids.__contains__, ids)


@lru_cache(maxsize=1)
def kept_count(_state: str) -> int:
    """Who scrolls through all tracks need not have them counted for each page."""
    return Track.objects.present().count()


@lru_cache(maxsize=KEPT_SEARCHES)
def kept_matches(_state: str, search: str) -> _Matching:
    """Who scrolls asks for page after page of the same matches: to find them again takes PostgreSQL
    and the way from there longer than all the rest."""
    return _searched(search)


@lru_cache(maxsize=KEPT_ORDERS)
def kept_order(_state: str, order: Order) -> IdsInOrder:
    """Who types a search looks for one text after the other in the same order."""
    return IdsInOrder(_in_order(order))


def _in_order(order: Order) -> TrackQuerySet:
    return Track.objects.present().order_by(*terms(order))


def _searched(search: str) -> _Matching:
    present, condition = Track.objects.present(), found_by(search)
    if postgresql_lists.do_most_match(present, condition):
        count, others = postgresql_lists.others(present, condition)
        return _Matching(count, frozenset(others), are_others=True)
    found = postgresql_lists.matches(present, condition)
    return _Matching(len(found), frozenset(found), are_others=False)


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
