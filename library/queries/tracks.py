"""The filter of lists of tracks, and the rows of a page."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Self

from django.db import connection
from django.db.models import F, Func, QuerySet, TextField

from library.models.albums import Album
from library.models.catalogue import Artist, Track, TrackQuerySet
from library.models.folding import words_of
from library.queries.filters import RowFilter
from library.queries.orders import RANDOM, TRACK_ORDERS
from library.queries.prepared import IsAmong, PreparedQuery, given, ids_value
from library.queries.tombstones import with_living


class ArtistIds(Func):
    """The ids of the artists of a track, whose id is the argument, in the order of its file. One
    value in the row, so that a page of tracks needs no further query."""

    template = (
        "(SELECT JSON_GROUP_ARRAY(artist_id) FROM (SELECT artist_id FROM library_trackartist"
        " WHERE track_id = %(expressions)s AND role = 'artist' ORDER BY position))"
    )
    output_field = TextField()

    def as_postgresql(self, compiler: Any, connection: Any) -> Any:
        template = (
            "ARRAY(SELECT artist_id FROM library_trackartist"
            " WHERE track_id = %(expressions)s AND role = 'artist' ORDER BY position)"
        )
        return self.as_sql(compiler, connection, template=template)


TRACK_SORTS = (*TRACK_ORDERS, RANDOM)


@dataclass(frozen=True, kw_only=True)
class TrackFilter(RowFilter):
    """The present tracks that match everything given.

    `search`: see `TrackQuerySet.search`. `artist_id`: the artist or album artist. `genre`: see
    `TrackQuerySet.of_genre_named`. `years`: the first and the last year of the original release.
    `root`: the music folder that they are in.
    """

    artist_id: int | None = None
    album_id: int | None = None
    genre: str | None = None
    genre_id: int | None = None
    composer_id: int | None = None
    label_id: int | None = None
    years: tuple[int, int] | None = None
    root: str | None = None

    @property
    def is_checked_by_orders(self) -> bool:
        """True without a condition. On PostgreSQL the indexes also hold the searched text."""
        if self != TrackFilter(search=self.search, sought=self.sought):
            return False
        return connection.vendor == "postgresql" or not words_of(self.search)

    def with_living_ids(self) -> Self | None:
        return with_living(self, artist_id=Artist, album_id=Album, composer_id=Artist)

    def listable(self) -> TrackQuerySet:
        return Track.objects.present()

    def _matching(self) -> TrackQuerySet:
        columns = {"album": self.album_id, "first_year__range": self.years, "root": self.root}
        wanted = {name: value for name, value in columns.items() if value is not None}
        tracks = Track.objects.present().filter(**wanted)
        if self.artist_id is not None:
            tracks = tracks.by_artist(self.artist_id)
        if self.genre is not None:
            tracks = tracks.of_genre_named(self.genre)
        if self.genre_id is not None:
            tracks = tracks.of_genre(self.genre_id)
        if self.composer_id is not None:
            tracks = tracks.by_composer(self.composer_id)
        if self.label_id is not None:
            tracks = tracks.on_label(self.label_id)
        return tracks.search(self.searched)


def present_track_count() -> int:
    return Track.objects.present().count()


def track_rows(
    ids: Sequence[int], columns: tuple[Any, ...], *, only_present: bool = False
) -> list[tuple[Any, ...]]:
    """A tuple of `columns` for each of `ids`, in their order; without those that are not there."""
    by_id = {row[0]: row[1:] for row in _rows(columns, only_present).rows(ids_value(ids))}
    return [by_id[pk] for pk in ids if pk in by_id]  # a track may have been purged meanwhile


@cache
def _rows(columns: tuple[Any, ...], only_present: bool) -> PreparedQuery:  # noqa: FBT001
    def make() -> QuerySet[Any, Any]:
        tracks = Track.objects.present() if only_present else Track.objects.all()
        named = tracks.filter(IsAmong(F("pk"), given()))
        return named.order_by().values_list("pk", *columns)

    return PreparedQuery(make)
