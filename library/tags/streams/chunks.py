"""Chunks: the structure that RIFF (WAV), IFF (AIFF) and DSDIFF share.

A chunk is a name, a size and its contents; a byte of padding follows contents of an odd size. The
first chunk of a file, such as RIFF, holds all others.
"""

import os
import re
import struct
from collections.abc import Callable, Iterator
from typing import BinaryIO, NamedTuple

from library.tags.bounded_file import BoundedFile
from library.tags.id3v2 import HEADER_SIZE, parse_header

MAX_CHUNKS = 1_000
_FRAME_NAME_SIZE = 4
LITTLE_ENDIAN, BIG_ENDIAN = "<", ">"
FOUR_GIB = 1 << 32
UNKNOWN_SIZE = FOUR_GIB - 1
"""The size that programs state which write to a pipe, and that RF64 states for all large chunks."""

MAX_SIZES = 64
"""How many sizes of a file past 4 GiB are tried."""

_FRAME_NAME = re.compile(rb"[A-Z][A-Z0-9]{2}")
_NAME = re.compile(rb"[A-Za-z0-9(\xa9_][ -~\xa9]{3}")
# Chunks that often follow one of an odd size.
_KNOWN_NAMES = frozenset(
    (
        *(b"LIST", b"data", b"fmt ", b"fact", b"id3 ", b"ID3 ", b"bext", b"iXML", b"JUNK", b"cue "),
        *(b"_PMX", b"afsp", b"COMM", b"SSND", b"NAME", b"AUTH", b"ANNO", b"(c) ", b"MARK", b"INST"),
        *(b"COMT", b"APPL", b"FVER", b"CHAN", b"INAM", b"IART", b"IPRD", b"ICRD", b"ICMT", b"ISFT"),
        *(b"IGNR", b"ITRK", b"IPRT", b"ICOP", b"IMUS", b"IENG", b"ISRC", b"ISBJ", b"IKEY", b"DISP"),
    )
)


class Chunk(NamedTuple):
    """A chunk whose contents begin at byte `at`. `size`: of the contents; the file may end before
    that."""

    name: bytes
    at: int
    size: int

    @property
    def end(self) -> int:
        return self.at + self.size


def _stated(chunk: Chunk) -> int:
    return chunk.size


def chunks(
    file: BinaryIO,
    at: int,
    order: str,
    size_of: Callable[[Chunk], int] = _stated,
    *,
    size_format: str = "I",
) -> Iterator[Chunk]:
    """The chunks from byte `at` on. `size_of` may correct the size that a chunk states.

    Some programs put an ID3 tag between chunks without making a chunk of it. Such a tag is yielded
    as a chunk with the name `ID3 `.
    """
    header = struct.Struct(f"{order}4s{size_format}")
    end_of_file = file.seek(0, os.SEEK_END)
    for _ in range(MAX_CHUNKS):
        if at >= end_of_file:  # disks refuse to go to places far beyond the end
            return
        file.seek(at)
        data = file.read(HEADER_SIZE + _FRAME_NAME_SIZE)
        if len(data) < header.size:
            return
        if tag_size := _bare_tag_size(data):
            yield Chunk(b"ID3 ", at, tag_size)
            at += tag_size
            continue
        name, size = header.unpack_from(data)
        chunk = Chunk(name, at + header.size, size)
        chunk = chunk._replace(size=size_of(chunk))
        yield chunk
        at = _after(file, chunk) if chunk.end < end_of_file else chunk.end


def _bare_tag_size(data: bytes) -> int:
    """The size of the ID3 tag that `data` begins with; 0 if it begins with a chunk."""
    header = parse_header(data)
    if header is None or data[4] or data[5] & 0x0F or not _FRAME_NAME.match(data, HEADER_SIZE):
        return 0
    return header.size


def _after(file: BinaryIO, chunk: Chunk) -> int:
    """The start of the next chunk. Some programs leave the padding out, or pad to odd places."""
    file.seek(chunk.end)
    following = file.read(5)
    if chunk.size % 2 == 0:
        is_padded = following[:1] == b"\0" and following[1:] in _KNOWN_NAMES
    else:
        is_padded = following[:1] == b"\0" or not _begins_a_chunk(following)
    return chunk.end + is_padded


def _begins_a_chunk(following: bytes) -> bool:
    """Whether a name stands at the beginning, rather than one byte after it."""
    is_likely = _NAME.match(following) and not _NAME.match(following[1:])
    return following[:4] in _KNOWN_NAMES or bool(is_likely)


def payload_size(file: BoundedFile, chunk: Chunk, order: str) -> int:
    """The size of the chunk that holds the sound, however wrong the stated size is.

    - 0, if a recorder was cut off before it stated the size, and -1, in a file that was written to
      a pipe: the sound goes on to the end of the file.
    - Larger than the file: the file is cut off.
    - The remainder of a division by 4 GiB: the size did not fit into its 32 bits.
    """
    room = file.size_bytes - chunk.at
    if chunk.size == 0:
        return 0 if _is_followed_by_chunks(file, chunk.at, order) else room
    if chunk.size > room or chunk.size == UNKNOWN_SIZE:
        return room
    sizes = range(chunk.size, room + 1, FOUR_GIB)[:MAX_SIZES]
    followed = (size for size in sizes if _is_followed_by_chunks(file, chunk.at + size, order))
    return sizes[0] if len(sizes) == 1 else next(followed, sizes[-1])


def _is_followed_by_chunks(file: BoundedFile, at: int, order: str) -> bool:
    """Whether nothing but chunks stands from byte `at` to the end of the file."""
    for chunk in chunks(file, at, order):
        if not _NAME.match(chunk.name) or chunk.end > file.size_bytes:
            return False
        at = chunk.end
    return file.size_bytes - at <= 1
