"""The endpoints for artists and composers. Only those with present tracks are listed."""

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
    ComposerId,
    Genre,
    GenreId,
    Id,
    LabelId,
    Paging,
    Parameters,
    Search,
    Seed,
    Years,
    one_of,
    years_of,
)
from asgi.json_responses import json_response
from library.models.catalogue import Artist
from library.queries.artists import (
    ARTIST_SORTS,
    ArtistFilter,
    ComposerFilter,
    artist_rows,
    composer_rows,
)
from library.queries.lists import RowList
from library.queries.orders import ARTIST_ORDERS, named_order
from library.queries.similar_artists import similar_artists
from library.queries.tombstones import find_living
from listening.own import OWN_SORTS, OwnPart
from listening.searching.query import parse

router = Router(tags=["artists"])


class ArtistFilters(OwnFilters):
    q: Search = ""
    genre: Genre | None = None
    genre_id: GenreId | None = None
    composer: ComposerId | None = None
    label: LabelId | None = None
    year: Years | None = None
    sort: one_of((*ARTIST_SORTS, *OWN_SORTS)) = "name"  # type: ignore[valid-type]
    seed: Seed = 0

    def artists(self, state: str, own: OwnPart) -> RowList:
        wanted = ArtistFilter(
            search=parse(self.q).text_of("artists"),
            genre=self.genre,
            genre_id=self.genre_id,
            composer_id=self.composer,
            label_id=self.label,
            years=None if self.year is None else years_of(self.year),
            others=own.filters,
        )
        order = own.order or named_order(ARTIST_ORDERS, self.sort, self.seed)
        return RowList(filter=wanted, order=order, state=state)


class ArtistParameters(Paging, OwnParameters, ArtistFilters):
    """A page of a filtered list."""


class ComposerFilters(OwnFilters):
    q: Search = ""
    sort: one_of((*ARTIST_SORTS, *OWN_SORTS)) = "name"  # type: ignore[valid-type]
    seed: Seed = 0

    def composers(self, state: str, own: OwnPart) -> RowList:
        wanted = ComposerFilter(search=parse(self.q).text_of("composers"), others=own.filters)
        order = own.order or named_order(ARTIST_ORDERS, self.sort, self.seed)
        return RowList(filter=wanted, order=order, state=state)


class ComposerParameters(Paging, OwnParameters, ComposerFilters):
    """A page of a filtered list."""


class SimilarParameters(Parameters):
    limit: int = Field(12, ge=1, le=100, description="The largest number of results.")


class ArtistRow(Schema):
    """An artist with the totals of the present tracks that name it as artist or album artist."""

    id: int
    name: str
    sort_name: str
    musicbrainz_artist_id: str
    cover_id: str = Field(description="Identifies the picture; empty if there is none.")
    track_count: int
    album_count: int = Field(description="Albums that these tracks are on.")
    duration_s: float


class ComposerRow(ArtistRow):
    """An artist with the totals of the present tracks that name it as composer."""


class ListedArtist(WithOwn, ArtistRow):
    """An artist in a list, with what the user made of it."""


class ListedComposer(WithOwn, ComposerRow):
    """A composer in a list, with what the user made of it."""


class ComposerList(Schema):
    count: int
    revision: int
    results: list[ListedComposer]


class ArtistList(Schema):
    count: int
    revision: int
    results: list[ListedArtist]


class SimilarArtists(Schema):
    count: int
    revision: int
    results: list[ArtistRow]


@router.get("artists", response=codes({200: ArtistList, 304: None}, 422), summary="List artists")
def list_artists(request: HttpRequest, parameters: Query[ArtistParameters]) -> HttpResponse:
    """One page of the artists that fit all of the filters."""

    own = parameters.own_part(request, "artist", parameters.sort, parse(parameters.q))

    def body(state: str) -> dict[str, Any]:
        page = parameters.artists(state, own).page(parameters.offset, parameters.limit)
        rows = parameters.with_own(request, "artist", artist_rows(page.ids))
        return {"count": page.count, "results": rows}

    return listed(request, body, own.state)


@router.get("artists/letters", response=codes({200: LetterList, 304: None}, 422), summary="Letters")
def list_artist_letters(request: HttpRequest, parameters: Query[ArtistFilters]) -> HttpResponse:
    """At which place of the list of artists each first letter begins."""
    own = parameters.own_part(request, "artist", parameters.sort, parse(parameters.q))
    return listed(request, lambda state: letters_body(parameters.artists(state, own)), own.state)


@router.get(
    "artists/{artist_id}/similar",
    response=codes({200: SimilarArtists, 304: None}, 404, 422),
    summary="List similar artists",
)
def list_similar_artists(
    request: HttpRequest, artist_id: Path[Id], parameters: Query[SimilarParameters]
) -> HttpResponse:
    """Artists of the same genres and about the same time, the most similar first."""
    living_id = _artist(artist_id)["id"]

    def body(state: str) -> dict[str, Any]:
        rows = artist_rows(similar_artists(state, living_id)[: parameters.limit])
        return {"count": len(rows), "results": rows}

    return listed(request, body)


@router.get(
    "artists/{artist_id}", response=codes({200: ArtistRow}, 404, 422), summary="Get an artist"
)
def get_artist(request: HttpRequest, artist_id: Path[Id]) -> HttpResponse:  # noqa: ARG001
    """One artist. Its tracks are `tracks?artist={artist_id}`, its albums
    `albums?artist={artist_id}`."""
    return json_response(_artist(artist_id))


def _artist(artist_id: int) -> dict[str, Any]:
    row = find_living(Artist, artist_id, lambda pk: next(iter(artist_rows([pk])), None))
    if row is None:
        raise not_found(
            gettext("There is no artist %(id)s with tracks that are present.") % {"id": artist_id}
        )
    return row


@router.get(
    "composers", response=codes({200: ComposerList, 304: None}, 422), summary="List composers"
)
def list_composers(request: HttpRequest, parameters: Query[ComposerParameters]) -> HttpResponse:
    """One page of the artists who composed present tracks. Their ids are those of artists."""

    own = parameters.own_part(request, "composer", parameters.sort, parse(parameters.q))

    def body(state: str) -> dict[str, Any]:
        page = parameters.composers(state, own).page(parameters.offset, parameters.limit)
        rows = parameters.with_own(request, "artist", composer_rows(page.ids))
        return {"count": page.count, "results": rows}

    return listed(request, body, own.state)


@router.get(
    "composers/letters", response=codes({200: LetterList, 304: None}, 422), summary="Letters"
)
def list_composer_letters(request: HttpRequest, parameters: Query[ComposerFilters]) -> HttpResponse:
    """At which place of the list of composers each first letter begins."""
    own = parameters.own_part(request, "composer", parameters.sort, parse(parameters.q))
    return listed(request, lambda state: letters_body(parameters.composers(state, own)), own.state)


@router.get(
    "composers/{composer_id}",
    response=codes({200: ComposerRow}, 404, 422),
    summary="Get a composer",
)
def get_composer(request: HttpRequest, composer_id: Path[Id]) -> HttpResponse:  # noqa: ARG001
    """One composer. The tracks are `tracks?composer={composer_id}`, the albums
    `albums?composer={composer_id}`."""
    row = find_living(Artist, composer_id, lambda pk: next(iter(composer_rows([pk])), None))
    if row is None:
        raise not_found(
            gettext("There is no composer %(id)s with tracks that are present.")
            % {"id": composer_id}
        )
    return json_response(row)
