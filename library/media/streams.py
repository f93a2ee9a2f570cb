"""`GET /api/v1/tracks/<id>/stream`: a track's file, sent by mus or by an nginx in front of mus."""

import os
from urllib.parse import quote

from django.conf import settings

from asgi.files.respond import METHODS, respond_with_file
from asgi.responses import Receive, Scope, Send, send_error, send_response
from library.media.tracks import TrackFile, TrackUnavailable, open_track

LONGEST_ID = 19  # digits of the largest number of 64 bits


async def stream_track(scope: Scope, receive: Receive, send: Send) -> None:
    """The ASGI application of the URL above. Supports ranges; answers 404 if there is no file.

    If X_ACCEL_REDIRECT_PREFIX is set, nginx sends files inside the music folders. Files that a link
    leads to elsewhere are sent by mus, because nginx has no location for them.
    """
    digits = scope["url_route"]["kwargs"]["track_id"]
    if len(digits) > LONGEST_ID:
        await send_error(send, 404, "track_not_found", "There is no track of this id.")
        return
    try:
        track = await open_track(int(digits))
    except TrackUnavailable as problem:
        await send_error(send, problem.status, problem.code, str(problem), problem.headers)
        return
    if settings.X_ACCEL_REDIRECT_PREFIX and track.place and scope["method"] in METHODS:
        await _leave_to_nginx(send, track, *track.place)
    else:
        await respond_with_file(scope, receive, send, track.media)


async def _leave_to_nginx(send: Send, track: TrackFile, folder_number: int, path: str) -> None:
    """Answer with X-Accel-Redirect. nginx adds the file and handles ranges and conditions; the
    content type and the other headers come from here."""
    track.media.disk.submit(track.media.close)
    location = f"{settings.X_ACCEL_REDIRECT_PREFIX}{folder_number}/{quote(os.fsencode(path))}"
    headers = [
        (b"x-accel-redirect", location.encode()),
        (b"content-type", track.media.media_type.encode()),
        (b"x-content-type-options", b"nosniff"),
        *track.media.headers,
    ]
    await send_response(send, 200, headers)
