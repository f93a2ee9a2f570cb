"""The endpoints for the folders that users sort their playlists into."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from ninja import Path, Router, Schema
from pydantic import ConfigDict, Field

from api.answers import answer_of_state, codes
from api.bodies import JSON, described, read_body
from api.errors import not_found
from api.playlists import CHANGES, Name, refusals
from api.sessions import user_of
from api.values import Id
from asgi.json_responses import json_response
from listening.changes import Area, state_of
from listening.playlists.folders import (
    NoSuchFolder,
    delete_folder,
    edit_folder,
    folder_rows,
    make_folder,
)

router = Router(tags=["playlists"])


class PlaylistFolderRow(Schema):
    id: int
    name: str
    parent_id: int | None = Field(description="The folder it is in; null: in none.")
    playlist_count: int = Field(description="Playlists directly in it.")


class PlaylistFolderList(Schema):
    count: int
    results: list[PlaylistFolderRow]


class NewPlaylistFolder(Schema):
    model_config = ConfigDict(extra="forbid")

    name: Name
    parent_id: Id | None = Field(None, description="null: in no folder.")


class PlaylistFolderChange(Schema):
    """The fields to change; a field that is left out keeps its value."""

    model_config = ConfigDict(extra="forbid")

    name: Name = ""
    parent_id: Id | None = Field(None, description="null: in no folder.")


@router.get(
    "playlist-folders",
    response=codes({200: PlaylistFolderList, 304: None}),
    summary="List the folders of playlists",
)
def list_playlist_folders(request: HttpRequest) -> HttpResponse:
    """All folders of the logged-in user, by their names. Nobody else sees them."""
    user_id = user_of(request).pk

    def body(*_: object) -> dict[str, Any]:
        rows = folder_rows(user_id)
        return {"count": len(rows), "results": rows}

    return answer_of_state(request, body, state_of(user_id, Area.PLAYLISTS))


@router.post(
    "playlist-folders",
    response=codes({201: PlaylistFolderRow}, *CHANGES),
    openapi_extra=described(NewPlaylistFolder, JSON),
    summary="Make a folder of playlists",
)
def make_playlist_folder(request: HttpRequest) -> HttpResponse:
    """An empty folder, in another one or in none."""
    new, user_id = read_body(request, NewPlaylistFolder, JSON), user_of(request).pk
    with _refusals():
        folder_id = make_folder(user_id, new.model_dump())
    return json_response(_row(user_id, folder_id), status=201)


@router.patch(
    "playlist-folders/{folder_id}",
    response=codes({200: PlaylistFolderRow}, *CHANGES),
    openapi_extra=described(PlaylistFolderChange, JSON),
    summary="Change a folder of playlists",
)
def change_playlist_folder(request: HttpRequest, folder_id: Path[Id]) -> HttpResponse:
    """Rename it, or move it into another one."""
    change, user_id = read_body(request, PlaylistFolderChange, JSON), user_of(request).pk
    with _refusals(folder_id):
        edit_folder(user_id, folder_id, change.model_dump(exclude_unset=True))
    return json_response(_row(user_id, folder_id))


@router.delete(
    "playlist-folders/{folder_id}",
    response=codes({204: None}, 403, 404, 422),
    summary="Delete a folder of playlists",
)
def delete_playlist_folder(request: HttpRequest, folder_id: Path[Id]) -> HttpResponse:
    """The playlists and folders in it stay; they move to the folder that it is in."""
    with _refusals(folder_id):
        delete_folder(user_of(request).pk, folder_id)
    return HttpResponse(status=204)


@contextmanager
def _refusals(folder_id: int | None = None) -> Iterator[None]:
    try:
        with refusals():
            yield
    except NoSuchFolder:
        raise not_found(
            gettext("There is no folder %(id)s of playlists of yours.") % {"id": folder_id}
        ) from None


def _row(user_id: int, folder_id: int) -> dict[str, Any]:
    rows = {row["id"]: row for row in folder_rows(user_id)}
    if folder_id not in rows:  # deleted meanwhile
        raise not_found(
            gettext("There is no folder %(id)s of playlists of yours.") % {"id": folder_id}
        )
    return rows[folder_id]
