"""The body of a file response: the whole file, one range, or several (RFC 9110, 15.3.7)."""

import secrets
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from asgi.files.media_file import MediaFile
from asgi.files.ranges import Span

CHUNK_BYTES = 128 * 1024
"""Bytes read and sent at a time. A client that pauses costs this much memory."""


class Body(NamedTuple):
    """The parts of a body in order: bytes are sent as they are, spans are read from the file."""

    status: int
    headers: list[tuple[bytes, bytes]]
    pieces: Sequence[bytes | Span]

    @property
    def size_bytes(self) -> int:
        return sum(
            piece.size_bytes if isinstance(piece, Span) else len(piece) for piece in self.pieces
        )

    def steps(self) -> Iterator[bytes | Span]:
        """`pieces` with the spans cut into chunks."""
        for piece in self.pieces:
            if isinstance(piece, Span):
                yield from _chunks(piece)
            else:
                yield piece


def body_of(file: MediaFile, spans: list[Span] | None) -> Body:
    """The body with these spans of `file` (at least one), or with the whole file if None."""
    content_type = (b"content-type", file.media_type.encode())
    if spans is None:
        whole = [Span(0, file.size_bytes - 1)] if file.size_bytes else []
        return Body(200, [content_type], whole)
    if len(spans) == 1:
        content_range = (b"content-range", _content_range(spans[0], file))
        return Body(206, [content_type, content_range], spans)
    return _multipart(file, spans)


def _multipart(file: MediaFile, spans: list[Span]) -> Body:
    boundary = secrets.token_hex(16).encode()  # 128 random bits: practically never in the file
    pieces: list[bytes | Span] = []
    for span in spans:
        head = (
            b"\r\n--" + boundary,
            b"content-type: " + file.media_type.encode(),
            b"content-range: " + _content_range(span, file),
            b"\r\n",
        )
        pieces += [b"\r\n".join(head), span]
    pieces.append(b"\r\n--" + boundary + b"--\r\n")
    return Body(206, [(b"content-type", b"multipart/byteranges; boundary=" + boundary)], pieces)


def _content_range(span: Span, file: MediaFile) -> bytes:
    return b"bytes %d-%d/%d" % (span.first, span.last, file.size_bytes)


def _chunks(span: Span) -> Iterator[Span]:
    for first in range(span.first, span.last + 1, CHUNK_BYTES):
        yield Span(first, min(first + CHUNK_BYTES - 1, span.last))
