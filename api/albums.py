"""The endpoints for albums. Only albums with present tracks are listed."""

from typing import Any

from django.db.models import Count, F, Min, Q, Sum
from django.http import HttpRequest, HttpResponse
from ninja import Path, Query, Router, Schema
from pydantic import Field

from api.answers import codes, listed
from api.errors import not_found
from api.values import Genre, Id, Paging, Search, Seed, one_of
from asgi.json_responses import json_response
from library.models.catalogue import Album, AlbumQuerySet, Artist, Track
from library.queries.ids import ids_of
from library.queries.orders import ALBUM_ORDERS, RANDOM, terms
from library.queries.shuffles import shuffled_ids
from library.queries.tombstones import find_living, living_id

router = Router(tags=["albums"])


class AlbumParameters(Paging):
    q: Search = ""
    artist: Id | None = Field(
        None,
        description="The id of an artist: albums with a track that names it as artist or album "
        "artist.",
    )
    genre: Genre | None = None
    sort: one_of((*ALBUM_ORDERS, RANDOM)) = "title"  # type: ignore[valid-type]
    seed: Seed = 0

    def ids(self) -> list[int]:
        """The ids of all albums that fit the filters, in order."""
        albums = self._fitting(Album.objects.search(self.q))
        if self.sort == RANDOM:
            return shuffled_ids(ids_of(albums.order_by()), self.seed)
        return ids_of(albums.order_by(*terms(ALBUM_ORDERS[self.sort])))

    def _fitting(self, albums: AlbumQuerySet) -> AlbumQuerySet:
        """The `albums` with at least one present track that fits the filters."""
        present = Track.objects.present()
        if self.artist is not None:
            albums = albums.filter(pk__in=present.by_artist(self.artist).values("album"))
        if self.genre is not None:
            albums = albums.filter(pk__in=present.filter(genre=self.genre).values("album"))
        is_filtered = self.artist is not None or self.genre is not None
        return albums if is_filtered else albums.listed()


class AlbumRow(Schema):
    """An album with the number and the total duration of its present tracks."""

    id: int
    title: str
    album_artist: str
    year: int | None
    compilation: bool
    musicbrainz_release_id: str
    cover_id: str = Field(description="Identifies the picture; empty if there is none.")
    cover_track_id: int | None = Field(
        description="A track that has the picture: "
        "`tracks/{cover_track_id}/covers/small.webp?v={cover_id}`."
    )
    track_count: int
    duration_s: float


class AlbumList(Schema):
    count: int
    revision: int
    results: list[AlbumRow]


_COLUMNS = (
    *("id", "title", "album_artist", "year", "compilation", "musicbrainz_release_id", "cover_id"),
)


@router.get("albums", response=codes({200: AlbumList, 304: None}, 422), summary="List albums")
def list_albums(request: HttpRequest, parameters: Query[AlbumParameters]) -> HttpResponse:
    """One page of the albums that fit all of the filters."""

    def body(_state: str) -> dict[str, Any]:
        ids = parameters.ids()
        if not ids and parameters.artist and (other := living_id(Artist, parameters.artist)):
            ids = parameters.model_copy(update={"artist": other}).ids()
        page = ids[parameters.offset : parameters.offset + parameters.limit]
        return {"count": len(ids), "results": _rows(page)}

    return listed(request, body)


@router.get("albums/{album_id}", response=codes({200: AlbumRow}, 404, 422), summary="Get an album")
def get_album(request: HttpRequest, album_id: Path[Id]) -> HttpResponse:  # noqa: ARG001
    """One album. Its tracks are `tracks?album={album_id}&sort=album`."""
    row = find_living(Album, album_id, lambda pk: next(iter(_rows([pk])), None))
    if row is None:
        raise not_found(f"album {album_id} with tracks that are present")
    return json_response(row)


def _rows(ids: list[int]) -> list[dict[str, Any]]:
    """The albums among `ids` that have present tracks, in the order of `ids`. Makes two queries."""
    albums = {row["id"]: row for row in Album.objects.filter(pk__in=ids).values(*_COLUMNS)}
    tracks = Track.objects.present().filter(album__in=ids).order_by()
    totals = {
        album: {"cover_track_id": cover, "track_count": count, "duration_s": round(duration, 3)}
        for album, cover, count, duration in tracks.values_list("album").annotate(
            cover=Min("pk", filter=Q(has_cover=True, cover_id=F("album__cover_id"))),
            count=Count("pk"),
            duration=Sum("duration_s"),
        )
    }
    return [{**albums[pk], **totals[pk]} for pk in ids if pk in albums and pk in totals]
