"""Sends a file as an ASGI response, with ranges, preconditions and HEAD.

A thread reads one chunk at a time, and the next one only after the server has accepted the last. So
a client that pauses costs one chunk of memory, a file descriptor and a coroutine. There is no time
limit for a pause: someone who pauses the music in the evening can go on in the morning. TCP
keep-alive ends the connection of a client that has vanished. If the client's login ends, the
response is broken off, even during a pause.
"""

import asyncio
import logging
from http import HTTPStatus

from django.utils.http import http_date

from asgi.clients import wait_for_disconnect
from asgi.files.body import Body, body_of
from asgi.files.conditions import Outcome, Validators, evaluate, modified_s, range_holds
from asgi.files.disks import DiskHangs
from asgi.files.media_file import BodyCutShort, MediaFile
from asgi.files.ranges import RangeRefused, Span, wanted_spans
from asgi.responses import Headers, Receive, Scope, Send, header, send_error

METHODS = frozenset({"GET", "HEAD"})
RETRY_AFTER = (b"retry-after", b"10")
"""Seconds that a network mount may need after hanging for a moment."""

logger = logging.getLogger(__name__)


async def respond_with_file(scope: Scope, receive: Receive, send: Send, file: MediaFile) -> None:
    """Answer a GET or HEAD with `file`, or with the requested ranges, and close the file.

    Raises BodyCutShort if the file ends before all announced bytes are sent.
    """
    try:
        if scope["method"] in METHODS:
            await _answer(scope, receive, send, file)
        else:
            allow = [(b"allow", b"GET, HEAD")]
            await send_error(send, 405, "method_not_allowed", "Use GET or HEAD.", allow)
    finally:
        file.disk.submit(file.close)


async def _answer(scope: Scope, receive: Receive, send: Send, file: MediaFile) -> None:
    validators = Validators(file.etag, modified_s(file.mtime_ns))
    headers = [
        (b"etag", file.etag.encode()),
        (b"last-modified", http_date(validators.modified_s).encode()),
        (b"accept-ranges", b"bytes"),
        (b"x-content-type-options", b"nosniff"),
        *file.headers,
    ]
    outcome = evaluate(scope, validators)
    if outcome is Outcome.FAILED:
        message = "The file is not in the state that If-Match or If-Unmodified-Since asks for."
        await send_error(send, 412, "precondition_failed", message)
    elif outcome is Outcome.NOT_MODIFIED:
        await _send_head(send, HTTPStatus.NOT_MODIFIED, headers)
    else:
        try:
            body = body_of(file, _spans(scope, file, validators))
        except RangeRefused as refusal:
            size = (b"content-range", b"bytes */%d" % file.size_bytes)
            await send_error(send, 416, "range_not_satisfiable", str(refusal), [size])
        else:
            length = (b"content-length", b"%d" % body.size_bytes)
            body = body._replace(headers=[*headers, *body.headers, length])
            if scope["method"] == "HEAD" or not body.pieces:
                await _send_head(send, body.status, body.headers)
            else:
                await _stream(receive, send, file, body)


def _spans(scope: Scope, file: MediaFile, validators: Validators) -> list[Span] | None:
    """The requested spans; None for the whole file. Range counts for GET alone (section 14.2)."""
    if scope["method"] != "GET":
        return None
    if not range_holds(scope, validators):
        return None
    return wanted_spans(header(scope, b"range"), file.size_bytes)


async def _send_head(send: Send, status: int, headers: Headers) -> None:
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body"})


async def _stream(receive: Receive, send: Send, file: MediaFile, body: Body) -> None:
    steps = body.steps()
    try:  # before the response starts, so that a disk that fails at once can be answered 503
        first = await _read_first(file, next(steps))
    except (BodyCutShort, DiskHangs) as error:
        logger.warning("%s", error or f"{file.file.name!r} cannot be read: its disk hangs.")
        message = "The file cannot be read at the moment."
        await send_error(send, 503, "file_unreadable", message, [RETRY_AFTER])
        return
    await send({"type": "http.response.start", "status": body.status, "headers": body.headers})
    gone = asyncio.ensure_future(wait_for_disconnect(receive))
    try:
        if not await _send_chunk(send, first, gone):
            return
        for step in steps:
            if not await _send_chunk(send, await _read(file, step), gone):
                return
        await send({"type": "http.response.body"})
    finally:
        gone.cancel()
        await asyncio.wait([gone])


async def _read_first(file: MediaFile, step: bytes | Span) -> bytes:
    """Raises DiskHangs."""
    if isinstance(step, bytes):
        return step
    return await file.disk.begin(file.read, step.first, step.size_bytes)


async def _read(file: MediaFile, step: bytes | Span) -> bytes:
    if isinstance(step, bytes):
        return step
    return await file.disk.go_on(file.read, step.first, step.size_bytes)


async def _send_chunk(send: Send, chunk: bytes, gone: asyncio.Future[None]) -> bool:
    """Send `chunk`; False if the client disconnects before the server accepts the chunk.

    Waits as long as the client pauses, but no longer than its login lasts.
    """
    if gone.done():
        return False
    message = {"type": "http.response.body", "body": chunk, "more_body": True}
    sending = asyncio.ensure_future(send(message))
    try:
        await asyncio.wait((sending, gone), return_when=asyncio.FIRST_COMPLETED)
        if not sending.done():
            return False
        sending.result()
        return True
    finally:
        sending.cancel()
