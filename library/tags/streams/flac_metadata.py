"""The metadata blocks of FLAC (RFC 9639, section 8): where they lie, and what STREAMINFO says."""

import struct
from typing import NamedTuple

from library.tags import vorbis
from library.tags.source import Source
from library.tags.streams.flac_frames import find_frame

MARKER = b"fLaC"
MAX_BLOCKS = 2_000
MAX_BYTES = 32 * 1024 * 1024
"""The limit for all comments and pictures together. mus would not show a larger picture."""
STREAMINFO_SIZE = 34
# Section 8.1, table 1.
STREAMINFO, COMMENTS, PICTURE = 0, 4, 6
_LAST_KNOWN = PICTURE
_HEADER_SIZE = 4
_IS_LAST = 0x80


class Block(NamedTuple):
    """A metadata block: its body lies from `start` to `end`."""

    kind: int
    start: int
    end: int


class StreamInfo(NamedTuple):
    """The block STREAMINFO (section 8.2). `samples` is 0 if the encoder did not know it."""

    sample_rate: int
    channels: int
    bits_per_sample: int
    samples: int
    largest_block: int
    md5: bytes


def stream_info(block: bytes) -> StreamInfo | None:
    """From byte 10 on there are 20 bits for the sample rate, 3 for the channels, 5 for the bit
    depth and 36 for the number of samples. None if the block is damaged."""
    sample_rate = int.from_bytes(block[10:13], "big") >> 4
    if len(block) < STREAMINFO_SIZE or not sample_rate:
        return None
    return StreamInfo(
        sample_rate,
        (block[12] >> 1 & 7) + 1,
        ((block[12] & 1) << 4 | block[13] >> 4) + 1,
        int.from_bytes(block[13:18], "big") & 0xF_FFFF_FFFF,
        int.from_bytes(block[2:4], "big"),
        block[18:34],
    )


def blocks_of(file: Source) -> tuple[list[Block], int]:
    """The blocks, and where the frames begin.

    If the blocks do not follow each other as their sizes say, the sizes inside comments and
    pictures are used instead: the header of a block cannot state more than 16 MiB. If that does
    not lead to the frames either, these are searched for. Raises ValueError if there are none.
    """
    blocks, sound_at, is_sound = _walk(file, by_content=False)
    if is_sound:
        return blocks, sound_at
    larger, end, is_sound = _walk(file, by_content=True)
    if is_sound and larger != blocks:
        return larger, end
    found = find_frame(file, blocks[-1].start if blocks else len(MARKER))
    if found is None:
        raise ValueError("no complete frame follows the metadata")
    return blocks, found[1]


def _walk(file: Source, *, by_content: bool) -> tuple[list[Block], int, bool]:
    """The blocks up to the last one, or up to one that cannot be right; where they end; and whether
    that was the last one."""
    blocks: list[Block] = []
    at = len(MARKER)
    while len(blocks) < MAX_BLOCKS:
        header = file.read_at_most(at, _HEADER_SIZE)
        if len(header) < _HEADER_SIZE:
            break
        kind, start = header[0] & 0x7F, at + _HEADER_SIZE
        at = start + int.from_bytes(header[1:], "big")
        if by_content:
            at = max(at, _end_by_content(file, kind, start))
        if kind > _LAST_KNOWN or at > file.size:
            break
        blocks.append(Block(kind, start, at))
        if header[0] & _IS_LAST:
            return blocks, at, True
    return blocks, at, False


def _end_by_content(file: Source, kind: int, start: int) -> int:
    """Where a block ends by the sizes inside it; 0 if that is unknown."""
    if kind == COMMENTS:
        end = vorbis.comments(file.read_at_most(start, MAX_BYTES))[1]
        return start + end if end is not None else 0
    if kind == PICTURE:
        try:
            return _end_of_picture(file, start)
        except struct.error:
            return 0
    return 0


def _end_of_picture(file: Source, start: int) -> int:
    """Section 8.8: two texts and the picture, each after its size, with numbers between them."""
    at = start + 4
    for numbers_bytes in (0, 16, 0):
        (size,) = struct.unpack(">I", file.read_at_most(at, 4))
        at += 4 + size + numbers_bytes
    return at
