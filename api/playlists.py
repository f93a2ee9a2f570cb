"""The endpoints for playlists: the list, one playlist, and what a playlist is besides its
entries."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from ninja import Path, Query, Router, Schema
from pydantic import AfterValidator, ConfigDict, Field

from api.answers import answer_of_state, codes, listed
from api.bodies import JSON, described, read_body
from api.errors import ApiError, invalid, not_found
from api.sessions import user_of
from api.values import MAX_INTEGER, WITHOUT_NUL, Id, Paging, Search, one_of
from asgi.json_responses import json_response
from library.queries.revision import library_revision
from listening.changes import Area, state_of
from listening.models import Playlist
from listening.playlists.contents import smart_contents
from listening.playlists.editing import delete, edit, make, restore
from listening.playlists.refusals import (
    Invalid,
    NoSuchPlaylist,
    NotAllowed,
    Refused,
    StaleVersion,
)
from listening.playlists.rights import find_playlist
from listening.playlists.rows import SORTS, playlist_page, playlist_row, playlist_rows

router = Router(tags=["playlists"])

LONGEST_NAME = 500
LONGEST_DESCRIPTION = 10_000
CHANGES = (400, 403, 404, 409, 413, 415, 422)
"""The errors of changes."""


def _named(name: str) -> str:
    if not name.strip():
        raise ValueError("should not be empty")
    return name.strip()


Name = Annotated[str, Field(max_length=LONGEST_NAME), AfterValidator(_named), WITHOUT_NUL]
Description = Annotated[str, Field(max_length=LONGEST_DESCRIPTION), WITHOUT_NUL]
SharedAs = Annotated[
    Literal["private", "read", "write"],
    Field(
        description="What the other users may do: nothing (`private`), see and play it (`read`), "
        "or change it as well (`write`)."
    ),
]
Version = Annotated[
    int | None,
    Field(
        None,
        ge=0,
        le=MAX_INTEGER,
        description="The `version` that the client knows: 409 (`stale_version`, with the present "
        "`version` in `error`) if the playlist has changed since. Without it, the change is made "
        "in any case.",
    ),
]


Rules = Annotated[
    dict[str, Any] | None,
    Field(
        description="Of a smart playlist; see `GET playlists/rules` for the fields and operators. "
        'For example `{"all": [{"field": "genre", "operator": "is", "value": "Jazz"}], '
        '"sort": ["-rating"], "limit": 50}`.'
    ),
]


class PlaylistParameters(Paging):
    q: Search = ""
    folder: Id | None = Field(None, description="The id of a folder of the user's own.")
    own: bool | None = Field(None, description="The user's own, or those of others.")
    writable: bool | None = Field(None, description="Those whose entries the user may change.")
    deleted: bool = Field(
        default=False, description="The user's own that were deleted and can be restored."
    )
    sort: one_of(SORTS) = Field("name", description="`-` reverses the order.")  # type: ignore[valid-type]


class PlaylistRow(Schema):
    """A playlist in a list."""

    id: int
    name: str
    description: str
    owner: str = Field(description="The user name of the owner.")
    is_own: bool
    can_write: bool = Field(description="Whether the user may change its name and its entries.")
    sharing: SharedAs
    folder_id: int | None = Field(description="The folder it is in; null in playlists of others.")
    is_smart: bool = Field(description="Whether rules choose its tracks.")
    rules: dict[str, Any] | None
    source: str | None = Field(
        description="The file in a music folder that it follows; its entries cannot be changed."
    )
    entry_count: int | None = Field(
        description="Missing and lost tracks count, too. null of smart playlists in lists: ask for "
        "one playlist to have it counted."
    )
    duration_s: float | None = Field(description="null of smart playlists in lists.")
    is_source_gone: bool = Field(description="Whether that file is gone.")
    cover_track_ids: list[int] = Field(description="Up to four tracks with different pictures.")
    version: int = Field(description="Rises with each change.")
    created_at: datetime
    changed_at: datetime
    deleted_at: datetime | None


class PlaylistList(Schema):
    count: int
    revision: int = Field(description="The library's revision.")
    results: list[PlaylistRow]


class NewPlaylist(Schema):
    model_config = ConfigDict(extra="forbid")

    name: Name
    description: Description = ""
    sharing: SharedAs = "private"
    folder_id: Id | None = None
    rules: Rules = None


class PlaylistChange(Schema):
    """The fields to change; a field that is left out keeps its value."""

    model_config = ConfigDict(extra="forbid")

    name: Name = ""
    description: Description = ""
    sharing: SharedAs = "private"
    folder_id: Id | None = Field(None, description="null: in no folder.")
    rules: Rules = None
    version: Version = None


@router.get(
    "playlists", response=codes({200: PlaylistList, 304: None}, 422), summary="List playlists"
)
def list_playlists(request: HttpRequest, parameters: Query[PlaylistParameters]) -> HttpResponse:
    """The user's own playlists and those that others share, by their names."""
    user_id = user_of(request).pk

    def body(state: str) -> dict[str, Any]:
        page = playlist_page(
            user_id,
            offset=parameters.offset,
            limit=parameters.limit,
            sort=parameters.sort,
            search=parameters.q,
            folder_id=parameters.folder,
            is_own=parameters.own,
            can_write=parameters.writable,
            is_deleted=parameters.deleted,
        )
        return {"count": page.count, "results": playlist_rows(user_id, page.ids, state)}

    return listed(request, body, state_of(user_id, Area.PLAYLISTS))


@router.post(
    "playlists",
    response=codes({201: PlaylistRow}, *CHANGES),
    openapi_extra=described(NewPlaylist, JSON),
    summary="Make a playlist",
)
def make_playlist(request: HttpRequest) -> HttpResponse:
    """A playlist of the logged-in user: empty, or a smart one if it has `rules`. Several may have
    the same name."""
    new, user_id = read_body(request, NewPlaylist, JSON), user_of(request).pk
    with refusals():
        playlist_id = make(user_id, new.model_dump())
    return json_response(row_of(user_id, playlist_id), status=201)


@router.get(
    "playlists/{playlist_id}",
    response=codes({200: PlaylistRow, 304: None}, 404, 422),
    summary="Get a playlist",
)
def get_playlist(request: HttpRequest, playlist_id: Path[Id]) -> HttpResponse:
    """One playlist; for what is in it, see its entries."""
    user_id = user_of(request).pk
    with refusals(playlist_id):
        playlist = find_playlist(user_id, playlist_id)

    def body(_: int, state: str) -> dict[str, Any]:
        found = playlist_row(user_id, playlist, state)
        if found is None:  # swept a moment ago
            raise not_found(gettext("There is no playlist %(id)s.") % {"id": playlist_id})
        return found

    return answer_of_state(request, body, word_of(user_id, playlist))


def word_of(user_id: int, playlist: Playlist) -> str:
    """Names the state of what a user sees of a playlist, for ETags."""
    word = f"playlist {playlist.pk} of {user_id} at {playlist.version}"
    return word if playlist.rules is None else f"{word} {smart_contents(playlist).own_state}"


@router.patch(
    "playlists/{playlist_id}",
    response=codes({200: PlaylistRow}, *CHANGES),
    openapi_extra=described(PlaylistChange, JSON),
    summary="Change a playlist",
)
def change_playlist(request: HttpRequest, playlist_id: Path[Id]) -> HttpResponse:
    """The name and the description, if the user may change the playlist; sharing and folder, if the
    user owns it."""
    change, user_id = read_body(request, PlaylistChange, JSON), user_of(request).pk
    values = change.model_dump(exclude_unset=True, exclude={"version"})
    with refusals(playlist_id):
        edit(user_id, playlist_id, values, change.version)
    return json_response(row_of(user_id, playlist_id))


@router.delete(
    "playlists/{playlist_id}",
    response=codes({204: None}, 403, 404, 409, 422),
    summary="Delete a playlist",
)
def delete_playlist(request: HttpRequest, playlist_id: Path[Id]) -> HttpResponse:
    """A playlist of the user's own. It can be restored for 30 days."""
    with refusals(playlist_id):
        delete(user_of(request).pk, playlist_id)
    return HttpResponse(status=204)


@router.post(
    "playlists/{playlist_id}/restore",
    response=codes({200: PlaylistRow}, 403, 404, 409, 422),
    summary="Restore a deleted playlist",
)
def restore_playlist(request: HttpRequest, playlist_id: Path[Id]) -> HttpResponse:
    """A playlist of the user's own, as it was before it was deleted."""
    user_id = user_of(request).pk
    with refusals(playlist_id):
        restore(user_id, playlist_id)
    return json_response(row_of(user_id, playlist_id))


@contextmanager
def refusals(playlist_id: int | None = None) -> Iterator[None]:
    """Raises ApiError for what a change of this playlist raises."""
    try:
        yield
    except NoSuchPlaylist:
        raise not_found(gettext("There is no playlist %(id)s.") % {"id": playlist_id}) from None
    except NotAllowed as refusal:
        raise ApiError(403, "not_allowed", str(refusal)) from None
    except StaleVersion as refusal:
        details = {"version": refusal.version}
        raise ApiError(409, refusal.code, str(refusal), details) from None
    except Refused as refusal:
        raise ApiError(409, refusal.code, str(refusal)) from None
    except Invalid as refusal:
        raise invalid(str(refusal)) from None


def row_of(user_id: int, playlist_id: int) -> dict[str, Any]:
    """The row after a change. Raises ApiError 404 if it was deleted meanwhile."""
    _, state = library_revision()
    with refusals(playlist_id):
        playlist = find_playlist(user_id, playlist_id)
    row = playlist_row(user_id, playlist, state)
    if row is None:
        raise not_found(gettext("There is no playlist %(id)s.") % {"id": playlist_id})
    return row
