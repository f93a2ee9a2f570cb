"""Responses to requests that the server refuses before any view sees them.

Below /api/ the response is an API error, elsewhere a plain page without styles or scripts. Other
protocols register what their clients understand.
"""

import re
from collections.abc import Callable, Sequence
from html import escape
from http import HTTPStatus
from typing import NamedTuple

from asgi.responses import error_json

RETRY_AFTER_S = 2

_API = "/api/"
_PAGE = """<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>{title}</title></head>
<body><h1>{title}</h1><p>{message}</p></body>
</html>
"""


class Refusal(NamedTuple):
    """Why a request is refused: `code` tells programs the reason, `message` tells people."""

    status: HTTPStatus
    code: str
    message: str
    headers: Sequence[tuple[bytes, bytes]] = ()


class Answer(NamedTuple):
    """A complete response; `headers` are without Content-Length."""

    status: int
    headers: list[tuple[bytes, bytes]]
    body: bytes


BUSY = Refusal(
    HTTPStatus.SERVICE_UNAVAILABLE,
    "busy",
    "The server has more requests than it can answer. Try again in a few seconds.",
    ((b"retry-after", b"%d" % RETRY_AFTER_S),),
)

BODY_TOO_LARGE = Refusal(
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    "too_big",
    "The body is larger than anything this address takes.",
)
HEADER_TOO_LARGE = Refusal(
    HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE,
    "header_too_large",
    "The header of the request is too large. Deleting this site's cookies may help.",
)
TARGET_TOO_LONG = Refusal(
    HTTPStatus.REQUEST_URI_TOO_LONG, "address_too_long", "The address is too long."
)
MALFORMED = Refusal(HTTPStatus.BAD_REQUEST, "malformed", "The request cannot be read.")
TOO_SLOW = Refusal(
    HTTPStatus.REQUEST_TIMEOUT, "too_slow", "The request took too long to arrive. Try again."
)


AnswerRefused = Callable[[Refusal, bytes], Answer]
"""Called with the query of the request."""

_protocols: dict[re.Pattern[str], AnswerRefused] = {}


def answer_refusals_of(paths: str, answer: AnswerRefused) -> None:
    """From now on, `answer` makes the responses for paths that fit the regular expression."""
    _protocols[re.compile(paths)] = answer


def answer_for(refusal: Refusal, path: str, query: bytes) -> Answer:
    """The response for `refusal`: JSON if `path` is the API's, else a page or what was registered
    for the path."""
    for paths, answer in _protocols.items():
        if paths.match(path):
            return answer(refusal, query)
    for_program = path.startswith(_API)
    body = _error(refusal) if for_program else _page(refusal)
    content_type = b"application/json" if for_program else b"text/html; charset=utf-8"
    headers = [
        (b"content-type", content_type),
        (b"cache-control", b"no-store"),
        (b"x-content-type-options", b"nosniff"),
        (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
        *refusal.headers,
    ]
    return Answer(refusal.status, headers, body)


def _error(refusal: Refusal) -> bytes:
    return error_json(refusal.code, refusal.message)


def _page(refusal: Refusal) -> bytes:
    title = f"{refusal.status.value} {refusal.status.phrase}"
    return _PAGE.format(title=escape(title), message=escape(refusal.message)).encode()
