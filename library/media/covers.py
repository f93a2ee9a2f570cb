"""`GET /api/v1/tracks/<id>/covers/<size>.webp`: a track's cover, rendered on the first request; and
the same of albums, artists and folders.

With `?v=<cover_id>` the URL changes whenever the picture does, so browsers may cache it for ever.
Such a URL says which picture is meant: if its cover is in the cache, the track is not looked up.
All users may see all covers, so it does not matter whether the track is still there.

If the picture cannot be shown, another one is. Browsers then have to ask each time: the other one
may change while the URL stays the same.
"""

import asyncio
import logging
import os
import time
from collections import Counter
from contextlib import suppress
from http import HTTPStatus
from urllib.parse import parse_qs

from django.conf import settings

from asgi.clients import ClientGone, unless_gone
from asgi.files.conditions import Outcome, Validators, evaluate
from asgi.files.disks import DiskHangs, own_disk
from asgi.files.media_file import MediaFile, open_regular_file
from asgi.files.respond import METHODS, FileResponse, prepare, send_file_response
from asgi.responses import Headers, Receive, Scope, Send, send_error, send_response
from library.covers.cache import is_cover_id
from library.covers.making import Cover, CoverMaker
from library.covers.rendering import UnusablePicture
from library.covers.size import BY_NAME, CoverSize
from library.media.cover_rows import find_cover
from library.media.tracks import TrackUnavailable

YEAR_SECONDS = 365 * 24 * 3600
MEDIA_TYPE = "image/webp"

MAX_WAITING_PER_USER = 128
"""Requests for covers of one user that may wait at once. A browser sends a hundred at most."""
MADE_WITHIN_S = 30.0
"""Answer 503 after this time. A proxy would give up after a minute, with a less useful answer."""
RETRY_AFTER = [(b"retry-after", b"2")]

covers = CoverMaker(settings.DATA_DIR / "covers", settings.COVER_CACHE_BYTES)
_waiting: Counter[int] = Counter()

logger = logging.getLogger(__name__)


Found = FileResponse | Cover
"""The response with a cover from the cache (304 if the client has it), or a cover just made."""


async def send_cover(scope: Scope, receive: Receive, send: Send) -> None:
    """The ASGI application of the URLs above. Answers 404 with a reason if there is no cover."""
    size = BY_NAME.get(scope["url_route"]["kwargs"]["size"])
    if scope["method"] not in METHODS:
        allow = [(b"allow", b"GET, HEAD")]
        await send_error(send, 405, "method_not_allowed", "Use GET or HEAD.", allow)
    elif size is None:
        message = f"The sizes are {', '.join(BY_NAME)}."
        await send_error(send, 404, "unknown_cover_size", message)
    else:
        with suppress(ClientGone):
            await _send_found_or_refusal(scope, receive, send, size)


async def _send_found_or_refusal(
    scope: Scope, receive: Receive, send: Send, size: CoverSize
) -> None:
    """Raises ClientGone."""
    try:
        named = await _find_named(scope, size)
        found = named or await _find_bounded(scope, receive, size)
    except TrackUnavailable as problem:
        await send_error(send, problem.status, problem.code, str(problem), problem.headers)
    except UnusablePicture as problem:
        await send_error(send, 404, "cover_unusable", str(problem))
    except _TooMany:
        message = f"You wait for {MAX_WAITING_PER_USER} covers already. Try again soon."
        await send_error(send, 503, "too_many_covers", message, RETRY_AFTER)
    except (TimeoutError, DiskHangs, MemoryError) as error:
        # The picture itself may be fine: it is not marked as unusable, so a client may try again.
        logger.warning("The cover %s cannot be made now: %r", scope["path"], error)
        message = "The cover cannot be made at the moment."
        await send_error(send, 503, "cover_unavailable", message, RETRY_AFTER)
    else:
        if isinstance(found, Cover):
            await _send_made(scope, send, found, size)
        else:
            await send_file_response(receive, send, found)


class _TooMany(Exception):
    """MAX_WAITING_PER_USER requests of the user already wait."""


async def _find_bounded(scope: Scope, receive: Receive, size: CoverSize) -> Found:
    """Like `_find`, but within the user's limit, and no longer than the client is connected.

    Raises ClientGone, _TooMany and whatever `_find` raises.
    """
    user = scope["user"].pk
    if _waiting[user] >= MAX_WAITING_PER_USER:
        raise _TooMany
    _waiting[user] += 1
    try:
        return await unless_gone(receive, _find(scope, size))
    finally:
        _waiting[user] -= 1
        if not _waiting[user]:
            del _waiting[user]


async def _find(scope: Scope, size: CoverSize) -> Found:
    names = scope["url_route"]["kwargs"]
    source = await find_cover(names["kind"], names["row_id"])
    if kept := await _find_kept(scope, source.cover_id, size):
        return kept
    others = source.others
    shown = await own_disk.begin(covers.cache.shown_instead, others.key) or ""
    if is_cover_id(shown) and (kept := await _find_kept(scope, shown, size)):
        return kept
    async with asyncio.timeout(MADE_WITHIN_S):
        return await covers.make(
            *(source.cover_id, size, source.read),
            others=others,
            disk=source.root,
            user=scope["user"].pk,
        )


async def _find_named(scope: Scope, size: CoverSize) -> FileResponse | None:
    """The kept cover of the picture that the URL names; None if it names none that is kept."""
    cover_id = _named(scope)
    return await _find_kept(scope, cover_id, size) if is_cover_id(cover_id) else None


async def _find_kept(scope: Scope, cover_id: str, size: CoverSize) -> FileResponse | None:
    etag, headers = _etag(cover_id, size), _headers(scope, cover_id)
    # If the client already has this picture, there is no need to find or make it.
    if _is_known(scope, cover_id, size):
        return FileResponse(HTTPStatus.NOT_MODIFIED, [(b"etag", etag.encode()), *headers])
    kept = await own_disk.begin(_open_kept, scope, cover_id, size, headers)
    if kept:
        covers.sweep_if_due()
    return kept


def _open_kept(
    scope: Scope, cover_id: str, size: CoverSize, headers: Headers
) -> FileResponse | None:
    with suppress(OSError):
        file = open_regular_file(str(covers.cache.path(cover_id, size)))
        if length := os.fstat(file.fileno()).st_size:
            covers.cache.touch(file.fileno())
            # Last-Modified is the present time, because nobody knows since when the track has this
            # picture. The file's own time would be wrong after a change to an older picture: a
            # client that sends only If-Modified-Since would be told that nothing changed.
            etag = _etag(cover_id, size)
            kept = MediaFile(file, length, time.time_ns(), MEDIA_TYPE, etag, headers)
            return prepare(scope, kept)
        file.close()
    return None


async def _send_made(scope: Scope, send: Send, cover: Cover, size: CoverSize) -> None:
    """Send a cover that was just made from memory: it may not have been possible to cache it."""
    headers = [
        (b"content-type", MEDIA_TYPE.encode()),
        (b"x-content-type-options", b"nosniff"),
        *_headers(scope, cover.cover_id),
    ]
    if cover.cover_id:
        headers.append((b"etag", _etag(cover.cover_id, size).encode()))
    if cover.cover_id and _is_known(scope, cover.cover_id, size):
        await _send_head(send, HTTPStatus.NOT_MODIFIED, headers[2:])
    elif scope["method"] == "HEAD":
        length = (b"content-length", b"%d" % len(cover.webp))
        await _send_head(send, HTTPStatus.OK, [*headers, length])
    else:
        await send_response(send, HTTPStatus.OK, headers, cover.webp)


def _is_known(scope: Scope, cover_id: str, size: CoverSize) -> bool:
    """Whether the client has this cover already."""
    validators = Validators(_etag(cover_id, size), _now_s())
    return evaluate(scope, validators) is Outcome.NOT_MODIFIED


def _headers(scope: Scope, cover_id: str) -> Headers:
    """Cache-Control: a year if the URL names this picture with `v`, else revalidate each time."""
    is_named = bool(cover_id) and _named(scope) == cover_id
    value = f"private, max-age={YEAR_SECONDS}, immutable" if is_named else "private, no-cache"
    return [(b"cache-control", value.encode())]


def _named(scope: Scope) -> str:
    """The value of `v` in the URL; empty if there is none."""
    query: str = scope["query_string"].decode("latin-1")
    return parse_qs(query).get("v", [""])[-1]


def _etag(cover_id: str, size: CoverSize) -> str:
    return f'"{cover_id}-{size}"'


def _now_s() -> int:
    return int(time.time())


async def _send_head(send: Send, status: int, headers: Headers) -> None:
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body"})
