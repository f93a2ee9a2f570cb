"""`GET /api/v1/tracks/<id>/covers/<size>.webp`: a track's cover, rendered on the first request; and
the same of albums, artists and folders.

With `?v=<cover_id>` the URL changes whenever the picture does, so browsers may cache it for ever;
see `library.media.found_covers`.
"""

import logging
from contextlib import suppress
from functools import partial
from urllib.parse import parse_qs

from asgi.clients import ClientGone
from asgi.files.disks import DiskHangs
from asgi.files.respond import METHODS
from asgi.responses import Receive, Scope, Send, send_error
from library.covers.rendering import UnusablePicture
from library.covers.size import BY_NAME, CoverSize
from library.media.cover_rows import find_cover
from library.media.found_covers import CoverRequest, TooManyCovers, find_found, send_found
from library.media.tracks import TrackUnavailable

RETRY_AFTER = [(b"retry-after", b"2")]

logger = logging.getLogger(__name__)


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
    request = _request(scope, size)
    try:
        found = await find_found(request, receive)
    except TrackUnavailable as problem:
        await send_error(send, problem.status, problem.code, str(problem), problem.headers)
    except UnusablePicture as problem:
        await send_error(send, 404, "cover_unusable", str(problem))
    except TooManyCovers as problem:
        await send_error(send, 503, "too_many_covers", str(problem), RETRY_AFTER)
    except (TimeoutError, DiskHangs, MemoryError) as error:
        # The picture itself may be fine: it is not marked as unusable, so a client may try again.
        logger.warning("The cover %s cannot be made now: %r", scope["path"], error)
        message = "The cover cannot be made at the moment."
        await send_error(send, 503, "cover_unavailable", message, RETRY_AFTER)
    else:
        await send_found(request, receive, send, found)


def _request(scope: Scope, size: CoverSize) -> CoverRequest:
    names = scope["url_route"]["kwargs"]
    find = partial(find_cover, names["kind"], names["row_id"])
    return CoverRequest(scope, size, scope["user"].pk, find, _named(scope))


def _named(scope: Scope) -> str:
    """The value of `v` in the URL; empty if there is none."""
    query: str = scope["query_string"].decode("latin-1")
    return parse_qs(query).get("v", [""])[-1]
