"""The filter of lists of albums, and the rows of a page."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Self

from django.db.models import F, Q, QuerySet

from library.models.albums import Album, AlbumLabel, AlbumQuerySet
from library.models.catalogue import Artist, ArtistRole, Track, TrackArtist, TrackQuerySet
from library.queries.filters import RowFilter
from library.queries.orders import ALBUM_ORDERS, RANDOM
from library.queries.prepared import IsAmong, PreparedQuery, given, ids_value
from library.queries.tombstones import with_living

ALBUM_SORTS = (*ALBUM_ORDERS, RANDOM)

_COLUMNS = (
    *("id", "title", "title_sort", "album_artist", "album_artist_sort"),
    *("year", "first_year", "original_date", "release_date", "release_types", "edition"),
    *("labels", "catalogue_number", "genres", "disc_titles", "compilation"),
    *("musicbrainz_release_id", "musicbrainz_release_group_id", "cover_id", "cover_track_id"),
    *("track_count", "duration_s", "first_added_at"),
    *("together_by", "apart_by", "disambiguation"),
)


@dataclass(frozen=True, kw_only=True)
class AlbumFilter(RowFilter):
    """The albums that match everything given and have present tracks.

    `search`: see `AlbumQuerySet.search`. `artist_id`, `genre`, `genre_id` and `composer_id`: albums
    with a present track by this artist, and with one of this genre; see
    `library.queries.tracks.TrackFilter`. `album_artist_id`: whose album it is. `years`: as there,
    of the album. `root`: albums with a present track in this music folder.
    """

    artist_id: int | None = None
    album_artist_id: int | None = None
    genre: str | None = None
    genre_id: int | None = None
    composer_id: int | None = None
    label_id: int | None = None
    years: tuple[int, int] | None = None
    root: str | None = None

    @property
    def is_checked_by_orders(self) -> bool:
        """True without a condition: each album tells whether it has present tracks."""
        return self == AlbumFilter()

    def with_living_ids(self) -> Self | None:
        return with_living(self, artist_id=Artist, album_artist_id=Artist, composer_id=Artist)

    def listable(self) -> AlbumQuerySet:
        return Album.objects.all()

    def _matching(self) -> AlbumQuerySet:
        albums = Album.objects.listed().search(self.searched)
        for tracks in self._track_conditions():
            albums = albums.filter(pk__in=tracks.values("album"))
        if self.album_artist_id is not None:
            albums = albums.filter(_is_album_of(self.album_artist_id))
        if self.label_id is not None:
            labelled = AlbumLabel.objects.filter(label=self.label_id)
            albums = albums.filter(pk__in=labelled.values("album"))
        if self.years is not None:
            albums = albums.filter(first_year__range=self.years)
        return albums

    def _track_conditions(self) -> Iterator[TrackQuerySet]:
        """For each condition on its tracks those that meet it; the album needs one of each."""
        present = Track.objects.present()
        if self.artist_id is not None:
            yield present.by_artist(self.artist_id)
        if self.genre is not None:
            yield present.of_genre_named(self.genre)
        if self.genre_id is not None:
            yield present.of_genre(self.genre_id)
        if self.composer_id is not None:
            yield present.by_composer(self.composer_id)
        if self.root is not None:
            yield present.filter(root=self.root)


def _is_album_of(artist_id: int) -> Q:
    """Albums of which tracks name this album artist, and albums without an album artist that are
    known by the name of the artist."""
    named = TrackArtist.objects.filter(artist=artist_id, track__missing_since=None)
    own, by = (
        named.filter(role=role).values("track__album")
        for role in (ArtistRole.ALBUM_ARTIST, ArtistRole.ARTIST)
    )
    sort_key = Artist.objects.filter(pk=artist_id).values("sort_key")
    return Q(pk__in=own) | Q(pk__in=by, artist_key__in=sort_key)


def album_rows(ids: Sequence[int]) -> list[dict[str, Any]]:
    """The albums among `ids` that have present tracks, in the order of `ids`."""
    by_id: dict[int, dict[str, Any]] = {}
    for columns in _rows.rows(ids_value(ids)):
        row = dict(zip(_COLUMNS, columns, strict=True))
        row["duration_s"] = round(row["duration_s"], 3)
        by_id[row["id"]] = row
    return [by_id[pk] for pk in ids if pk in by_id]


def _listed() -> QuerySet[Any, Any]:
    albums = Album.objects.listed().filter(IsAmong(F("pk"), given()))
    return albums.order_by().values_list(*_COLUMNS)


_rows = PreparedQuery(_listed)
