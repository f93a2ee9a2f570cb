"""EBML, the structure of Matroska and WebM (RFC 8794): elements with an identifier and a size."""

import struct
from collections.abc import Iterator
from typing import NamedTuple

from library.tags.bounded_file import BoundedFile

_LONGEST_HEADER = 12
"""An identifier of 4 bytes and a size of 8."""
MAX_CHILDREN = 10_000
MAX_NUMBER_BYTES = 8


class Element(NamedTuple):
    """An element whose contents begin at byte `at` and end before `end`. `has_size`: the size is
    stated; otherwise the element goes on to the end of the file."""

    identifier: int
    start: int
    at: int
    end: int
    has_size: bool = True


def element_at(file: BoundedFile, start: int, limit: int) -> Element | None:
    """The element whose header stands at `start`; None if there is none before `limit`."""
    header = file.read_between(start, min(start + _LONGEST_HEADER, limit))
    return _element(header, start, limit)


def children(data: bytes) -> Iterator[tuple[int, bytes]]:
    """The identifiers and contents of the elements in the contents of another."""
    at = 0
    for _ in range(MAX_CHILDREN):
        child = _element(data[at : at + _LONGEST_HEADER], at, len(data))
        if child is None:
            return
        yield child.identifier, data[child.at : child.end]
        at = child.end


def _element(header: bytes, start: int, limit: int) -> Element | None:
    length = _length(header[:1])
    size_length = _length(header[length : length + 1])
    at = length + size_length
    if not 0 < length <= 4 or not size_length or len(header) < at:  # noqa: PLR2004
        return None
    identifier = int.from_bytes(header[:length], "big")
    marked = int.from_bytes(header[length:at], "big")
    size = marked & ((1 << 7 * size_length) - 1)
    is_unknown = size == (1 << 7 * size_length) - 1
    end = limit if is_unknown else min(start + at + size, limit)
    return Element(identifier, start, start + at, end, not is_unknown)


def _length(first: bytes) -> int:
    """How many bytes a number has, by the zero bits that its first byte begins with (section 4);
    0 if it has none."""
    return 9 - first[0].bit_length() if first and first[0] else 0


def unsigned(data: bytes) -> int:
    return int.from_bytes(data[:MAX_NUMBER_BYTES], "big")


def real(data: bytes) -> float:
    """A float of 4 or 8 bytes; 0 for any other number of bytes."""
    formats = {4: ">f", 8: ">d"}
    return struct.unpack(formats[len(data)], data)[0] if len(data) in formats else 0.0


def text(data: bytes) -> str:
    return data.partition(b"\0")[0].decode("utf-8", "replace")
