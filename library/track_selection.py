"""Which tracks a list shows, and in which order, fast enough for 100,000 of them.

A database that sorts and searches at once reads the wide table, or sorts all that it found: 100 ms
and more. Here each question is one that an index answers by itself. Which tracks match? The narrow
index of what is searched. In which order? The index of that order, walked from its nearer end until
the page is full; a random order is worked out from the ids. What is on the page? Its rows.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, islice
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Aggregate, JSONField, QuerySet

from library.models import Track
from library.models.catalogue import TrackQuerySet
from library.orders import RANDOM, TRACK_ORDERS, Order, reverse, shuffled, shuffled_part, terms

DEFAULT_SORT = "artist"
SORTS = (*TRACK_ORDERS, RANDOM)

# Up to this many matches are sorted by themselves; for more the index of their order is walked.
SORTED_BY_THEMSELVES = 4_000
_CHUNK = 5_000


@dataclass(frozen=True, kw_only=True)
class TrackSelection:
    """The present tracks that fit all that is given.

    `search`: as for `TrackQuerySet.search`. `artist_id`: named as artist or album artist. `genre`:
    exactly as in the tags. `sort`: one of SORTS; `seed` makes one random order of many.
    """

    search: str = ""
    artist_id: int | None = None
    album_id: int | None = None
    genre: str | None = None
    sort: str = DEFAULT_SORT
    seed: int = 0

    @cached_property
    def count(self) -> int:
        is_matched_first = self._is_filtered or self.sort == RANDOM
        return len(self._matches) if is_matched_first else self._tracks.count()

    def page(self, offset: int, limit: int) -> list[int]:
        """The ids of `limit` tracks, beginning with number `offset`, in order; fewer at the end."""
        end = min(offset + limit, self.count)
        if offset >= end:
            return []
        if self.sort == RANDOM:
            return shuffled_part(self._matches, self.seed, offset, end)
        if offset + end > self.count:  # nearer to the end
            found = self._part(reverse(self._order), self.count - end, end - offset)
            return found[::-1]
        return self._part(self._order, offset, end - offset)

    def ids(self) -> list[int]:
        """The ids of all of them, in order."""
        if self.sort == RANDOM:
            return shuffled(self._matches, self.seed)
        return self._part(self._order, 0, self.count)

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
        filters = (self.artist_id, self.album_id, self.genre, self.search.strip() or None)
        return any(each is not None for each in filters)

    @cached_property
    def _matches(self) -> list[int]:
        found = self._tracks.order_by().aggregate(ids=IdList("pk"))["ids"]
        return list(found or ())

    def _part(self, order: Order, offset: int, length: int) -> list[int]:
        stop = offset + length
        if not self._is_filtered:
            return list(ids_of(self._tracks.order_by(*terms(order))[offset:stop]))
        if self.count <= SORTED_BY_THEMSELVES:
            matching = Track.objects.filter(pk__in=self._matches)
            return list(ids_of(matching.order_by(*terms(order))[offset:stop]))
        walk = ids_in_order(Track.objects.present().order_by(*terms(order)), stop)
        return list(islice(filter(set(self._matches).__contains__, walk), offset, stop))


class IdList(Aggregate):
    """All ids in one value: to fetch a row for each takes longer than to find them."""

    function = "JSON_GROUP_ARRAY"
    output_field = JSONField()

    def as_postgresql(self, *arguments: Any, **options: Any) -> Any:
        return self.as_sql(*arguments, function="ARRAY_AGG", **options)

    def get_db_converters(self, connection: Any) -> list[Any]:
        """PostgreSQL's driver makes a list of an array by itself."""
        return [] if connection.vendor == "postgresql" else super().get_db_converters(connection)


def rows_in_order(
    ids: list[int], *columns: str, tracks: TrackQuerySet | None = None
) -> list[tuple[Any, ...]]:
    """Those of `tracks`, else of all, that have these ids: a tuple of `columns` each, in the order
    of `ids`."""
    among = Track.objects.all() if tracks is None else tracks
    rows = among.filter(pk__in=ids).values_list("pk", *columns)
    by_id = {row[0]: row[1:] for row in rows}
    return [by_id[pk] for pk in ids if pk in by_id]  # one may have been purged since


def ids_in_order(rows: QuerySet[Any], at_least: int) -> Iterator[int]:
    """As `ids_of`, for one who wants so many of them or more, but hardly all."""
    if connection.vendor != "postgresql":
        return ids_of(rows)
    sql, parameters = rows.values_list("pk").query.sql_with_params()
    return chain.from_iterable(_arrays(sql, parameters, max(_CHUNK, at_least + at_least // 16)))


def _arrays(sql: str, parameters: tuple[Any, ...], size: int) -> Iterator[list[int]]:
    """PostgreSQL sends all rows of a query at once, and each takes its driver longer to take apart
    than it takes the database to find it: hence a few arrays, of twice the size each time."""
    start = 0
    while True:
        part = f"SELECT ARRAY({sql} OFFSET {start} LIMIT {size})"
        with connection.cursor() as cursor:
            cursor.execute(part, parameters)
            (ids,) = cursor.fetchone()
        yield ids
        if len(ids) < size:
            return
        start, size = start + size, 2 * size


def ids_of(rows: QuerySet[Any]) -> Iterator[int]:
    """Straight from the cursor: Django's own iteration takes longer than the database."""
    try:
        sql, parameters = rows.values_list("pk").query.sql_with_params()
    except EmptyResultSet:
        return iter(())
    return chain.from_iterable(_chunks(sql, parameters))


def _chunks(sql: str, parameters: tuple[Any, ...]) -> Iterator[list[int]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        while chunk := cursor.fetchmany(_CHUNK):
            yield [pk for (pk,) in chunk]
