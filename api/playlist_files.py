"""The endpoints for playlists as files: M3U, M3U8, XSPF, JSPF, and NSP of smart playlists."""

from typing import Annotated

from django.http import HttpRequest, HttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext
from ninja import Path, Query, Router, Schema
from pydantic import AfterValidator, Field

from accounts.roles import is_administrator
from api.answers import codes
from api.errors import ApiError
from api.playlists import CHANGES, PlaylistRow, refusals, row_of
from api.sessions import user_of
from api.values import WITHOUT_NUL, Id, Parameters, one_of
from asgi.json_responses import json_response
from listening.playlist_files.entries import BadPlaylistFile
from listening.playlist_files.exporting import (
    MEDIA_TYPES,
    FileFormat,
    NotExportable,
    Paths,
    export_playlist,
)
from listening.playlist_files.following import detach
from listening.playlist_files.importing import LONGEST_NAME, import_playlist
from listening.playlists.rights import find_playlist

router = Router(tags=["playlists"])

MOST_TOLD = 1_000
"""How many entries that were not found an answer lists."""
_LONGEST_FILE_NAME = 150
_RESERVED = '/\\:*?"<>|'
_FILE = {
    "requestBody": {
        "required": True,
        "content": {
            "application/octet-stream": {
                "schema": {"type": "string", "format": "binary"},
            }
        },
    }
}
_EXPORTED = {
    "responses": {
        200: {
            "description": "The file.",
            "content": {each.partition(";")[0]: {"schema": {}} for each in MEDIA_TYPES.values()},
        }
    }
}


class ImportParameters(Parameters):
    name: Annotated[str, Field(max_length=LONGEST_NAME), AfterValidator(str.strip), WITHOUT_NUL] = (
        Field("", description="The playlist's name; else the one in the file.")
    )


class NotFoundRow(Schema):
    """An entry whose track the library does not have. It is in the playlist at its place, and
    becomes the track as soon as the library has it."""

    position: int = Field(description="Counted from 1.")
    title: str
    artist: str
    path: str = Field(description="As in the file.")


class ImportedBody(Schema):
    playlist: PlaylistRow
    found: int = Field(description="How many entries are tracks of the library.")
    not_found_count: int
    not_found: list[NotFoundRow] = Field(description=f"The first {MOST_TOLD:,} of these.")


class ExportParameters(Parameters):
    paths: one_of([*Paths]) = Field(  # type: ignore[valid-type]
        Paths.RELATIVE.value,
        description="How the file names the tracks' files: `relative` to the music folder, "
        "`absolute` on this server (for administrators alone), or not at all (`none`).",
    )


@router.post(
    "playlists/import",
    response=codes({201: ImportedBody}, *CHANGES),
    openapi_extra=_FILE,
    summary="Import a playlist file",
)
def import_playlist_file(request: HttpRequest, parameters: Query[ImportParameters]) -> HttpResponse:
    """Make a playlist of a file, which is the body: M3U, M3U8, PLS, WPL, XSPF, JSPF, NSP or a
    table, in any encoding, up to 8 MiB and 100,000 entries. Tracks are found by their path, by
    MusicBrainz recording, by the end of their path, or by artist and title."""
    user_id = user_of(request).pk
    try:
        with refusals():
            imported = import_playlist(user_id, request.body, parameters.name)
    except BadPlaylistFile as error:
        raise ApiError(422, "bad_playlist_file", str(error)) from None
    body = {
        "playlist": row_of(user_id, imported.playlist_id),
        "found": imported.found,
        "not_found_count": len(imported.not_found),
        "not_found": [each._asdict() for each in imported.not_found[:MOST_TOLD]],
    }
    return json_response(body, status=201)


def _file_response(content: bytes, file_format: FileFormat, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=MEDIA_TYPES[file_format])
    file_name = f"{_file_name(name)}.{file_format}"
    response["Content-Disposition"] = content_disposition_header(
        as_attachment=True, filename=file_name
    )
    response["Cache-Control"] = "private, no-cache"
    return response


def _file_name(name: str) -> str:
    """The playlist's name, as every system takes it for a file."""
    kept = "".join("_" if each in _RESERVED or not each.isprintable() else each for each in name)
    return kept.strip(" .")[:_LONGEST_FILE_NAME].rstrip(" .") or "playlist"


@router.get(
    "playlists/{playlist_id}/export.{file_format}",
    response=codes({200: None}, 403, 404, 409, 422),
    openapi_extra=_EXPORTED,
    summary="Export a playlist as a file",
)
def export_playlist_file(
    request: HttpRequest,
    playlist_id: Path[Id],
    file_format: Path[one_of([*FileFormat])],  # type: ignore[valid-type]
    parameters: Query[ExportParameters],
) -> HttpResponse:
    """The playlist as M3U, M3U8 (both in UTF-8), XSPF or JSPF. Entries that are missing or lost are
    in it, too. The rules of a smart playlist as NSP, the format of Navidrome."""
    user = user_of(request)
    paths = Paths(parameters.paths)
    if paths is Paths.ABSOLUTE and not is_administrator(user):
        message = gettext(
            "Only administrators may see where files are on the server; use relative paths."
        )
        raise ApiError(403, "not_staff", message)
    with refusals(playlist_id):
        playlist = find_playlist(user.pk, playlist_id)
    chosen = FileFormat(file_format)
    try:
        content = b"".join(export_playlist(playlist, chosen, paths))
    except NotExportable as error:
        raise ApiError(409, "not_exportable", str(error)) from None
    return _file_response(content, chosen, playlist.name)


@router.post(
    "playlists/{playlist_id}/detach",
    response=codes({200: PlaylistRow}, 403, 404, 409, 422),
    summary="Make a playlist your own",
)
def detach_playlist(request: HttpRequest, playlist_id: Path[Id]) -> HttpResponse:
    """A playlist of the user's own does not follow its file in a music folder any more: it stays as
    it is, and can be changed. No error if it follows none."""
    user_id = user_of(request).pk
    with refusals(playlist_id):
        detach(user_id, playlist_id)
    return json_response(row_of(user_id, playlist_id))
