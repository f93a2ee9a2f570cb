"""The filter of lists of albums, and the rows of a page."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self

from django.db.models import Count, F, Min, Q, QuerySet, Sum

from library.models.catalogue import Album, AlbumQuerySet, Artist, Track
from library.queries.filters import RowFilter
from library.queries.orders import ALBUM_ORDERS, RANDOM
from library.queries.prepared import IsAmong, PreparedQuery, given, ids_value
from library.queries.tombstones import with_living

ALBUM_SORTS = (*ALBUM_ORDERS, RANDOM)

_COLUMNS = (
    *("id", "title", "album_artist", "year", "compilation", "musicbrainz_release_id", "cover_id"),
)
_TOTALS = {
    "cover_track_id": Min(
        "tracks__pk", filter=Q(tracks__has_cover=True, tracks__cover_id=F("cover_id"))
    ),
    "track_count": Count("tracks"),
    "duration_s": Sum("tracks__duration_s"),
}


@dataclass(frozen=True, kw_only=True)
class AlbumFilter(RowFilter):
    """The albums that match everything given and have present tracks.

    `search`: see `AlbumQuerySet.search`. `artist_id` and `genre`: albums with a present track by
    this artist, and with one of this genre; see `library.queries.tracks.TrackFilter`.
    """

    search: str = ""
    artist_id: int | None = None
    genre: str | None = None

    @property
    def is_checked_by_orders(self) -> bool:
        """True without a condition: an index tells of each album whether it has present tracks."""
        return not (self.search or self.others) and self.artist_id is None and self.genre is None

    def with_living_ids(self) -> Self | None:
        return with_living(self, artist_id=Artist)

    def listable(self) -> AlbumQuerySet:
        return Album.objects.all()

    def _matching(self) -> AlbumQuerySet:
        albums, present = Album.objects.search(self.search), Track.objects.present()
        if self.artist_id is not None:
            albums = albums.filter(pk__in=present.by_artist(self.artist_id).values("album"))
        if self.genre is not None:
            albums = albums.filter(pk__in=present.filter(genre=self.genre).values("album"))
        is_filtered = self.artist_id is not None or self.genre is not None
        return albums if is_filtered else albums.listed()


def album_rows(ids: Sequence[int]) -> list[dict[str, Any]]:
    """The albums among `ids` that have present tracks, in the order of `ids`: their columns, the
    number and the duration of these tracks, and the first one that has the album's cover."""
    by_id: dict[int, dict[str, Any]] = {}
    for *columns, duration_s in _rows.rows(ids_value(ids)):
        row = dict(zip(_FIELDS, (*columns, round(duration_s, 3)), strict=True))
        by_id[row["id"]] = row
    return [by_id[pk] for pk in ids if pk in by_id]


def _with_totals() -> QuerySet[Any, Any]:
    present = Q(tracks__isnull=False, tracks__missing_since__isnull=True)
    albums = Album.objects.filter(present, IsAmong(F("pk"), given()))
    return albums.order_by().values_list(*_COLUMNS).annotate(**_TOTALS)


_FIELDS = (*_COLUMNS, *_TOTALS)
_rows = PreparedQuery(_with_totals)
