"""WavPack ("WavPack 4 & 5 Binary File / Block Format"): blocks, each with a header and sub-blocks.

What the flags of the first header cannot say stands in sub-blocks of the first block: an unusual
sample rate, more than two channels, and the rate of DSD.
"""

import struct
from collections.abc import Iterator
from typing import NamedTuple

from library.tags.audio import Stream
from library.tags.source import Source

MARK = b"wvpk"
HEADER_BYTES = 32
MAX_SUB_BLOCKS = 64
MAX_BLOCKS = 128
LONGEST_BLOCK = 1024 * 1024

_HEADER = struct.Struct("<4sIHBBIIII4x")
_RATES = (
    *(6000, 8000, 9600, 11025, 12000, 16000, 22050, 24000, 32000, 44100, 48000, 64000, 88200),
    *(96000, 192000),
)
_MONO, _FLOAT, _LAST_OF_CHANNELS, _DSD = 1 << 2, 1 << 7, 1 << 12, 1 << 31
_UNKNOWN = 0xFFFFFFFF
_ID_MASK, _CHANNELS_ID, _DSD_ID, _RATE_ID = 0x3F, 0x0D, 0x0E, 0x27
_IS_ODD, _IS_LARGE = 0x40, 0x80
_LONG_CHANNELS_BYTES = 6
DSD_SAMPLES_PER_BYTE = 8


class Block(NamedTuple):
    """A block from `start` up to `end`. `total` samples are in the file, -1 if that is unknown;
    `samples` in this block, of which the first is number `position`."""

    start: int
    end: int
    total: int
    position: int
    samples: int
    flags: int


def stream(source: Source, start: int, end: int) -> Stream:
    """The stream between two bytes of the file."""
    first = _first_with_sound(source, start)
    said = dict(_sub_blocks(source, first))
    rate, bits = _rate(first, said), _bits(first)
    total = first.total if first.total >= 0 and not first.position else _counted(source, first, end)
    length = total / rate if rate else 0.0
    if first.flags & _DSD:
        rate, bits = rate * DSD_SAMPLES_PER_BYTE, 1
    bitrate = round(8 * (end - start) / length) if length else 0
    return Stream(length, bitrate, rate, _channels(source, first, said), bits)


def _block(data: bytes, at: int) -> Block | None:
    """The block whose header is `data`, which stands at byte `at` of the file."""
    if len(data) < HEADER_BYTES:
        return None
    mark, size, _, index_high, total_high, total, index, samples, flags = _HEADER.unpack_from(data)
    if mark != MARK or not HEADER_BYTES - 8 <= size <= LONGEST_BLOCK:
        return None
    # The eight high bits count from the first total that 32 bits cannot hold.
    total = -1 if total == _UNKNOWN else total + (total_high << 32) - total_high
    return Block(at, at + 8 + size, total, index + (index_high << 32), samples, flags)


def _first_with_sound(source: Source, at: int) -> Block:
    """The first block that has samples. Blocks without any may hold copies of other headers."""
    first = block = _block(source.read_at_most(at, HEADER_BYTES), at)
    for _ in range(MAX_BLOCKS):
        if block is None or block.samples:
            break
        block = _block(source.read_at_most(block.end, HEADER_BYTES), block.end)
    found = block or first
    if found is None:
        raise ValueError("not a WavPack file")
    return found


def _sub_blocks(source: Source, block: Block) -> Iterator[tuple[int, bytes]]:
    """The id and the first bytes of each sub-block."""
    at = block.start + HEADER_BYTES
    for _ in range(MAX_SUB_BLOCKS):
        head = source.read_at_most(at, 4)
        if at + 2 > block.end or len(head) < 4:  # noqa: PLR2004
            return
        is_large = bool(head[0] & _IS_LARGE)
        words = int.from_bytes(head[1:4], "little") if is_large else head[1]
        at += 4 if is_large else 2
        size = 2 * words - bool(head[0] & _IS_ODD)
        yield head[0] & _ID_MASK, source.read_at_most(at, min(max(size, 0), 16))
        at += 2 * words


def _rate(block: Block, said: dict[int, bytes]) -> int:
    index = block.flags >> 23 & 15
    rate = _RATES[index] if index < len(_RATES) else 0
    if stated := said.get(_RATE_ID):
        rate = int.from_bytes(stated[:4], "little") & 0x7FFFFFFF
    if block.flags & _DSD and (stated := said.get(_DSD_ID)):
        rate <<= min(stated[0], 16)
    return rate


def _bits(block: Block) -> int:
    if block.flags & _FLOAT:
        return 32
    return 8 * ((block.flags & 3) + 1) - (block.flags >> 13 & 31)


def _channels(source: Source, first: Block, said: dict[int, bytes]) -> int:
    """The number of channels: stated, or that of the blocks which belong together."""
    if stated := said.get(_CHANNELS_ID):
        if len(stated) >= _LONG_CHANNELS_BYTES:
            return (stated[0] | (stated[2] & 0x0F) << 8) + 1
        return stated[0]
    channels, block = 0, first
    for _ in range(MAX_BLOCKS):
        channels += 1 if block.flags & _MONO else 2
        following = _block(source.read_at_most(block.end, HEADER_BYTES), block.end)
        if (
            block.flags & _LAST_OF_CHANNELS
            or following is None
            or following.position != first.position
        ):
            break
        block = following
    return channels


def _counted(source: Source, first: Block, end: int) -> int:
    """The number of samples up to the end of the last block."""
    tail_at = max(first.start, end - LONGEST_BLOCK - HEADER_BYTES)
    tail = source.read_at_most(tail_at, end - tail_at)
    at = tail.rfind(MARK)
    while at >= 0:
        last = _block(tail[at : at + HEADER_BYTES], tail_at + at)
        if last is not None and last.samples and last.end <= end + HEADER_BYTES:
            return max(0, last.position + last.samples - first.position)
        at = tail.rfind(MARK, 0, at)
    return first.samples
