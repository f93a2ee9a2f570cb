"""The endpoints for artists. Only artists with present tracks are listed."""

from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, Sum
from django.http import HttpRequest, HttpResponse
from ninja import Path, Query, Router, Schema
from pydantic import Field

from api.answers import codes, listed
from api.errors import not_found
from api.values import Genre, Id, Paging, Search, Seed, one_of
from asgi.json_responses import json_response
from library.models.catalogue import (
    OWN_ROLES,
    Artist,
    ArtistQuerySet,
    ArtistRole,
    Track,
    TrackArtist,
)
from library.queries.ids import ids_of
from library.queries.orders import ARTIST_ORDERS, RANDOM, terms
from library.queries.shuffles import shuffled_ids
from library.queries.tombstones import find_living

router = Router(tags=["artists"])


class ArtistParameters(Paging):
    q: Search = ""
    genre: Genre | None = None
    sort: one_of((*ARTIST_ORDERS, RANDOM)) = "name"  # type: ignore[valid-type]
    seed: Seed = 0

    def ids(self) -> list[int]:
        """The ids of all artists that fit the filters, in order."""
        artists = self._fitting(Artist.objects.search(self.q))
        if self.sort == RANDOM:
            return shuffled_ids(ids_of(artists.order_by()), self.seed)
        return ids_of(artists.order_by(*terms(ARTIST_ORDERS[self.sort])))

    def _fitting(self, artists: ArtistQuerySet) -> ArtistQuerySet:
        """The `artists` with at least one present track, of the requested genre if there is one."""
        if self.genre is None:
            return artists.listed()
        tracks = Track.objects.present().filter(genre=self.genre)
        named = TrackArtist.objects.filter(track__in=tracks.values("pk"), role__in=OWN_ROLES)
        return artists.filter(pk__in=named.values("artist"))


class ArtistRow(Schema):
    """An artist with the totals of the present tracks that name it as artist or album artist."""

    id: int
    name: str
    sort_name: str
    musicbrainz_artist_id: str
    track_count: int
    album_count: int = Field(description="Albums that these tracks are on.")
    duration_s: float


class ArtistList(Schema):
    count: int
    revision: int
    results: list[ArtistRow]


_COLUMNS = ("id", "name", "sort_name", "musicbrainz_artist_id")


@router.get("artists", response=codes({200: ArtistList, 304: None}, 422), summary="List artists")
def list_artists(request: HttpRequest, parameters: Query[ArtistParameters]) -> HttpResponse:
    """One page of the artists that fit all of the filters."""

    def body(_state: str) -> dict[str, Any]:
        ids = parameters.ids()
        page = ids[parameters.offset : parameters.offset + parameters.limit]
        return {"count": len(ids), "results": _rows(page)}

    return listed(request, body)


@router.get(
    "artists/{artist_id}", response=codes({200: ArtistRow}, 404, 422), summary="Get an artist"
)
def get_artist(request: HttpRequest, artist_id: Path[Id]) -> HttpResponse:  # noqa: ARG001
    """One artist. Its tracks are `tracks?artist={artist_id}`, its albums
    `albums?artist={artist_id}`."""
    row = find_living(Artist, artist_id, lambda pk: next(iter(_rows([pk])), None))
    if row is None:
        raise not_found(f"artist {artist_id} with tracks that are present")
    return json_response(row)


def _rows(ids: list[int]) -> list[dict[str, Any]]:
    """The artists among `ids` that have present tracks, in the order of `ids`; two queries."""
    artists = {row["id"]: row for row in Artist.objects.filter(pk__in=ids).values(*_COLUMNS)}
    named = TrackArtist.objects.filter(
        _counted_once(), artist__in=ids, role__in=OWN_ROLES, track__missing_since__isnull=True
    )
    totals = {
        artist: {"track_count": tracks, "album_count": albums, "duration_s": round(duration, 3)}
        for artist, tracks, albums, duration in named.order_by()
        .values_list("artist")
        .annotate(Count("pk"), Count("track__album", distinct=True), Sum("track__duration_s"))
    }
    return [{**artists[pk], **totals[pk]} for pk in ids if pk in artists and pk in totals]


def _counted_once() -> Q:
    """Count a track once for an artist who is both its artist and its album artist."""
    also_artist = TrackArtist.objects.filter(
        artist=OuterRef("artist"), track=OuterRef("track"), role=ArtistRole.ARTIST
    )
    return Q(role=ArtistRole.ARTIST) | ~Q(Exists(also_artist))
