"""The filter of lists of artists, and the rows of a page."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Sum

from library.models.catalogue import (
    OWN_ROLES,
    Artist,
    ArtistQuerySet,
    ArtistRole,
    TrackArtist,
)
from library.queries.filters import RowFilter
from library.queries.orders import ARTIST_ORDERS, RANDOM
from library.queries.prepared import IsAmong, PreparedQuery, given, ids_value
from library.queries.tracks import TrackFilter

ARTIST_SORTS = (*ARTIST_ORDERS, RANDOM)

_COLUMNS = ("id", "name", "sort_name", "musicbrainz_artist_id", "cover_id")
_TOTALS = {
    "track_count": Count("track_artists"),
    "album_count": Count("track_artists__track__album", distinct=True),
    "duration_s": Sum("track_artists__track__duration_s"),
}


class NamedArtist(NamedTuple):
    """An artist as it is stored; see `library.models.catalogue.Artist`."""

    id: int
    name: str
    sort_name: str
    musicbrainz_artist_id: str
    cover_id: str
    sort_key: str


@dataclass(frozen=True, kw_only=True)
class ArtistFilter(RowFilter):
    """The artists that match everything given and are the artist or album artist of present tracks.

    `search`: see `ArtistQuerySet.search`. `genre`, `genre_id`, `composer_id`, `label_id`, `years`
    and `root`: of one of these tracks; see `library.queries.tracks.TrackFilter`.
    """

    genre: str | None = None
    genre_id: int | None = None
    composer_id: int | None = None
    label_id: int | None = None
    years: tuple[int, int] | None = None
    root: str | None = None

    @property
    def is_checked_by_orders(self) -> bool:
        return False

    def listable(self) -> ArtistQuerySet:
        return Artist.objects.all()

    def _matching(self) -> ArtistQuerySet:
        artists = Artist.objects.search(self.searched)
        tracks = TrackFilter(
            genre=self.genre,
            genre_id=self.genre_id,
            composer_id=self.composer_id,
            label_id=self.label_id,
            years=self.years,
            root=self.root,
        )
        if tracks == TrackFilter():
            return artists.listed()
        wanted = tracks.matching().order_by().values("pk")
        named = TrackArtist.objects.filter(track__in=wanted, role__in=OWN_ROLES)
        return artists.filter(pk__in=named.values("artist"))


@dataclass(frozen=True, kw_only=True)
class ComposerFilter(RowFilter):
    """The artists whose name fits `search` and who are the composer of present tracks."""

    @property
    def is_checked_by_orders(self) -> bool:
        return False

    def listable(self) -> ArtistQuerySet:
        return Artist.objects.all()

    def _matching(self) -> ArtistQuerySet:
        return Artist.objects.search(self.searched).composers()


def artist_rows(ids: Sequence[int]) -> list[dict[str, Any]]:
    """The artists among `ids` that have present tracks, in the order of `ids`: their columns, the
    number of these tracks and of their albums, and the tracks' duration."""
    return _in_order(ids, _rows)


def composer_rows(ids: Sequence[int]) -> list[dict[str, Any]]:
    """The same of composers, and of the tracks that they composed."""
    return _in_order(ids, _composer_rows)


def _in_order(ids: Sequence[int], query: PreparedQuery) -> list[dict[str, Any]]:
    by_id: dict[int, dict[str, Any]] = {}
    for *columns, duration_s in query.rows(ids_value(ids)):
        row = dict(zip(_FIELDS, (*columns, round(duration_s, 3)), strict=True))
        by_id[row["id"]] = row
    return [by_id[pk] for pk in ids if pk in by_id]


def _with_totals(own_credits: Q) -> QuerySet[Any, Any]:
    artists = Artist.objects.filter(
        own_credits,
        IsAmong(F("pk"), given()),
        track_artists__track__missing_since__isnull=True,
    )
    return artists.order_by().values_list(*_COLUMNS).annotate(**_TOTALS)


def _each_track_once() -> Q:
    """Of an artist who is both the artist and the album artist of a track, the first credit.

    The first condition lets both databases read only the part of the
    index that has these roles.
    """
    also_artist = TrackArtist.objects.filter(
        artist=OuterRef("track_artists__artist"),
        track=OuterRef("track_artists__track"),
        role=ArtistRole.ARTIST,
    )
    return Q(track_artists__role__in=OWN_ROLES) & (
        Q(track_artists__role=ArtistRole.ARTIST) | ~Q(Exists(also_artist))
    )


_FIELDS = (*_COLUMNS, *_TOTALS)
_rows = PreparedQuery(lambda: _with_totals(_each_track_once()))
_composer_rows = PreparedQuery(lambda: _with_totals(Q(track_artists__role=ArtistRole.COMPOSER)))


def artist_names(ids: Iterable[int]) -> dict[int, str]:
    """The names of these artists, by their ids."""
    return dict(_names.rows(ids_value([*ids])))


def artist_id_keyed(key: str) -> int | None:
    """The id of the artist whose name has this `identity_key`; None if there is none."""
    return Artist.objects.filter(key=key).values_list("pk", flat=True).first()


def named_artists(ids: Sequence[int] | None) -> list[NamedArtist]:
    """Those of these artists that there are, or all, in no order: `artist_rows` without totals."""
    rows = _columns_of_all.rows() if ids is None else _columns.rows(ids_value(ids))
    return [NamedArtist(*row) for row in rows]


def _plain_rows(*conditions: Any) -> QuerySet[Any, Any]:
    return Artist.objects.filter(*conditions).order_by().values_list(*NamedArtist._fields)


def _with_names() -> QuerySet[Any, Any]:
    named = Artist.objects.filter(IsAmong(F("pk"), given()))
    return named.order_by().values_list("pk", "name")


_names = PreparedQuery(_with_names)
_columns = PreparedQuery(lambda: _plain_rows(IsAmong(F("pk"), given())))
_columns_of_all = PreparedQuery(_plain_rows)
