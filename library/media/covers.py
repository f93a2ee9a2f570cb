"""`GET /api/v1/tracks/<id>/covers/<size>.webp`: a track's picture, made when first asked for.

With `?v=<cover_id>` the address changes with the picture, so that browsers may keep it for ever.
"""

import asyncio
import os
import time
from contextlib import suppress
from http import HTTPStatus
from urllib.parse import parse_qs

from django.conf import settings

from events.asgi import Headers, Receive, Scope, Send, send_error, send_response
from library.covers.making import Cover, CoverMaker
from library.covers.rendering import UnusablePicture
from library.covers.size import CoverSize
from library.media.conditions import Outcome, Validators, evaluate
from library.media.cover_sources import CoverSource, find_cover
from library.media.media_file import MediaFile, open_regular_file
from library.media.respond import METHODS, respond_with_file
from library.media.threads import submit
from library.media.tracks import TrackUnavailable

YEAR_SECONDS = 365 * 24 * 3600
MEDIA_TYPE = "image/webp"

covers = CoverMaker(settings.DATA_DIR / "covers")


async def send_cover(scope: Scope, receive: Receive, send: Send) -> None:
    """The cover of the track `track_id` in `size`; 404, with the reason, where there is none."""
    names = scope["url_route"]["kwargs"]
    if scope["method"] not in METHODS:
        allow = [(b"allow", b"GET, HEAD")]
        await send_error(send, 405, "method_not_allowed", "Use GET or HEAD.", allow)
    elif names["size"] not in list(CoverSize):
        message = f"There are {' and '.join(f'{size}.webp' for size in CoverSize)}."
        await send_error(send, 404, "unknown_cover_size", message)
    else:
        try:
            source = await find_cover(names["track_id"])
            await _answer(scope, receive, send, source, CoverSize(names["size"]))
        except TrackUnavailable as problem:
            await send_error(send, problem.status, problem.code, str(problem))
        except UnusablePicture as problem:
            await send_error(send, 404, "cover_unusable", str(problem))


async def _answer(
    scope: Scope, receive: Receive, send: Send, source: CoverSource, size: CoverSize
) -> None:
    etag = _etag(source.cover_id, size)
    headers = _headers(scope, source.cover_id)
    # A client may know that picture: then there is no need to look for it.
    if evaluate(scope, Validators(etag, _now_s())) is Outcome.NOT_MODIFIED:
        await _send_head(send, HTTPStatus.NOT_MODIFIED, [(b"etag", etag.encode()), *headers])
        return
    kept = await asyncio.wrap_future(submit(_open_kept, source.cover_id, size, headers))
    if kept:
        await respond_with_file(scope, receive, send, kept)
    else:
        await _send_made(scope, send, await covers.make(source.cover_id, size, source.read), size)


def _open_kept(cover_id: str, size: CoverSize, headers: Headers) -> MediaFile | None:
    with suppress(OSError):
        file = open_regular_file(str(covers.cache.path(cover_id, size)))
        if length := os.fstat(file.fileno()).st_size:
            # Since when this is the track's picture nobody knows. The time of the file would tell a
            # client that goes by it alone that nothing changed, after a change to an older picture.
            return MediaFile(
                file, length, time.time_ns(), MEDIA_TYPE, _etag(cover_id, size), headers
            )
        file.close()
    return None


async def _send_made(scope: Scope, send: Send, cover: Cover, size: CoverSize) -> None:
    """Out of memory, where it is anyway, whether or not it could be kept on the disk."""
    headers = [
        (b"content-type", MEDIA_TYPE.encode()),
        (b"x-content-type-options", b"nosniff"),
        *_headers(scope, cover.cover_id),
    ]
    if cover.cover_id:
        headers.append((b"etag", _etag(cover.cover_id, size).encode()))
    if scope["method"] == "HEAD":
        length = (b"content-length", b"%d" % len(cover.webp))
        await _send_head(send, HTTPStatus.OK, [*headers, length])
    else:
        await send_response(send, HTTPStatus.OK, headers, cover.webp)


def _headers(scope: Scope, cover_id: str) -> Headers:
    """What is sent under an address that names it never changes; the rest is to be asked for."""
    (named,) = parse_qs(scope["query_string"].decode("latin-1")).get("v", [""])[-1:]
    is_named = bool(cover_id) and named == cover_id
    value = f"private, max-age={YEAR_SECONDS}, immutable" if is_named else "private, no-cache"
    return [(b"cache-control", value.encode())]


def _etag(cover_id: str, size: CoverSize) -> str:
    return f'"{cover_id}-{size}"'


def _now_s() -> int:
    return int(time.time())


async def _send_head(send: Send, status: int, headers: Headers) -> None:
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body"})
