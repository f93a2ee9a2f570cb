"""Sends a ZIP file of tracks, with ranges and preconditions."""

from asgi.files.conditions import Outcome, Validators, evaluate, modified_s, range_holds
from asgi.files.ranges import RangeRefused, Span, wanted_spans
from asgi.files.respond import send_parts
from asgi.http_dates import http_date
from asgi.responses import Receive, Scope, Send, header, send_error, send_response
from library.media.archives import Archive
from library.media.tracks import disposition

_NS = 1_000_000_000


async def send_archive(
    scope: Scope, receive: Receive, send: Send, archive: Archive, file_name: str
) -> None:
    """Answer a GET or HEAD. Raises BodyCutShort if a file vanishes after the response started.

    Of several ranges at once, which clients of ZIP files do not ask for, the whole is sent.
    """
    validators = Validators(archive.etag, modified_s(archive.modified_s * _NS))
    outcome = evaluate(scope, validators)
    if outcome is Outcome.NOT_MODIFIED:
        await send_response(send, 304, _headers(validators))
        return
    if outcome is Outcome.FAILED:
        message = "The files are not in the state that the request asks for."
        await send_error(send, 412, "precondition_failed", message)
        return
    try:
        span = _span(scope, validators, archive.size_bytes)
    except RangeRefused as refusal:
        size = (b"content-range", b"bytes */%d" % archive.size_bytes)
        await send_error(send, 416, "range_not_satisfiable", str(refusal), [size])
        return
    headers = [*_headers(validators), disposition(file_name, is_attachment=True)]
    await _send_span(scope, receive, send, archive, span, headers)


async def _send_span(  # noqa: PLR0917
    scope: Scope,
    receive: Receive,
    send: Send,
    archive: Archive,
    span: Span | None,
    headers: list[tuple[bytes, bytes]],
) -> None:
    """Send this part of the ZIP file; the whole if it is None."""
    shown = span or Span(0, archive.size_bytes - 1)
    headers += [
        (b"content-type", b"application/zip"),
        (b"content-length", b"%d" % shown.size_bytes),
        (b"x-content-type-options", b"nosniff"),
    ]
    if span:
        content_range = b"bytes %d-%d/%d" % (span.first, span.last, archive.size_bytes)
        headers.append((b"content-range", content_range))
    start = {"type": "http.response.start", "status": 206 if span else 200, "headers": headers}
    await send(start)
    if scope["method"] == "HEAD":
        await send({"type": "http.response.body"})
    else:
        await send_parts(receive, send, archive.read(shown))


def _headers(validators: Validators) -> list[tuple[bytes, bytes]]:
    return [
        (b"etag", validators.etag.encode()),
        (b"last-modified", http_date(validators.modified_s)),
        (b"accept-ranges", b"bytes"),
        (b"cache-control", b"private, no-cache"),
    ]


def _span(scope: Scope, validators: Validators, size_bytes: int) -> Span | None:
    """The range that is asked for. Raises RangeRefused."""
    if scope["method"] != "GET" or not range_holds(scope, validators):
        return None
    spans = wanted_spans(header(scope, b"range"), size_bytes)
    return spans[0] if spans and len(spans) == 1 else None
