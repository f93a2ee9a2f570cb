"""Makes a response of an answer: in the format that the client wants, compressed if that helps."""

import gzip
import hashlib
from http import HTTPStatus
from typing import Any, NamedTuple

from asgi.responses import Scope, header
from opensubsonic.writers.formats import Format

COMPRESSED_FROM_BYTES = 1024
GZIP_LEVEL = 1
PRIVATE = b"private, no-store"
"""For what only this user may see, such as favourites."""
REVALIDATED = b"private, no-cache"
"""For what is the same for all users: clients may keep it, but ask each time whether it is still
right, by its ETag."""


class Wanted(NamedTuple):
    """How a client wants the answer. `etags`: the If-None-Match of the request."""

    format: Format = Format()
    accepts_gzip: bool = False
    etags: str = ""


class Response(NamedTuple):
    status: int
    headers: list[tuple[bytes, bytes]]
    content: bytes


def wanted_by(scope: Scope, wanted_format: Format) -> Wanted:
    return Wanted(
        wanted_format,
        _accepts_gzip(header(scope, b"accept-encoding") or ""),
        header(scope, b"if-none-match") or "",
    )


def respond_with(
    answer: dict[str, Any], wanted: Wanted, *, status: int = 200, is_personal: bool = True
) -> Response:
    """Blocks, since large answers take some milliseconds to write and to compress."""
    media_type, content = wanted.format.write(answer)
    headers = [
        (b"content-type", media_type),
        (b"cache-control", PRIVATE if is_personal else REVALIDATED),
        (b"vary", b"Accept-Encoding"),
    ]
    if not is_personal:
        etag = f'W/"{hashlib.blake2b(content, digest_size=12).hexdigest()}"'
        headers.append((b"etag", etag.encode()))
    if wanted.accepts_gzip and len(content) >= COMPRESSED_FROM_BYTES:
        content = gzip.compress(content, GZIP_LEVEL, mtime=0)
        headers.append((b"content-encoding", b"gzip"))
    return Response(status, headers, content)


def unless_known(response: Response, etags: str) -> Response:
    """The response itself, or one that says that the client has it already."""
    etag = dict(response.headers).get(b"etag", b"").decode()
    if not etag or not _names(etags, etag):
        return response
    headers = [each for each in response.headers if each[0] != b"content-encoding"]
    return Response(HTTPStatus.NOT_MODIFIED, headers, b"")


def _names(etags: str, etag: str) -> bool:
    """By weak comparison (RFC 9110, section 13.1.2)."""
    found = {each.strip().removeprefix("W/") for each in etags.split(",")}
    return "*" in found or etag.removeprefix("W/") in found


def _accepts_gzip(header: str) -> bool:
    """By RFC 9110, section 12.5.3: the client names gzip, and not with a weight of 0."""
    for coding in header.lower().split(","):
        name, _, weight = coding.partition(";")
        if name.strip() in {"gzip", "x-gzip"}:
            return weight.replace(" ", "") not in {"q=0", "q=0.0", "q=0.00", "q=0.000"}
    return False
