"""Boxes (ISO/IEC 14496-12, section 4.2): a size, a name of four bytes and a content, which may
consist of boxes again.

Nothing here fails for a wrong size. A box ends at the latest where the box around it ends, and a
size that is too small for a box ends the list of boxes: some programs end `udta` with zeros.
"""

import struct
from collections.abc import Iterator
from typing import NamedTuple, Protocol

from library.tags.remembering import LONGEST_REMEMBERED, sharing_the_last

MAX_TOP_LEVEL_BOXES = 200_000
"""Files in fragments have two or three boxes for each second or so."""
MAX_BOXES = 10_000
"""In one container."""
MAX_LOADED_BYTES = 4 * 1024 * 1024
"""The greatest container that `loaded` reads at once. An audiobook's index may be much larger, and
only a small part of it is used."""
_HEADER = struct.Struct(">I4s")
_HEADER_SIZE = 8
_SIZE_FOLLOWS = 1
_shared = sharing_the_last()


class Source(Protocol):
    """Bytes at known places: a file, or a part of one. Callers ask for nothing past `size`."""

    @property
    def size(self) -> int: ...

    def read(self, start: int, end: int) -> bytes:
        """The bytes from `start` up to `end`."""

    def read_only(self, start: int, end: int) -> bytes:
        """The same, for bytes that lie far from those that are asked for next."""


class Box(NamedTuple):
    """A box, whose content lies from `start` to `end`."""

    name: bytes
    start: int
    end: int


class _Loaded:
    """Bytes of a file that have been read at once, at the same places as in the file."""

    def __init__(self, data: bytes, start: int) -> None:
        self.data, self.start = data, start
        self.size = start + len(data)

    def read(self, start: int, end: int) -> bytes:
        start, end = start - self.start, end - self.start
        if end - start <= LONGEST_REMEMBERED:
            return self.data[start:end]
        return _shared(self.data, start, end)

    read_only = read


def loaded(source: Source, box: Box) -> Source:
    """A source for the content of `box`; read at once unless it is large."""
    if box.end - box.start > MAX_LOADED_BYTES:
        return source
    return _Loaded(source.read(box.start, box.end), box.start)


def top_level_boxes(source: Source, at: int) -> Iterator[Box]:
    """The boxes of a file from `at` on. Here, a size of zero stands for all that follows. Of a file
    that is cut off, the last box ends behind its end."""
    for _ in range(MAX_TOP_LEVEL_BOXES):
        if at + _HEADER_SIZE > source.size:
            return
        size, name = _HEADER.unpack(source.read(at, at + _HEADER_SIZE))
        box = _box(source, name, at, size or source.size - at, source.size)
        if box is None:
            return
        yield box
        at = box.end


def boxes(source: Source, at: int, end: int) -> list[Box]:
    """The boxes from `at` up to `end`."""
    found = []
    # Most boxes lie in loaded bytes. Slicing these for each header would double the time.
    data, data_start = (source.data, source.start) if isinstance(source, _Loaded) else (None, 0)
    for _ in range(MAX_BOXES):
        if at + _HEADER_SIZE > end:
            break
        if data is not None:
            size, name = _HEADER.unpack_from(data, at - data_start)
        else:
            size, name = _HEADER.unpack(source.read(at, at + _HEADER_SIZE))
        if size >= _HEADER_SIZE and at + size <= end:
            box: Box | None = Box(name, at + _HEADER_SIZE, at + size)
        else:
            box = _box(source, name, at, size, end)
        if box is None:
            break
        at = box.end
        found.append(box if at <= end else box._replace(end=end))
    return found


def _box(source: Source, name: bytes, at: int, size: int, end: int) -> Box | None:
    """The box at `at` with this name and size in its header; None if the size is too small."""
    start = at + _HEADER_SIZE
    if size == _SIZE_FOLLOWS and start + 8 <= end:
        size = int.from_bytes(source.read(start, start + 8), "big")
        start += 8
    return Box(name, start, at + size) if at + size >= start else None


def children(source: Source, box: Box | None) -> dict[bytes, Box]:
    """The boxes in `box` by name; of several with a name, the first. None without a `box`."""
    if box is None:
        return {}
    return {each.name: each for each in reversed(boxes(source, box.start, box.end))}


def content(source: Source, box: Box | None, limit: int) -> bytes:
    """The content of `box`, at most `limit` bytes of it; none without a `box`."""
    return source.read(box.start, min(box.end, box.start + limit)) if box else b""
