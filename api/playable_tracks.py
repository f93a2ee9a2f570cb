"""The endpoint for the tracks of whole albums, artists, folders and playlists, to play them."""

from typing import Annotated

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema
from pydantic import ConfigDict, Field

from api.answers import codes
from api.bodies import JSON, described, read_body
from api.errors import ApiError
from api.sessions import user_of
from api.values import Id
from asgi.json_responses import json_response
from listening.playlists.playable import find_playable
from listening.playlists.refusals import Refused
from listening.playlists.sources import Sources

router = Router(tags=["tracks"])

MOST_IDS = 10_000
Ids = Annotated[list[Id], Field(max_length=MOST_IDS)]


class Wanted(Schema):
    """Whose tracks are asked for, in the order of these fields."""

    model_config = ConfigDict(extra="forbid")

    album_ids: Ids = Field([], description="All tracks of each, in the order of the album.")
    artist_ids: Ids = Field([], description="All tracks of each, album by album.")
    folder_ids: Ids = Field([], description="All tracks in each and in folders below it.")
    playlist_ids: Ids = Field([], description="All tracks of each, in its order.")


class PlayableTracks(Schema):
    ids: list[int]
    missing_count: int = Field(
        description="If there are no `ids`: how many tracks there would be, had their files not "
        "gone. Otherwise 0."
    )


@router.post(
    "track-ids",
    response=codes({200: PlayableTracks}, 400, 403, 409, 413, 415, 422),
    openapi_extra=described(Wanted, JSON),
    summary="List the ids of the tracks of albums, artists, folders and playlists",
)
def list_playable_tracks(request: HttpRequest) -> HttpResponse:
    """The ids of the present tracks, in order, to fill a play queue. It changes nothing."""
    wanted = read_body(request, Wanted, JSON)
    try:
        found = find_playable(user_of(request).pk, Sources(**wanted.model_dump()))
    except Refused as refusal:
        raise ApiError(409, refusal.code, str(refusal)) from None
    return json_response({"ids": found.ids, "missing_count": found.missing_count})
