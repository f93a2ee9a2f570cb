"""The endpoints for albums. Only albums with present tracks are listed."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from ninja import Path, Query, Router, Schema
from pydantic import Field

from api.answers import codes, listed
from api.errors import not_found
from api.letters import LetterList, letters_body
from api.own import OwnFilters, OwnParameters, WithOwn
from api.values import (
    Id,
    MusicParameters,
    Paging,
    Parameters,
    Seed,
    one_of,
)
from asgi.json_responses import json_response
from library.models.albums import Album
from library.queries.album_artists import rows_with_artists
from library.queries.album_details import album_details
from library.queries.albums import ALBUM_SORTS, AlbumFilter, album_rows
from library.queries.lists import RowList
from library.queries.orders import ALBUM_ORDERS, named_order
from library.queries.tombstones import find_living
from listening.own import OWN_SORTS, OwnPart
from listening.searching.query import parse

router = Router(tags=["albums"])


class AlbumFilters(OwnFilters, MusicParameters):
    artist: Id | None = Field(
        None,
        description="The id of an artist: albums with a track that names it as artist or album "
        "artist.",
    )
    album_artist: Id | None = Field(
        None,
        description="The id of an artist whose own albums these are, not those of others with a "
        "track by the artist.",
    )
    sort: one_of((*ALBUM_SORTS, *OWN_SORTS)) = "title"  # type: ignore[valid-type]
    seed: Seed = 0

    def albums(self, state: str, own: OwnPart) -> RowList:
        wanted = AlbumFilter(
            search=parse(self.q).text_of("albums"),
            artist_id=self.artist,
            album_artist_id=self.album_artist,
            others=own.filters,
            **self.grouping_filters(),
        )
        order = own.order or named_order(ALBUM_ORDERS, self.sort, self.seed)
        return RowList(filter=wanted, order=order, state=state)


class ArtistsWanted(Parameters):
    artists: bool = Field(
        default=False, description="Whether each album has its `album_artists`, for links."
    )

    def album_rows(self, ids: list[int]) -> list[dict[str, Any]]:
        return (rows_with_artists if self.artists else album_rows)(ids)


class AlbumParameters(Paging, OwnParameters, AlbumFilters, ArtistsWanted):
    """A page of a filtered list."""


class AlbumRow(Schema):
    """An album with the number and the total duration of its present tracks."""

    id: int
    title: str
    title_sort: str = Field(description="For sorting, as `Wall, The`; empty if no file has one.")
    album_artist: str
    album_artist_sort: str
    year: int | None = Field(description="Of this release.")
    first_year: int | None = Field(
        description="Of the original release, else `year`; lists are sorted by it."
    )
    original_date: str = Field(description="As precise as known: `1973`, `1973-03`, `1973-03-01`.")
    release_date: str
    release_types: list[str] = Field(description="In lower case, as `album`, `live`.")
    edition: str
    labels: list[str]
    catalogue_number: str
    genres: list[str] = Field(description="Of all its tracks, those of most tracks first.")
    disc_titles: dict[str, str] = Field(description="Titles of discs, by the disc's number.")
    compilation: bool
    musicbrainz_release_id: str
    musicbrainz_release_group_id: str
    cover_id: str = Field(description="Identifies the picture; empty if there is none.")
    cover_track_id: int | None = Field(
        description="A track that has the picture: "
        "`tracks/{cover_track_id}/covers/small.webp?v={cover_id}`."
    )
    track_count: int
    duration_s: float
    first_added_at: datetime | None = Field(description="When the first of its tracks came.")
    together_by: str = Field(
        description="The rule by which its tracks are one album; empty if it was not worked out "
        "yet."
    )
    apart_by: str = Field(
        description="The rule by which it is not one with another album of its name; empty if "
        "there is no other."
    )
    disambiguation: str = Field(
        description="What tells it from another album of its name, as `2011` or `MP3`; empty if "
        "there is no other."
    )


class AlbumArtist(Schema):
    id: int
    name: str


class ShownAlbum(AlbumRow):
    """An album as lists show it, maybe with links to its artists."""

    album_artists: list[AlbumArtist] | None = Field(
        None,
        description="Those whom its first track names, if it is not by various artists. Only "
        "there with `artists=true`.",
    )


class ListedAlbum(WithOwn, ShownAlbum):
    """An album in a list, with what the user made of it."""


class AlbumList(Schema):
    count: int
    revision: int
    results: list[ListedAlbum]


class AlbumFormat(Schema):
    """What some of an album's tracks are stored as."""

    codec: str
    bit_depth: int = Field(description="0 for lossy codecs.")
    sample_rate_hz: int
    bitrate_kbps: int = Field(description="The mean of these tracks.")
    track_count: int


class AlbumDetail(AlbumRow):
    """An album with what its page shows."""

    album_artists: list[AlbumArtist] = Field(
        description="Those whom the files name; without an album artist those who are the artist "
        "of each track."
    )
    genre_ids: list[int | None] = Field(description="Of `genres`, in their order.")
    label_ids: list[int | None] = Field(description="Of `labels`, in their order.")
    formats: list[AlbumFormat] = Field(description="That of most tracks first.")
    editions: list[AlbumRow] = Field(
        description="Other albums of the same MusicBrainz release group, or of the same title and "
        "album artist; the first 100."
    )


@router.get("albums", response=codes({200: AlbumList, 304: None}, 422), summary="List albums")
def list_albums(request: HttpRequest, parameters: Query[AlbumParameters]) -> HttpResponse:
    """One page of the albums that fit all of the filters."""

    own = parameters.own_part(request, "album", parameters.sort, parse(parameters.q))

    def body(state: str) -> dict[str, Any]:
        page = parameters.albums(state, own).page(parameters.offset, parameters.limit)
        rows = parameters.with_own(request, "album", parameters.album_rows(page.ids))
        return {"count": page.count, "results": rows}

    return listed(request, body, own.state)


@router.get("albums/letters", response=codes({200: LetterList, 304: None}, 422), summary="Letters")
def list_album_letters(request: HttpRequest, parameters: Query[AlbumFilters]) -> HttpResponse:
    """At which place of the list of albums each first letter begins."""
    own = parameters.own_part(request, "album", parameters.sort, parse(parameters.q))
    return listed(request, lambda state: letters_body(parameters.albums(state, own)), own.state)


@router.get(
    "albums/{album_id}", response=codes({200: AlbumDetail}, 404, 422), summary="Get an album"
)
def get_album(request: HttpRequest, album_id: Path[Id]) -> HttpResponse:  # noqa: ARG001
    """One album. Its tracks are `tracks?album={album_id}&sort=album`."""
    row = find_living(Album, album_id, lambda pk: next(iter(album_rows([pk])), None))
    if row is None:
        raise not_found(
            gettext("There is no album %(id)s with tracks that are present.") % {"id": album_id}
        )
    return json_response({**row, **album_details(row)})
