"""The filter of lists of artists, and the rows of a page."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Sum

from library.models.catalogue import (
    OWN_ROLES,
    Artist,
    ArtistQuerySet,
    ArtistRole,
    Track,
    TrackArtist,
)
from library.queries.filters import RowFilter
from library.queries.orders import ARTIST_ORDERS, RANDOM
from library.queries.prepared import IsAmong, PreparedQuery, given, ids_value

ARTIST_SORTS = (*ARTIST_ORDERS, RANDOM)

_COLUMNS = ("id", "name", "sort_name", "musicbrainz_artist_id")
_TOTALS = {
    "track_count": Count("track_artists"),
    "album_count": Count("track_artists__track__album", distinct=True),
    "duration_s": Sum("track_artists__track__duration_s"),
}


@dataclass(frozen=True, kw_only=True)
class ArtistFilter(RowFilter):
    """The artists that match everything given and are the artist or album artist of present tracks.

    `search`: see `ArtistQuerySet.search`. `genre`: of one of these tracks, spelled exactly as in
    the tags.
    """

    search: str = ""
    genre: str | None = None

    @property
    def is_checked_by_orders(self) -> bool:
        return False

    def listable(self) -> ArtistQuerySet:
        return Artist.objects.all()

    def _matching(self) -> ArtistQuerySet:
        artists = Artist.objects.search(self.search)
        if self.genre is None:
            return artists.listed()
        tracks = Track.objects.present().filter(genre=self.genre)
        named = TrackArtist.objects.filter(track__in=tracks.values("pk"), role__in=OWN_ROLES)
        return artists.filter(pk__in=named.values("artist"))


def artist_rows(ids: Sequence[int]) -> list[dict[str, Any]]:
    """The artists among `ids` that have present tracks, in the order of `ids`: their columns, the
    number of these tracks and of their albums, and the tracks' duration."""
    by_id: dict[int, dict[str, Any]] = {}
    for *columns, duration_s in _rows.rows(ids_value(ids)):
        row = dict(zip(_FIELDS, (*columns, round(duration_s, 3)), strict=True))
        by_id[row["id"]] = row
    return [by_id[pk] for pk in ids if pk in by_id]


def _with_totals() -> QuerySet[Any, Any]:
    artists = Artist.objects.filter(
        _each_track_once(),
        IsAmong(F("pk"), given()),
        track_artists__track__missing_since__isnull=True,
    )
    return artists.order_by().values_list(*_COLUMNS).annotate(**_TOTALS)


def _each_track_once() -> Q:
    """Of an artist who is both the artist and the album artist of a track, the first credit."""
    also_artist = TrackArtist.objects.filter(
        artist=OuterRef("track_artists__artist"),
        track=OuterRef("track_artists__track"),
        role=ArtistRole.ARTIST,
    )
    return Q(track_artists__role=ArtistRole.ARTIST) | (
        Q(track_artists__role=ArtistRole.ALBUM_ARTIST) & ~Q(Exists(also_artist))
    )


_FIELDS = (*_COLUMNS, *_TOTALS)
_rows = PreparedQuery(_with_totals)
