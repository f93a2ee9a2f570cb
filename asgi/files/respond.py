"""Sends a file as an ASGI response, with ranges, preconditions and HEAD.

`prepare` runs in a thread of the file's disk and reads the first part of the body, so that most
responses need one call in a thread. A thread reads one chunk at a time, and the next one only after
the server has accepted the last. So a client that pauses costs one chunk of memory, a file
descriptor and a coroutine. There is no time limit for a pause: someone who pauses the music in the
evening can go on in the morning. TCP keep-alive ends the connection of a client that has vanished.
If the client's login ends, the response is broken off, even during a pause.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Iterator
from http import HTTPStatus
from typing import NamedTuple

from asgi.clients import wait_for_disconnect
from asgi.files.body import Body, body_of
from asgi.files.conditions import Outcome, Validators, evaluate, modified_s, range_holds
from asgi.files.media_file import BodyCutShort, MediaFile
from asgi.files.ranges import RangeRefused, Span, wanted_spans
from asgi.http_dates import http_date
from asgi.responses import (
    Headers,
    Receive,
    Scope,
    Send,
    error_headers,
    error_json,
    header,
)

METHODS = frozenset({"GET", "HEAD"})
RETRY_AFTER = (b"retry-after", b"10")
"""Seconds that a network mount may need after hanging for a moment."""

logger = logging.getLogger(__name__)


class FileResponse(NamedTuple):
    """A response whose first part is in memory. `rest` is None if that is the whole body; else the
    other parts, which are read from the open `file`."""

    status: int
    headers: Headers
    first: bytes = b""
    file: MediaFile | None = None
    rest: Iterator[bytes | Span] | None = None


def prepare(scope: Scope, file: MediaFile) -> FileResponse:
    """The response to a GET or HEAD with `file`, or with the requested ranges. Blocks.

    Closes the file, unless more of it has to be read.
    """
    response = None
    try:
        response = _prepared(scope, file)
    finally:
        if response is None or response.rest is None:
            file.close()
    return response


def without_file(scope: Scope, file: MediaFile) -> FileResponse | None:
    """The response if the request's conditions say that the file is not sent: 304 or 412."""
    outcome = evaluate(scope, _validators(file))
    if outcome is Outcome.FAILED:
        message = "The file is not in the state that If-Match or If-Unmodified-Since asks for."
        return _refusal(412, "precondition_failed", message)
    if outcome is Outcome.NOT_MODIFIED:
        return FileResponse(HTTPStatus.NOT_MODIFIED, _headers(file))
    return None


def _validators(file: MediaFile) -> Validators:
    return Validators(file.etag, modified_s(file.mtime_ns))


def _headers(file: MediaFile) -> list[tuple[bytes, bytes]]:
    return [
        (b"etag", file.etag.encode()),
        (b"last-modified", http_date(modified_s(file.mtime_ns))),
        (b"accept-ranges", b"bytes"),
        (b"x-content-type-options", b"nosniff"),
        *file.headers,
    ]


def _prepared(scope: Scope, file: MediaFile) -> FileResponse:
    if response := without_file(scope, file):
        return response
    try:
        body = body_of(file, _spans(scope, file, _validators(file)))
    except RangeRefused as refusal:
        size = (b"content-range", b"bytes */%d" % file.size_bytes)
        return _refusal(416, "range_not_satisfiable", str(refusal), size)
    length = (b"content-length", b"%d" % body.size_bytes)
    headers = [*_headers(file), *body.headers, length]
    if scope["method"] == "HEAD" or not body.pieces:
        return FileResponse(body.status, headers)
    return _begun(file, body, headers)


def _begun(file: MediaFile, body: Body, headers: Headers) -> FileResponse:
    """The response with the first part of `body`. 503 if the disk fails at once."""
    steps = body.steps()
    try:
        first = _read(file, next(steps))
    except BodyCutShort as error:
        logger.warning("%s", error)
        message = "The file cannot be read at the moment."
        return _refusal(503, "file_unreadable", message, RETRY_AFTER)
    if len(first) == body.size_bytes:
        return FileResponse(body.status, headers, first)
    return FileResponse(body.status, headers, first, file, steps)


def _refusal(status: int, code: str, message: str, *more: tuple[bytes, bytes]) -> FileResponse:
    body = error_json(code, message)
    length = (b"content-length", b"%d" % len(body))
    return FileResponse(status, [*error_headers(), *more, length], body)


def _spans(scope: Scope, file: MediaFile, validators: Validators) -> list[Span] | None:
    """The requested spans; None for the whole file. Range counts for GET alone (section 14.2)."""
    if scope["method"] != "GET":
        return None
    if not range_holds(scope, validators):
        return None
    return wanted_spans(header(scope, b"range"), file.size_bytes)


def _read(file: MediaFile, step: bytes | Span) -> bytes:
    return step if isinstance(step, bytes) else file.read(step.first, step.size_bytes)


async def send_file_response(receive: Receive, send: Send, response: FileResponse) -> None:
    """Send `response`, and close its file.

    Raises BodyCutShort if the file ends before all announced bytes are sent.
    """
    start = {"type": "http.response.start", "status": response.status, "headers": response.headers}
    if response.file is None or response.rest is None:
        await send(start)
        await send({"type": "http.response.body", "body": response.first})
        return
    try:
        await send(start)
        parts = _parts(response.first, response.file, response.rest)
        await send_parts(receive, send, parts)
    finally:
        response.file.disk.submit(response.file.close)


async def _parts(
    first: bytes, file: MediaFile, rest: Iterator[bytes | Span]
) -> AsyncIterator[bytes]:
    yield first
    for step in rest:
        yield await file.disk.go_on(_read, file, step)


async def send_parts(receive: Receive, send: Send, parts: AsyncIterator[bytes]) -> None:
    """Send the parts of a body, each once the client took the one before. Stops when the client
    disconnects. Raises what `parts` raises."""
    gone = asyncio.ensure_future(wait_for_disconnect(receive))
    try:
        async for part in parts:
            if not await _send_chunk(send, part, gone):
                return
        await send({"type": "http.response.body"})
    finally:
        gone.cancel()
        await asyncio.wait([gone])


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
