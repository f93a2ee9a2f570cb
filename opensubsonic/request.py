"""Reads a request: the name of the endpoint, and the parameters of its query and its form."""

import re
from collections.abc import Mapping
from urllib.parse import parse_qsl

from asgi.clients import ClientGone
from asgi.responses import Receive, Scope, header
from opensubsonic.errors import Code, Refusal

FORM = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data"
MOST_FIELDS = 200_000
"""Of a query or a form. Its bytes are bounded too, but many short fields take more memory than
their text."""

LONGEST_HEAD_BYTES = 1024
"""Of the headers of a field."""
_BOUNDARY = re.compile(r';\s*boundary=(?:"([^"]{1,70})"|([^\s;"]{1,70}))', re.IGNORECASE)
_DISPOSITION = re.compile(rb"content-disposition:[ \t]*form-data[^\r\n]*", re.IGNORECASE)
_FILE_NAME = re.compile(rb";[ \t]*filename\*?=", re.IGNORECASE)
_FIELD_NAME = re.compile(rb';[ \t]*name=(?:"([^"]+)"|([^\s;"]+))', re.IGNORECASE)

Pairs = list[tuple[str, str]]

BELOW_REST = r"(?s)/+rest(?:/.*)?$"
"""The paths of this API, as a regular expression. Some clients double slashes."""
_BELOW_REST = re.compile(BELOW_REST)
_NAME = re.compile(r"/+rest/+([A-Za-z0-9]+(?:\.m3u8)?)(?:\.view)?/*", re.IGNORECASE)


def is_subsonic(path: str) -> bool:
    """Whether a path belongs to this API."""
    return _BELOW_REST.fullmatch(path) is not None


def endpoint_name(path: str, names: Mapping[str, str]) -> str | None:
    """The endpoint that a path means, as in `/rest/ping.view`, in any case; None if it means none.
    `names`: the names of all endpoints by their lower case."""
    found = _NAME.fullmatch(path)
    return names.get(found[1].lower()) if found else None


def parse_query(text: bytes) -> Pairs:
    """The fields of a query, or of a form in the same encoding. Some clients send letters such as
    `ö` as they are, in UTF-8, rather than percent-encoded."""
    try:
        return parse_qsl(
            text.decode(errors="replace"), errors="replace", max_num_fields=MOST_FIELDS
        )
    except ValueError:
        raise _too_many() from None


def parse_form(content_type: str, body: bytes) -> Pairs:
    """The fields of a form; none if the body is something else. Files in it are left out."""
    media_type = content_type.partition(";")[0].strip().lower()
    if media_type == FORM:
        return parse_query(body)
    return _parse_multipart(content_type, body) if media_type == MULTIPART else []


def _parse_multipart(content_type: str, body: bytes) -> Pairs:
    """What browsers send for a FormData (RFC 7578). Django's parser has bounds for all forms of the
    server, and a playlist may have 20,000 ids. Python's takes half a millisecond for each field,
    and minutes for a long header, and nobody has logged in yet."""
    boundary = _BOUNDARY.search(content_type)
    if boundary is None:
        return []
    mark = b"\r\n--" + (boundary[1] or boundary[2]).encode("latin-1")
    parts = (b"\r\n" + body).split(mark, MOST_FIELDS + 1)
    if len(parts) > MOST_FIELDS + 1:
        raise _too_many()
    return [pair for part in parts[1:] if (pair := _field(part)) is not None]


def _field(part: bytes) -> tuple[str, str] | None:
    """The name and the value of a part of a form; None if it is a file or no field."""
    head, end, content = part.partition(b"\r\n\r\n")
    if not end or len(head) > LONGEST_HEAD_BYTES:
        return None
    disposition = _DISPOSITION.search(head)
    if disposition is None or _FILE_NAME.search(disposition[0]):
        return None
    name = _FIELD_NAME.search(disposition[0])
    if name is None:
        return None
    return (name[1] or name[2]).decode(errors="replace"), content.decode(errors="replace")


def _too_many() -> Refusal:
    return Refusal(Code.GENERIC, "The request has too many parameters.")


async def read_body(receive: Receive) -> bytes:
    """Raises ClientGone. The size is bounded by the server; see `asgi.body_limits`."""
    parts, has_more = [], True
    while has_more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientGone
        parts.append(message.get("body", b""))
        has_more = message.get("more_body", False)
    return b"".join(parts)


def base_address(scope: Scope) -> str:
    """The address of this server as the client sees it, without a last slash."""
    host = header(scope, b"host") or "localhost"
    return f"{scope.get('scheme', 'http')}://{host}{scope.get('root_path', '')}"
