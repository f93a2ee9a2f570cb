"""The files of shared tracks, for people without a login: the sound, to play or to keep, and
covers.

`s/<link>/<visit>/<track>-<key>/…`; `listening.shares.links` says what the parts are. An address
that is wrong or over is answered as a link that opens nothing. Sound counts the visit, covers do
not.
"""

from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from typing import Any

from django.template.loader import render_to_string
from django.urls import re_path

from asgi.clients import ClientGone
from asgi.files.disks import DiskHangs
from asgi.files.respond import METHODS, send_file_response
from asgi.look_ups import LookUps
from asgi.responses import Application, Message, Receive, Scope, Send, send_response
from library.covers.rendering import UnusablePicture
from library.covers.size import SQUARES, Fitted, PictureFormat
from library.media.cover_rows import find_cover
from library.media.found_covers import CoverRequest, TooManyCovers, find_found, send_found
from library.media.streams import track_response
from library.media.tracks import TrackUnavailable, track_id_of
from listening.models import Share
from listening.shares.guesses import note_wrong
from listening.shares.links import Visit
from listening.shares.opening import count_visit, find_for_file, find_open, may_play

HEADERS = {"Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex, nofollow"}
"""Of every response below `s/`: a link is not to be found by searches, nor told to other sites."""
GONE_PAGE = "share_gone.html"
_SIZES = {str(size): size for size in SQUARES}
_PREVIEW = Fitted(640, PictureFormat.COMMON)
_look_ups = LookUps("shares", threads=4)


@dataclass(frozen=True)
class _Address:
    """The parts of an address, as its pattern finds them."""

    token: str
    visit: str
    digits: str
    key: str
    client: str

    @property
    def track_id(self) -> int:
        return track_id_of(self.digits)


def _for_shares(application: Any) -> Application:
    """Wrap an endpoint: reads alone, and with the headers of shares."""

    async def wrapped(scope: Scope, receive: Receive, send: Send) -> None:
        async def send_on(message: Message) -> None:
            if message["type"] == "http.response.start":
                own = [(name.lower().encode(), value.encode()) for name, value in HEADERS.items()]
                message = {**message, "headers": [*message.get("headers", ()), *own]}
            await send(message)

        if scope["method"] in METHODS:
            await application(scope, receive, send_on)
        else:
            await send_response(send_on, 405, [(b"allow", b"GET, HEAD")])

    return wrapped


@_for_shares
async def send_sound(scope: Scope, receive: Receive, send: Send) -> None:
    """The file of a track. The first one that is played counts the visit."""
    address = _address(scope)
    is_download = scope["url_route"]["kwargs"]["what"] == "download"
    share = await _look_ups.find(
        _find_sound, address, counts=scope["method"] == "GET", is_download=is_download
    )
    if share is None:
        await _send_gone(send)
        return
    try:
        response = await track_response(scope, address.track_id, is_attachment=is_download)
    except TrackUnavailable as problem:
        await send_response(send, problem.status, [*problem.headers, *_UNKEPT])
    else:
        await send_file_response(receive, send, response)


@_for_shares
async def send_cover(scope: Scope, receive: Receive, send: Send) -> None:
    """The cover of a track: a square, or the picture that messengers show beside a link."""
    address = _address(scope)
    name = scope["url_route"]["kwargs"].get("size")
    size = _SIZES.get(name) if name else _PREVIEW
    share = await _look_ups.find(_find_share, address) if size else None
    if share is None or size is None:
        await _send_gone(send)
        return
    # Visitors of a share wait for covers together, as one user does.
    find = partial(find_cover, "tracks", address.digits)
    request = CoverRequest(scope, size, -share.pk, find)
    with suppress(ClientGone):
        await _send_cover_of(request, receive, send)


async def _send_cover_of(request: CoverRequest, receive: Receive, send: Send) -> None:
    """Raises ClientGone."""
    try:
        found = await find_found(request, receive)
    except (TrackUnavailable, UnusablePicture):
        await send_response(send, HTTPStatus.NOT_FOUND, _UNKEPT)
    except (TooManyCovers, TimeoutError, DiskHangs, MemoryError):
        await send_response(send, HTTPStatus.SERVICE_UNAVAILABLE, [(b"retry-after", b"2")])
    else:
        await send_found(request, receive, send, found)


def _address(scope: Scope) -> _Address:
    parts = scope["url_route"]["kwargs"]
    client = str((scope.get("client") or ("", 0))[0])
    return _Address(parts["token"], parts["visit"], parts["digits"], parts["key"], client)


def _find_share(address: _Address) -> Share | None:
    """The share that the address belongs to. Blocks."""
    found = _find(address)
    return found and found[0]


def _find_sound(address: _Address, *, counts: bool, is_download: bool) -> Share | None:
    """The same, if this visit may play. Blocks."""
    found = _find(address)
    if found is None or (is_download and not found[0].allows_download):
        return None
    return found[0] if (count_visit if counts else may_play)(*found) else None


def _find(address: _Address) -> tuple[Share, Visit] | None:
    found = find_for_file(address.token, address.visit, address.track_id, address.key)
    if found is None and find_open(address.token) is None:
        note_wrong(address.client, address.token)
    return found


_UNKEPT = [(b"cache-control", b"no-store")]


async def _send_gone(send: Send) -> None:
    body = render_to_string(GONE_PAGE).encode()
    headers = [(b"content-type", b"text/html; charset=utf-8"), *_UNKEPT]
    await send_response(send, HTTPStatus.NOT_FOUND, headers, body)


_VISIT = r"^s/(?P<token>[a-z2-7]+)/(?P<visit>[a-z2-7]+-[0-9]+)"
_TRACK = _VISIT + r"/(?P<digits>[0-9]+)-(?P<key>[a-z2-7]+)"
routes = [
    re_path(_TRACK + r"/(?P<what>stream|download)$", send_sound),  # type: ignore[arg-type]
    re_path(_TRACK + r"/covers/(?P<size>[0-9]+)\.webp$", send_cover),  # type: ignore[arg-type]
    re_path(_TRACK + r"/preview$", send_cover),  # type: ignore[arg-type]
]
"""For a URLRouter of channels. They need no login."""
