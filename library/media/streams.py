"""The file of a track as a response, sent by mus or by an nginx in front of mus; and
`GET /api/v1/tracks/<id>/stream`."""

import os
from dataclasses import replace
from functools import partial
from urllib.parse import quote

from django.conf import settings

from asgi.files.media_file import MediaFile
from asgi.files.respond import METHODS, FileResponse, prepare, send_file_response, without_file
from asgi.responses import Receive, Scope, Send, header, send_error
from library.media.as_it_is import AS_IT_IS, NeedsTranscoding, Wish, check_is_as_wished
from library.media.mp3_offsets import byte_at
from library.media.tracks import (
    TrackFile,
    TrackUnavailable,
    disposition,
    open_track,
    track_id_of,
)


async def stream_track(scope: Scope, receive: Receive, send: Send) -> None:
    """The ASGI application of the URL above. Supports ranges; answers 404 if there is no file."""
    digits = scope["url_route"]["kwargs"]["track_id"]
    if scope["method"] not in METHODS:
        allow = [(b"allow", b"GET, HEAD")]
        await send_error(send, 405, "method_not_allowed", "Use GET or HEAD.", allow)
        return
    try:
        response = await track_response(scope, track_id_of(digits))
    except TrackUnavailable as problem:
        await send_error(send, problem.status, problem.code, str(problem), problem.headers)
    else:
        await send_file_response(receive, send, response)


async def track_response(
    scope: Scope, track_id: int, wish: Wish = AS_IT_IS, *, is_attachment: bool = False
) -> FileResponse:
    """The response to a GET or HEAD with the file of a track, for `send_file_response`.

    `is_attachment`: whether the client stores the file rather than plays it. Raises
    TrackUnavailable, and NeedsTranscoding if the file is not as wished.
    """
    return await open_track(track_id, partial(_response, scope, wish, is_attachment))


def _response(scope: Scope, wish: Wish, is_attachment: bool, track: TrackFile) -> FileResponse:  # noqa: FBT001
    """The response with the open file of a track. Blocks.

    If X_ACCEL_REDIRECT_PREFIX is set, nginx sends files inside the music folders. Files that a link
    leads to elsewhere are sent by mus, because nginx has no location for them.
    """
    try:
        check_is_as_wished(wish, track.found.path, track.found.codec, track.found.bitrate_kbps)
        media = track.media
        headers = (
            *media.headers,
            disposition(track.file_name, is_attachment=is_attachment),
            (b"x-content-duration", b"%.3f" % track.found.duration_s),
        )
        media = replace(media, headers=headers)
        if wish.start_s:
            media = _beginning_at(media, wish.start_s, track)
        elif settings.X_ACCEL_REDIRECT_PREFIX and track.place and not header(scope, b"if-match"):
            return _left_to_nginx(scope, media, *track.place)
    except BaseException:
        track.media.close()
        raise
    return prepare(scope, media)


def _beginning_at(media: MediaFile, start_s: float, track: TrackFile) -> MediaFile:
    """The part of the file from this second on. Raises NeedsTranscoding if no byte of the file is
    known to be that of the second."""
    found = track.found
    at = None
    if found.codec == "mp3":
        at = byte_at(media.file.fileno(), media.size_bytes, start_s, found.duration_s)
    if at is None:
        raise NeedsTranscoding(
            "This server cannot begin this file in its middle, since it does not convert music "
            "yet. Let the app load the whole file and seek in it."
        )
    etag = f'{media.etag[:-1]}-{at}"'
    return replace(media, begins_at=at, size_bytes=media.size_bytes - at, etag=etag)


def _left_to_nginx(scope: Scope, media: MediaFile, folder_number: int, path: str) -> FileResponse:
    """A response with X-Accel-Redirect, or none of the file if its conditions say so.

    nginx adds the file and handles ranges, also with If-Range; the ETag, the content type and the
    other headers come from here. nginx would compare If-Match with an ETag of its own.
    """
    media.close()
    if response := without_file(scope, media):
        return response
    location = f"{settings.X_ACCEL_REDIRECT_PREFIX}{folder_number}/{quote(os.fsencode(path))}"
    headers = [
        (b"x-accel-redirect", location.encode()),
        (b"content-type", media.media_type.encode()),
        (b"etag", media.etag.encode()),
        (b"x-content-type-options", b"nosniff"),
        *media.headers,
        (b"content-length", b"0"),
    ]
    return FileResponse(200, headers)
