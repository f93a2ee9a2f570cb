"""Which tracks a list shows, and in which order, fast enough for 100,000 of them.

A database that sorts and searches at once reads the wide table, or sorts all that it found: 100 ms
and more. Here each question is one that an index answers by itself. Which tracks match? The narrow
index of what is searched. In which order? The index of that order, walked from its nearer end until
the page is full; a random order is worked out from the ids. What is on the page? Its rows.
"""

from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import islice
from typing import Any

from django.db import connection

from library import postgresql_lists
from library.ids import IdList, ids_of
from library.models import Track
from library.models.catalogue import TrackQuerySet
from library.models.folding import words_of
from library.orders import RANDOM, TRACK_ORDERS, Order, reverse, shuffled, shuffled_part, terms
from library.postgresql_lists import Matching

DEFAULT_SORT = "artist"
SORTS = (*TRACK_ORDERS, RANDOM)

KEPT_SEARCHES = 2
"""In a process: of 100,000 tracks at most half are kept, in 5 MB."""

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
        if _is_postgresql():
            if self._is_filtered:
                return self._matching.count
        elif self._is_filtered or self.sort == RANDOM:
            return len(self._ids)
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
    def _matching(self) -> Matching:
        """Of PostgreSQL."""
        if any(each is not None for each in (self.artist_id, self.album_id, self.genre)):
            return Matching(len(self._ids), frozenset(self._ids), are_others=False)
        if self.state is None:
            return postgresql_lists.searched(self.search)
        return kept_matches(self.state, self.search)

    @cached_property
    def _ids(self) -> list[int]:
        found = self._tracks.order_by().aggregate(ids=IdList("pk"))["ids"]
        return list(found or ())

    def _shuffled_part(self, start: int, stop: int) -> list[int]:
        if not _is_postgresql():
            return shuffled_part(self._ids, self.seed, start, stop)
        if self._is_filtered and not self._matching.are_others:
            return postgresql_lists.shuffled_among(self._matching, self.seed, start, stop)
        tracks = self._tracks
        return postgresql_lists.shuffled_part(tracks, self.count, self.seed, start, stop)

    def _part(self, order: Order, offset: int, length: int) -> list[int]:
        stop = offset + length
        if not self._is_filtered:
            return list(ids_of(self._tracks.order_by(*terms(order))[offset:stop]))
        if _is_postgresql():
            return postgresql_lists.part(_in_order(order), self._matching, offset, stop)
        if len(self._ids) <= SORTED_BY_THEMSELVES:
            chosen = Track.objects.filter(pk__in=self._ids)
            return list(ids_of(chosen.order_by(*terms(order))[offset:stop]))
        matching = frozenset(self._ids).__contains__
        return list(islice(filter(matching, ids_of(_in_order(order))), offset, stop))


@lru_cache(maxsize=1)
def kept_count(_state: str) -> int:
    """Who scrolls through all tracks need not have them counted for each page."""
    return Track.objects.present().count()


@lru_cache(maxsize=KEPT_SEARCHES)
def kept_matches(_state: str, search: str) -> Matching:
    """Who scrolls asks for page after page of the same matches: to find them again takes PostgreSQL
    and the way from there longer than all the rest."""
    return postgresql_lists.searched(search)


def _in_order(order: Order) -> TrackQuerySet:
    return Track.objects.present().order_by(*terms(order))


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
