"""`GET /api/v1/tracks/<id>/stream`: a track's file, by mus itself or by the nginx before it."""

import os
from urllib.parse import quote

from django.conf import settings

from asgi.files.respond import METHODS, respond_with_file
from asgi.responses import Receive, Scope, Send, send_error, send_response
from library.media.tracks import TrackFile, TrackUnavailable, open_track

LONGEST_ID = 19  # digits of the largest number of 64 bits


async def stream_track(scope: Scope, receive: Receive, send: Send) -> None:
    """The file of the track `track_id`, in ranges; 404 where there is none.

    With X_ACCEL_REDIRECT_PREFIX set, a file in a music folder is left to nginx; one that a link
    leads to elsewhere, which nginx does not know, is not.
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
    """nginx takes the type and the headers from here, and sees to ranges and conditions."""
    track.media.disk.submit(track.media.close)
    location = f"{settings.X_ACCEL_REDIRECT_PREFIX}{folder_number}/{quote(os.fsencode(path))}"
    headers = [
        (b"x-accel-redirect", location.encode()),
        (b"content-type", track.media.media_type.encode()),
        (b"x-content-type-options", b"nosniff"),
        *track.media.headers,
    ]
    await send_response(send, 200, headers)
