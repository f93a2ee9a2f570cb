"""The endpoints for folders. Only folders with present tracks, in or below them, are listed."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from ninja import Path, Query, Router, Schema
from pydantic import Field

from api.answers import codes, listed
from api.errors import ApiError, not_found
from api.own import OwnParameters, WithOwn
from api.playlists import refusals
from api.sessions import user_of
from api.track_schemas import TrackRow
from api.tracks import rows_of_present
from api.values import Id, Paging
from library.models.folders import Folder
from library.queries.folders import (
    find_folder,
    folder_page,
    folder_rows,
    folders_above,
    root_page,
    tracks_in,
)
from library.queries.lists import Page
from library.queries.tombstones import find_living, living_id
from listening.own import OwnPart
from listening.playlists.sources import Sources, gather

router = Router(tags=["folders"])


class FolderParameters(Paging, OwnParameters):
    parent: Id | None = Field(
        None,
        description="The id of a folder: those directly in it. Without it: the music folders or, "
        "with `favourite` or `rating`, folders at any depth.",
    )


class FolderRow(Schema):
    """A folder that holds tracks, itself or in folders below it.

    In names and paths a byte that is not UTF-8 is written as U+FFFD and two hexadecimal digits.
    """

    id: int
    name: str
    path: str = Field(description="Relative to `root`; empty for a music folder itself.")
    root: str = Field(description="The music folder.")
    music_folder_id: int | None = Field(description="The music folder's number, for good.")
    parent_id: int | None = Field(description="The folder above; null for a music folder.")
    folder_count: int = Field(description="Folders directly in it that hold tracks.")
    track_count: int = Field(description="Present tracks directly in it.")
    total_track_count: int = Field(description="Present tracks in it and in folders below it.")
    cover_id: str = Field(description="Identifies the picture; empty if there is none.")
    cover_track_id: int | None = Field(
        description="A track that has the picture: "
        "`tracks/{cover_track_id}/covers/small.webp?v={cover_id}`."
    )
    revision: int = Field(description="The library's revision that last changed the folder.")


class ListedFolder(WithOwn, FolderRow):
    """A folder in a list, with what the user made of it."""


class FolderList(Schema):
    count: int
    revision: int
    results: list[ListedFolder]


class FolderName(Schema):
    id: int
    name: str


class FolderTrackIds(Schema):
    count: int
    revision: int
    ids: list[int]


class FolderTrack(TrackRow):
    file_name: str


class FolderContent(Schema):
    """A page of what is in a folder: first the folders, then the tracks, by their names."""

    count: int = Field(description="The number of folders and tracks on all pages.")
    revision: int = Field(description="The library's revision: rises with each change.")
    folder: FolderRow
    parents: list[FolderName] = Field(description="The way up, the music folder first.")
    folders: list[FolderRow]
    tracks: list[FolderTrack]


@router.get("folders", response=codes({200: FolderList, 304: None}, 422), summary="List folders")
def list_folders(request: HttpRequest, parameters: Query[FolderParameters]) -> HttpResponse:
    """One page of the music folders, or of the folders directly in one, by their names."""
    own = parameters.own_part(request, "folder")

    def body(_: str) -> dict[str, Any]:
        page = _folders(parameters, own)
        rows = parameters.with_own(request, "folder", folder_rows(page.ids))
        return {"count": page.count, "results": rows}

    return listed(request, body, own.state)


def _folders(parameters: FolderParameters, own: OwnPart) -> Page:
    parent, rest = parameters.parent, (parameters.offset, parameters.limit, own.filters)
    if parent is None:
        return root_page(*rest)
    page = folder_page(parent, *rest)
    if not page.count and (living := living_id(Folder, parent)):
        return folder_page(living, *rest)
    return page


@router.get(
    "folders/{folder_id}",
    response=codes({200: FolderContent, 304: None}, 404, 422),
    summary="Get a folder",
)
def get_folder(
    request: HttpRequest, folder_id: Path[Id], parameters: Query[Paging]
) -> HttpResponse:
    """One folder with the way up and a page of its folders and tracks."""

    def body(_: str) -> dict[str, Any]:
        found = find_living(Folder, folder_id, find_folder)
        if found is None:
            raise _no_folder(folder_id)
        return _content(found, parameters.offset, parameters.limit)

    return listed(request, body)


@router.get(
    "folders/{folder_id}/track-ids",
    response=codes({200: FolderTrackIds, 304: None}, 404, 422),
    summary="List the ids of a folder's tracks",
)
def list_folder_track_ids(request: HttpRequest, folder_id: Path[Id]) -> HttpResponse:
    """Those in it and in folders below it, folder by folder by their names: to play them all."""

    def body(_: str) -> dict[str, Any]:
        with refusals():
            gathered = gather(user_of(request).pk, Sources(folder_ids=[folder_id]))
        if not gathered.targets:
            raise _no_folder(folder_id)
        return {"count": len(gathered.targets), "ids": gathered.targets}

    return listed(request, body)


def _no_folder(folder_id: int) -> ApiError:
    return not_found(
        gettext("There is no folder %(id)s with tracks that are present.") % {"id": folder_id}
    )


def _content(folder_id: int, offset: int, limit: int) -> dict[str, Any]:
    page = folder_page(folder_id, offset, limit)
    folder, *folders = folder_rows([folder_id, *page.ids]) or [{}]
    if folder.get("id") != folder_id:  # purged since it was found
        raise _no_folder(folder_id)
    skipped, wanted = max(0, offset - page.count), limit - len(folders)
    tracks = tracks_in(folder_id, folder["track_count"], skipped, wanted)
    rows = {row["id"]: row for row in rows_of_present([pk for pk, _ in tracks])}
    return {
        "count": page.count + folder["track_count"],
        "folder": folder,
        "parents": folders_above(folder_id),
        "folders": folders,
        "tracks": [{**rows[pk], "file_name": name} for pk, name in tracks if pk in rows],
    }
