"""The endpoints for the entries of playlists."""

from datetime import datetime
from types import SimpleNamespace
from typing import Annotated, Any

import pydantic
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from ninja import Path, Query, Router, Schema
from pydantic import ConfigDict, Field

from accounts.roles import is_administrator
from api.answers import answer_of_state, codes
from api.bodies import JSON, described, read_body
from api.errors import invalid, problems_of
from api.late import check_user
from api.playlists import CHANGES, Version, refusals, word_of
from api.sessions import user_of
from api.track_schemas import TrackRow
from api.tracks import TrackFilters, rows_of_all
from api.values import Id, Moment, Paging
from asgi.json_responses import json_response
from library.queries.lists import RowList
from library.queries.revision import library_revision
from listening.models import Playlist
from listening.playlists import entries
from listening.playlists.contents import (
    entry_ids_of,
    entry_page,
    entry_rows,
    found_rows,
    smart_contents,
    track_ids_of,
)
from listening.playlists.entries import MOST_ENTRIES, Changed
from listening.playlists.rights import Right, find_playlist
from listening.playlists.sources import Gathered, Sources, gather
from listening.searching.query import parse

router = Router(tags=["playlists"])

MOST_ALBUMS = 10_000
Ids = Annotated[list[Id], Field(max_length=MOST_ALBUMS)]
EntryIds = Annotated[list[Id], Field(min_length=1, max_length=MOST_ENTRIES)]
Before = Annotated[
    Id | None,
    Field(None, description="The id of the entry before which these are put; null: at the end."),
]


class LostTrack(Schema):
    """What is known of a track that was purged, or that an imported playlist names and the library
    does not have. Once it has it, the entry is of that track."""

    title: str
    artist: str
    album: str
    duration_s: float | None
    path: str = Field(
        description="Where it was, or where the imported playlist says that it is. Only "
        "administrators see the path of the music folder itself."
    )


class EntryRow(Schema):
    """A place in a playlist."""

    entry_id: int | None = Field(
        description="Stays the same wherever the entry is moved. null in a smart playlist."
    )
    track: TrackRow | None = Field(description="null if it is lost.")
    lost: LostTrack | None = Field(description="null unless the track is lost.")
    is_missing: bool = Field(description="It cannot be played: it is lost, or its file is gone.")
    added_at: datetime | None = Field(description="null in a smart playlist.")
    added_by: str | None = Field(description="The user name; null if it is not known.")


class EntryList(Schema):
    count: int
    revision: int = Field(description="The library's revision.")
    version: int = Field(description="Of the playlist.")
    results: list[EntryRow]


class PlaylistTrackIds(Schema):
    count: int
    revision: int
    version: int
    ids: list[int]


class PlaylistEntryIds(Schema):
    count: int
    version: int
    ids: list[int]


class NewEntries(Schema):
    """What is added, in the order of these fields; at least one is needed."""

    model_config = ConfigDict(extra="forbid")

    track_ids: Annotated[list[Id], Field(max_length=MOST_ENTRIES)] = []
    album_ids: Ids = Field([], description="All tracks of each, in the order of the album.")
    artist_ids: Ids = Field([], description="All tracks of each, album by album.")
    folder_ids: Ids = Field([], description="All tracks in each and in folders below it.")
    playlist_ids: Ids = Field([], description="All entries of each.")
    search: dict[str, Any] | None = Field(
        None,
        description="The parameters of `GET tracks`: all tracks that fit, in that order.",
        json_schema_extra={
            "properties": {name: {} for name in TrackFilters.model_fields},
            "additionalProperties": False,
        },
    )
    before: Before = None
    skip_known: bool = Field(
        default=False,
        description="Leave out tracks that the playlist has already, or that come twice.",
    )
    version: Version = None
    added_at: Moment | None = Field(
        None,
        description="When the user did it, from a client that could not reach the server then. "
        "What the user added to this playlist at the same time is not added again, so that the "
        "call can be repeated.",
    )
    user: str | None = Field(
        None, description="The name of the user who did it: 409 if somebody else is logged in."
    )


class NamedEntries(Schema):
    model_config = ConfigDict(extra="forbid")

    entry_ids: EntryIds
    version: Version = None


class MovedEntries(NamedEntries):
    """These entries are put one after the other, in this order."""

    before: Before = None


class AddedEntries(Schema):
    added: int
    known: int = Field(
        description="How many of the tracks the playlist had already; with `skip_known`, how many "
        "were left out."
    )
    not_found: list[int] = Field(description="The given ids of which there is nothing to add.")
    entry_ids: list[int] = Field(description="Of the new entries, in order.")
    version: int
    entry_count: int


class ChangedEntries(Schema):
    entry_ids: list[int] = Field(
        description="Of the entries that were changed, in order; without those that others had "
        "removed or restored already."
    )
    version: int
    entry_count: int


@router.get(
    "playlists/{playlist_id}/entries",
    response=codes({200: EntryList, 304: None}, 404, 422),
    summary="List the entries of a playlist",
)
def list_playlist_entries(
    request: HttpRequest, playlist_id: Path[Id], parameters: Query[Paging]
) -> HttpResponse:
    """One page of the entries, in order. Missing and lost tracks stand at their places."""
    playlist, word = _seen(request, playlist_id)
    shows_paths = is_administrator(request.user)

    def body(revision: int, state: str) -> dict[str, Any]:
        offset, limit = parameters.offset, parameters.limit
        if playlist.rules is None:
            page = entry_page(playlist, offset, limit)
            count, rows = playlist.entry_count, entry_rows(page, shows_paths=shows_paths)
        else:
            found = smart_contents(playlist, state).page(offset, limit)
            count, rows = found.count, found_rows(found.ids)
        head = {"count": count, "revision": revision, "version": playlist.version}
        return {**head, "results": _with_tracks(rows)}

    return answer_of_state(request, body, f"{word} with paths" if shows_paths else word)


@router.get(
    "playlists/{playlist_id}/track-ids",
    response=codes({200: PlaylistTrackIds, 304: None}, 404, 422),
    summary="List the ids of a playlist's tracks",
)
def list_playlist_track_ids(request: HttpRequest, playlist_id: Path[Id]) -> HttpResponse:
    """The ids of the present tracks, in order and as often as they are in it, to fill a queue."""
    playlist, word = _seen(request, playlist_id)

    def body(revision: int, _: str) -> dict[str, Any]:
        ids = track_ids_of(playlist)
        head = {"count": len(ids), "revision": revision, "version": playlist.version}
        return {**head, "ids": ids}

    return answer_of_state(request, body, word)


@router.get(
    "playlists/{playlist_id}/entry-ids",
    response=codes({200: PlaylistEntryIds, 304: None}, 404, 422),
    summary="List the ids of a playlist's entries",
)
def list_playlist_entry_ids(request: HttpRequest, playlist_id: Path[Id]) -> HttpResponse:
    """The ids of all entries, in order, also of missing and lost tracks: to change many at once."""
    playlist, word = _seen(request, playlist_id)

    def body(*_: object) -> dict[str, Any]:
        ids = entry_ids_of(playlist)
        return {"count": len(ids), "version": playlist.version, "ids": ids}

    return answer_of_state(request, body, word)


@router.post(
    "playlists/{playlist_id}/entries",
    response=codes({200: AddedEntries}, *CHANGES),
    openapi_extra=described(NewEntries, JSON),
    summary="Add to a playlist",
)
def add_playlist_entries(request: HttpRequest, playlist_id: Path[Id]) -> HttpResponse:
    """Tracks, albums, artists, folders, other playlists or the results of a search. All are added,
    or none. 422 if nothing is known of any of the ids."""
    new, user_id = read_body(request, NewEntries, JSON), user_of(request).pk
    check_user(request, new.user)
    with refusals(playlist_id):
        find_playlist(user_id, playlist_id, Right.WRITE)
        gathered = _gathered(request, new)
        changed = entries.add(
            user_id,
            playlist_id,
            gathered.targets,
            before=new.before,
            skips_known=new.skip_known,
            version=new.version,
            at=new.added_at,
        )
    added = {"added": len(changed.entry_ids), "known": changed.known}
    return json_response({**added, "not_found": gathered.not_found, **_changed(changed)})


@router.post(
    "playlists/{playlist_id}/entries/remove",
    response=codes({200: ChangedEntries}, *CHANGES),
    openapi_extra=described(NamedEntries, JSON),
    summary="Remove entries of a playlist",
)
def remove_playlist_entries(request: HttpRequest, playlist_id: Path[Id]) -> HttpResponse:
    """They can be restored for 30 days."""
    named = read_body(request, NamedEntries, JSON)
    with refusals(playlist_id):
        changed = entries.remove(
            user_of(request).pk, playlist_id, named.entry_ids, version=named.version
        )
    return json_response(_changed(changed))


@router.post(
    "playlists/{playlist_id}/entries/restore",
    response=codes({200: ChangedEntries}, *CHANGES),
    openapi_extra=described(NamedEntries, JSON),
    summary="Restore entries of a playlist",
)
def restore_playlist_entries(request: HttpRequest, playlist_id: Path[Id]) -> HttpResponse:
    """Put entries that were removed back to where they were."""
    named = read_body(request, NamedEntries, JSON)
    with refusals(playlist_id):
        changed = entries.restore(
            user_of(request).pk, playlist_id, named.entry_ids, version=named.version
        )
    return json_response(_changed(changed))


@router.post(
    "playlists/{playlist_id}/entries/move",
    response=codes({200: ChangedEntries}, *CHANGES),
    openapi_extra=described(MovedEntries, JSON),
    summary="Move entries of a playlist",
)
def move_playlist_entries(request: HttpRequest, playlist_id: Path[Id]) -> HttpResponse:
    """Put entries before another one, or at the end. `before` may have been removed meanwhile."""
    moved = read_body(request, MovedEntries, JSON)
    with refusals(playlist_id):
        changed = entries.move(
            user_of(request).pk, playlist_id, moved.entry_ids, moved.before, version=moved.version
        )
    return json_response(_changed(changed))


def _seen(request: HttpRequest, playlist_id: int) -> tuple[Playlist, str]:
    """The playlist, and the word that its state has in an ETag."""
    user_id = user_of(request).pk
    with refusals(playlist_id):
        playlist = find_playlist(user_id, playlist_id)
    return playlist, word_of(user_id, playlist)


def _with_tracks(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    if not rows:
        return []
    ids = [row.pop("track_id") for row in rows]
    tracks = {track["id"]: track for track in rows_of_all([pk for pk in ids if pk is not None])}
    return [{**row, "track": tracks.get(pk)} for pk, row in zip(ids, rows, strict=True)]


def _changed(changed: Changed) -> dict[str, Any]:
    names = ("entry_ids", "version", "entry_count")
    return {name: getattr(changed, name) for name in names}


def _gathered(request: HttpRequest, new: NewEntries) -> Gathered:
    kinds = ("track_ids", "album_ids", "artist_ids", "folder_ids", "playlist_ids")
    given = {name: getattr(new, name) for name in kinds}
    if new.search is None and not any(given.values()):
        raise invalid(f"The body has nothing to add: give one of {', '.join(kinds)}, search.")
    search = None if new.search is None else _search(request, new.search)
    gathered = gather(user_of(request).pk, Sources(**given, search=search))
    if gathered.not_found and not gathered.targets:
        raise invalid(
            gettext("There is nothing to add with the ids %(ids)s.")
            % {"ids": _shown(gathered.not_found)}
        )
    return gathered


def _shown(ids: list[int]) -> str:
    return ", ".join(map(str, ids[:10])) + ("…" if len(ids) > 10 else "")  # noqa: PLR2004


def _search(request: HttpRequest, parameters: dict[str, Any]) -> RowList:
    """The list of tracks with these parameters. Raises ApiError 422."""
    asked = {"request": SimpleNamespace(GET=parameters)}
    try:
        filters = TrackFilters.model_validate(parameters, context=asked)
    except pydantic.ValidationError as error:
        raise invalid(f"search: {problems_of(error)}") from None
    _, state = library_revision()
    return filters.tracks(state, filters.own_part(request, "track", filters.sort, parse(filters.q)))
