"""The endpoint of the place where people land: what they go on from, in one answer."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Query, Router, Schema
from pydantic import Field

from api.albums import ArtistsWanted, ShownAlbum
from api.answers import answer_of_state, codes
from api.sessions import user_of
from api.track_schemas import TrackRow
from api.tracks import rows_of_present
from api.values import Seed, Zone
from library.queries.scan_changes import DayOfChanges, days_of, newest_scan
from listening.changes import Area, state_of
from listening.home import Home, home

router = Router(tags=["home"])

DEFAULT_OF_SHELF, MAX_OF_SHELF = 12, 50

AlbumRows = Mapping[int, dict[str, Any]]


class HomeParameters(ArtistsWanted):
    limit: int = Field(
        DEFAULT_OF_SHELF, ge=1, le=MAX_OF_SHELF, description="The largest number of each."
    )
    seed: Seed = 0
    tz: Zone = Field("UTC", description="The time zone of the days of `changes`, by its IANA name.")


class BegunRow(Schema):
    """An album of which the last two plays came one after the other, with tracks left."""

    album: ShownAlbum
    next_track_id: int = Field(description="The one after the track heard last.")
    next_place: int = Field(description="Its place in the album, counted from 1.")
    track_count: int


class AlbumShelf(Schema):
    count: int = Field(description="How many the whole list has.")
    results: list[ShownAlbum]


class TrackShelf(Schema):
    count: int = Field(description="How many the whole list has.")
    results: list[TrackRow]


class ChangesRow(Schema):
    """What the scans that ended on one day changed: numbers of tracks."""

    day: date
    added: int
    updated: int
    moved: int
    restored: int = Field(description="Whose files came back.")
    missing: int = Field(description="Whose files are gone.")
    damaged: int = Field(
        description="Files that could not be read or stored, for the first time on this day."
    )
    albums: int = Field(description="How many albums are new.")
    added_alone: int = Field(description="Of the added tracks, those of other albums or of none.")
    new_albums: list[ShownAlbum] = Field(description="A few of these, the newest first.")


class HomeAnswer(Schema):
    revision: int = Field(description="The library's revision: rises with each change.")
    begun: list[BegunRow] = Field(description="Albums to go on with, that heard last first.")
    added: AlbumShelf = Field(description="All albums, that added last first.")
    played: AlbumShelf = Field(description="Albums that the user heard, that heard last first.")
    most_played: AlbumShelf
    favourites: AlbumShelf = Field(description="Favourite albums, the newest favourite first.")
    favourite_tracks: TrackShelf
    forgotten: list[ShownAlbum] = Field(
        description="Favourite and much played albums that the user has not heard for half a year, "
        "in random order."
    )
    random: AlbumShelf = Field(description="All albums in random order.")
    changes: list[ChangesRow] = Field(
        description="The last three days of the last thirty on which scans changed something, the "
        "newest first."
    )


@router.get(
    "home", response=codes({200: HomeAnswer, 304: None}, 422), summary="Get what home shows"
)
def get_home(request: HttpRequest, parameters: Query[HomeParameters]) -> HttpResponse:
    """What a user may want to go on from: the first albums of several lists, in one answer.

    The same `seed` gives the same random albums.
    """
    user_id = user_of(request).pk
    zone = ZoneInfo(parameters.tz)
    today, scan_id = timezone.now().astimezone(zone).date(), newest_scan()

    def body(revision: int, state: str) -> dict[str, Any]:
        found = home(user_id, state, parameters.seed, parameters.limit)
        days = days_of(state, scan_id, zone, today)
        ids = {*found.album_ids(), *(pk for day in days for pk in day.album_ids)}
        rows = {row["id"]: row for row in parameters.album_rows([*ids])}
        changes = [_changes(day, rows) for day in days]
        return {"revision": revision, **_shelves(found, rows), "changes": changes}

    own = state_of(user_id, Area.FAVOURITES, Area.PLAYS)
    asked = f"{parameters.seed} {parameters.limit} {parameters.artists}"
    word = f"{own} {asked} {zone} {today} after scan {scan_id}"
    return answer_of_state(request, body, word)


def _shelves(found: Home, rows: AlbumRows) -> dict[str, Any]:
    albums = {
        "added": found.added,
        "played": found.played,
        "most_played": found.most_played,
        "favourites": found.favourites,
        "random": found.random,
    }
    tracks = found.favourite_tracks
    begun = [asdict(each) for each in found.begun if each.album_id in rows]
    return {
        **{
            name: {"count": page.count, "results": _rows(page.ids, rows)}
            for name, page in albums.items()
        },
        "begun": [{"album": rows[each.pop("album_id")], **each} for each in begun],
        "favourite_tracks": {"count": tracks.count, "results": rows_of_present(tracks.ids)},
        "forgotten": _rows(found.forgotten, rows),
    }


def _rows(ids: list[int], rows: AlbumRows) -> list[dict[str, Any]]:
    return [rows[pk] for pk in ids if pk in rows]


def _changes(day: DayOfChanges, rows: AlbumRows) -> dict[str, Any]:
    told = asdict(day)
    new_albums = _rows(told.pop("album_ids"), rows)
    return {**told, "new_albums": new_albums}
