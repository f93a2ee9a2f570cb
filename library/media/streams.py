"""`GET /api/v1/tracks/<id>/stream`: a track's file, sent by mus or by an nginx in front of mus."""

import os
from functools import partial
from urllib.parse import quote

from django.conf import settings

from asgi.files.respond import METHODS, FileResponse, prepare, send_file_response
from asgi.responses import Receive, Scope, Send, send_error
from library.media.tracks import TrackFile, TrackUnavailable, open_track, track_id_of


async def stream_track(scope: Scope, receive: Receive, send: Send) -> None:
    """The ASGI application of the URL above. Supports ranges; answers 404 if there is no file.

    If X_ACCEL_REDIRECT_PREFIX is set, nginx sends files inside the music folders. Files that a link
    leads to elsewhere are sent by mus, because nginx has no location for them.
    """
    digits = scope["url_route"]["kwargs"]["track_id"]
    if scope["method"] not in METHODS:
        allow = [(b"allow", b"GET, HEAD")]
        await send_error(send, 405, "method_not_allowed", "Use GET or HEAD.", allow)
        return
    try:
        response = await open_track(track_id_of(digits), partial(_response, scope))
    except TrackUnavailable as problem:
        await send_error(send, problem.status, problem.code, str(problem), problem.headers)
    else:
        await send_file_response(receive, send, response)


def _response(scope: Scope, track: TrackFile) -> FileResponse:
    """The response with the open file of a track. Blocks."""
    if settings.X_ACCEL_REDIRECT_PREFIX and track.place:
        track.media.close()
        return _left_to_nginx(track, *track.place)
    return prepare(scope, track.media)


def _left_to_nginx(track: TrackFile, folder_number: int, path: str) -> FileResponse:
    """A response with X-Accel-Redirect. nginx adds the file and handles ranges and conditions; the
    content type and the other headers come from here."""
    location = f"{settings.X_ACCEL_REDIRECT_PREFIX}{folder_number}/{quote(os.fsencode(path))}"
    headers = [
        (b"x-accel-redirect", location.encode()),
        (b"content-type", track.media.media_type.encode()),
        (b"x-content-type-options", b"nosniff"),
        *track.media.headers,
        (b"content-length", b"0"),
    ]
    return FileResponse(200, headers)
