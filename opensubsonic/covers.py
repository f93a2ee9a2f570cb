"""Pictures: covers, and the avatars of users."""

import logging
import re
from collections.abc import Awaitable, Callable
from functools import partial

from django.conf import settings

from asgi.files.disks import DiskHangs
from asgi.look_ups import LookUps
from asgi.responses import Receive, Scope, Send, header
from library.covers.drawn import placeholder
from library.covers.rendering import UnusablePicture, render
from library.covers.size import PictureFormat, fitted
from library.media.collages import find_collage
from library.media.cover_rows import find_cover_of, whole_cover_id
from library.media.found_covers import (
    CoverRequest,
    Found,
    Source,
    TooManyCovers,
    covers,
    find_found,
    send_found,
    send_picture,
)
from library.media.tracks import TrackUnavailable
from listening.playlists.refusals import NoSuchPlaylist
from listening.playlists.rows import cover_tracks_of
from opensubsonic.byte_answers import as_get, refusal_of
from opensubsonic.call import Call
from opensubsonic.errors import Code, Refusal, not_found
from opensubsonic.ids import Named

KINDS = {"track": "tracks", "album": "albums", "artist": "artists", "folder": "folders"}
_VARY = ((b"vary", b"Accept"),)
_NOT_WEBP = re.compile(r"image/webp\s*;\s*q=0(\.0*)?\s*(,|$)")

logger = logging.getLogger(__name__)
look_ups = LookUps("covers of playlists", threads=2)


async def get_cover_art(call: Call, scope: Scope, receive: Receive, send: Send) -> None:
    """The picture of what the id names: JPEG, unless the client accepts WebP."""
    named = call.parameters.named("id", *KINDS, "playlist")
    request = _request(call, as_get(scope), named)
    try:
        found = await _found(request, receive)
    except Refusal as refusal:
        if refusal.code is not Code.NOT_FOUND or not settings.SUBSONIC_COVER_PLACEHOLDER:
            raise
        headers = [(b"cache-control", b"private, no-cache"), *_VARY]
        content = await covers.in_thread(render, placeholder(), request.size)
        await send_picture(scope, send, content, headers)
    else:
        await send_found(request, receive, send, found)


async def _found(request: CoverRequest, receive: Receive) -> Found:
    """Raises Refusal."""
    try:
        return await find_found(request, receive)
    except TrackUnavailable as problem:
        raise refusal_of(problem) from None
    except UnusablePicture as problem:
        raise Refusal(Code.NOT_FOUND, str(problem)) from None
    except TooManyCovers as problem:
        raise Refusal(Code.GENERIC, str(problem)) from None
    except (TimeoutError, DiskHangs, MemoryError) as error:
        # The picture itself may be fine: it is not marked as unusable, so a client may try again.
        logger.warning("A cover cannot be made now: %r", error)
        raise Refusal(Code.GENERIC, "The cover cannot be made at the moment.") from None


def _request(call: Call, scope: Scope, named: Named) -> CoverRequest:
    kind = KINDS.get(named.kind, named.kind)
    edge = call.parameters.number("size") or None
    return CoverRequest(
        scope,
        fitted(edge, _format(scope)),
        call.user_id,
        _finder(call, named),
        whole_cover_id(kind, named.pk, call.parameters.text("id").partition("_")[2]),
        _VARY,
    )


def _finder(call: Call, named: Named) -> Callable[[], Awaitable[Source]]:
    if named.kind == "playlist":
        return partial(_find_playlist_cover, call, named.pk)
    return partial(find_cover_of, KINDS[named.kind], named.pk)


async def _find_playlist_cover(call: Call, playlist_id: int) -> Source:
    """Raises Refusal and TrackUnavailable."""
    try:
        track_ids = await look_ups.find(cover_tracks_of, call.user_id, playlist_id)
    except NoSuchPlaylist:
        raise not_found("playlist") from None
    if not track_ids:
        raise Refusal(Code.NOT_FOUND, "This playlist has no cover.")
    return await find_collage(track_ids, call.user_id)


def _format(scope: Scope) -> PictureFormat:
    accepted = (header(scope, b"accept") or "").lower()
    is_webp = "image/webp" in accepted and not _NOT_WEBP.search(accepted)
    return PictureFormat.WEBP if is_webp else PictureFormat.COMMON
