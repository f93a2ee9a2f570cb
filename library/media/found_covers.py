"""Finds a cover for a request, in the cache or by making it, and sends it.

The address of a cover may name the picture. If it does, and a cover of that picture is in the
cache, the row of the track, album or artist is not looked up: all users may see all covers, so it
does not matter whether the row is still there. Such an answer may be cached for ever.

If the picture cannot be shown, another one is. Clients then have to ask each time: the other one
may change while the address stays the same.
"""

import asyncio
import os
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from http import HTTPStatus
from typing import Protocol

from django.conf import settings

from asgi.clients import unless_gone
from asgi.files.conditions import Outcome, Validators, evaluate
from asgi.files.disks import own_disk
from asgi.files.media_file import MediaFile, open_regular_file
from asgi.files.respond import FileResponse, prepare, send_file_response
from asgi.responses import Headers, Receive, Scope, Send, send_response
from library.covers.cache import is_cover_id
from library.covers.making import Cover, CoverMaker, Others, Picture
from library.covers.size import (
    BEGINNING_BYTES,
    CoverSize,
    Fitted,
    Rendition,
    media_type_of,
    name_of,
)

YEAR_SECONDS = 365 * 24 * 3600
SHORTEST_NAME = 8
"""How many hexadecimal digits of a picture's identity an address has to have to name it."""
MAX_WAITING_PER_USER = 128
"""Requests for covers of one user that may wait at once. A browser sends a hundred at most."""
MADE_WITHIN_S = 30.0
"""Give up after this time. A proxy would give up after a minute, with a less useful answer."""

covers = CoverMaker(settings.DATA_DIR / "covers", settings.COVER_CACHE_BYTES)
_waiting: Counter[int] = Counter()

Found = FileResponse | Cover
"""The response with a cover from the cache (304 if the client has it), or a cover just made."""


class Source(Protocol):
    """A picture that can be read. `root`: of the music folder, on whose disk it is. `others`: see
    `CoverMaker.make`."""

    @property
    def cover_id(self) -> str: ...
    @property
    def root(self) -> str: ...
    @property
    def others(self) -> Others | None: ...
    async def read(self) -> Picture: ...


@dataclass(frozen=True)
class CoverRequest:
    """A request for the cover of a row. `find` looks the row's picture up. `named`: the identity of
    a picture, or its first digits, if the address has it. `headers` are sent with each cover."""

    scope: Scope
    size: Rendition
    user_id: int
    find: Callable[[], Awaitable[Source]]
    named: str = ""
    headers: tuple[tuple[bytes, bytes], ...] = ()

    def etag(self, cover_id: str) -> str:
        name = self.size if isinstance(self.size, CoverSize) else name_of(self.size)
        return f'"{cover_id}-{name}"'

    def is_known(self, cover_id: str) -> bool:
        """Whether the client has this cover already."""
        validators = Validators(self.etag(cover_id), int(time.time()))
        return evaluate(self.scope, validators) is Outcome.NOT_MODIFIED

    def headers_with(self, cover_id: str) -> Headers:
        """Cache-Control: a year if the address names this picture, else revalidate each time."""
        is_named = len(self.named) >= SHORTEST_NAME and cover_id.startswith(self.named)
        value = f"private, max-age={YEAR_SECONDS}, immutable" if is_named else "private, no-cache"
        return [(b"cache-control", value.encode()), *self.headers]


class TooManyCovers(Exception):
    """MAX_WAITING_PER_USER requests of the user already wait."""

    def __init__(self) -> None:
        super().__init__(f"You wait for {MAX_WAITING_PER_USER} covers already. Try again soon.")


async def find_found(request: CoverRequest, receive: Receive) -> Found:
    """The cover. Raises what `request.find` raises, UnusablePicture and NotReadable, TooManyCovers
    and, if another attempt may succeed, TimeoutError, DiskHangs and MemoryError. Raises ClientGone
    if the client disconnects meanwhile."""
    return await _find_named(request) or await _find_bounded(request, receive)


async def send_found(request: CoverRequest, receive: Receive, send: Send, found: Found) -> None:
    if isinstance(found, Cover):
        await _send_made(request, send, found)
    else:
        await send_file_response(receive, send, found)


async def make(source: Source, size: Rendition, user_id: int) -> Cover:
    """The cover of a picture. Raises as `find_found` does."""
    if isinstance(size, Fitted) and not size.is_usual:
        return await covers.scale(await make(source, size.larger, user_id), size, user=user_id)
    return await covers.make(
        *(source.cover_id, size, source.read),
        others=source.others,
        disk=source.root,
        user=user_id,
    )


async def _find_bounded(request: CoverRequest, receive: Receive) -> Found:
    """Like `_find`, but within the user's limit, and no longer than the client is connected."""
    user = request.user_id
    if _waiting[user] >= MAX_WAITING_PER_USER:
        raise TooManyCovers
    _waiting[user] += 1
    try:
        return await unless_gone(receive, _find(request))
    finally:
        _waiting[user] -= 1
        if not _waiting[user]:
            del _waiting[user]


async def _find(request: CoverRequest) -> Found:
    source = await request.find()
    if kept := await _find_kept(request, source.cover_id):
        return kept
    others = source.others
    if others is not None:
        shown = await own_disk.begin(covers.cache.shown_instead, others.key) or ""
        if is_cover_id(shown) and (kept := await _find_kept(request, shown)):
            return kept
    async with asyncio.timeout(MADE_WITHIN_S):
        return await make(source, request.size, request.user_id)


async def _find_named(request: CoverRequest) -> FileResponse | None:
    """The kept cover of the picture that the address names; None if it names none that is kept."""
    return await _find_kept(request, request.named) if is_cover_id(request.named) else None


async def _find_kept(request: CoverRequest, cover_id: str) -> FileResponse | None:
    # If the client already has this picture, there is no need to find or make it.
    if request.is_known(cover_id):
        etag = (b"etag", request.etag(cover_id).encode())
        return FileResponse(HTTPStatus.NOT_MODIFIED, [etag, *request.headers_with(cover_id)])
    kept = await own_disk.begin(_open_kept, request, cover_id)
    if kept:
        covers.sweep_if_due()
    return kept


def _open_kept(request: CoverRequest, cover_id: str) -> FileResponse | None:
    with suppress(OSError):
        file = open_regular_file(str(covers.cache.path(cover_id, request.size)))
        if length := os.fstat(file.fileno()).st_size:
            covers.cache.touch(file.fileno())
            media_type = media_type_of(os.pread(file.fileno(), BEGINNING_BYTES, 0))
            # Last-Modified is the present time, because nobody knows since when the track has this
            # picture. The file's own time would be wrong after a change to an older picture: a
            # client that sends only If-Modified-Since would be told that nothing changed.
            etag, headers = request.etag(cover_id), request.headers_with(cover_id)
            kept = MediaFile(file, length, time.time_ns(), media_type, etag, headers)
            return prepare(request.scope, kept)
        file.close()
    return None


async def _send_made(request: CoverRequest, send: Send, cover: Cover) -> None:
    """Send a cover that was just made from memory: it may not have been possible to cache it."""
    headers = [*request.headers_with(cover.cover_id)]
    if cover.cover_id:
        headers.append((b"etag", request.etag(cover.cover_id).encode()))
        if request.is_known(cover.cover_id):
            await _send_head(send, HTTPStatus.NOT_MODIFIED, headers)
            return
    await send_picture(request.scope, send, cover.content, headers)


async def send_picture(scope: Scope, send: Send, content: bytes, headers: Headers) -> None:
    """Send the bytes of a picture."""
    media_type = media_type_of(content[:BEGINNING_BYTES]).encode()
    headers = [
        (b"content-type", media_type),
        (b"x-content-type-options", b"nosniff"),
        *headers,
    ]
    if scope["method"] == "HEAD":
        length = (b"content-length", b"%d" % len(content))
        await _send_head(send, HTTPStatus.OK, [*headers, length])
    else:
        await send_response(send, HTTPStatus.OK, headers, content)


async def _send_head(send: Send, status: int, headers: Headers) -> None:
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body"})
