"""Ogg files with one stream, Vorbis or Opus: reads its headers, its comments and its last page.

- Pages: RFC 3533, section 6.
- Vorbis: "Vorbis I specification", sections 4.2.1 and 4.2.2 (identification header), 5.2.1
  (comments) and A.2 (how they lie in pages).
- Opus: RFC 7845, sections 4 (positions), 5.1 (identification header) and 5.2 (comments).
"""

import struct
from typing import NamedTuple

from library.tags import vorbis
from library.tags.assembly import OPUS_RATE_HZ
from library.tags.audio import Audio, Stream
from library.tags.native_tags import NativeTags
from library.tags.ordinary.open_file import NeedsFullReader, OpenFile

CAPTURE = b"OggS"
HEADER_SIZE = 27
MAX_SEGMENTS = 255
TAIL_SIZES = (8 * 1024, 64 * 1024)
"""How many bytes of the file's end are searched for the last page. A page is at most 64 KiB long,
and usually fits in the first of these."""

_HEADER = struct.Struct("<4sBBqII4xB")
_NEITHER, _CONTINUED, _FIRST, _LAST = 0, 1, 2, 4
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_FRAMING_BIT = 1


class Page(NamedTuple):
    """The header of a page. `segments` are the sizes of its segments, a byte each; the body lies
    from `start` to `end` in the file."""

    flags: int
    position: int
    serial: int
    sequence: int
    segments: bytes
    start: int
    end: int


def read_vorbis(file: OpenFile) -> Audio:
    packets = _packets(file, b"\x01vorbis", b"\x03vorbis")
    channels, rate, *bitrates = struct.unpack_from("<BI3i", packets.identification, 11)
    tags = _tags(packets.comments, has_framing_bit=True)
    length = _last_position(file, packets.serial) / rate
    return Audio(Stream(length, _bitrate(*bitrates), rate, channels), tags, "vorbis")


def read_opus(file: OpenFile) -> Audio:
    packets = _packets(file, b"OpusHead", b"OpusTags")
    version, channels, pre_skip = struct.unpack_from("<BBH7x", packets.identification, 8)
    if version >> 4:
        raise NeedsFullReader
    tags = _tags(packets.comments, has_framing_bit=False)
    length = (_last_position(file, packets.serial) - pre_skip) / OPUS_RATE_HZ
    bitrate = round((file.size - packets.end) * 8 / length) if length else 0
    return Audio(Stream(length, bitrate, OPUS_RATE_HZ, channels), tags, "opus")


class Packets(NamedTuple):
    """`identification` is the first packet, alone on its page. `comments` is the second packet
    without its magic number; the pages that hold it end at `end`."""

    serial: int
    identification: bytes
    comments: bytes
    end: int


def _packets(file: OpenFile, first_magic: bytes, second_magic: bytes) -> Packets:
    first = _page(file, 0)
    identification = file.read(first.start, first.end)
    if first.flags != _FIRST or not identification.startswith(first_magic):
        raise NeedsFullReader
    packet, end = _second_packet(file, first)
    if not packet.startswith(second_magic):
        raise NeedsFullReader
    return Packets(first.serial, identification, packet.removeprefix(second_magic), end)


def _second_packet(file: OpenFile, page: Page) -> tuple[bytes, int]:
    """The packet that begins on the page after `page`, and where its last page ends. With a cover
    in it, the packet may be a hundred pages long."""
    parts: list[bytes] = []
    flags, serial, sequence = _NEITHER, page.serial, page.sequence
    while True:
        page = _page(file, page.end)
        sequence += 1
        if (page.flags, page.serial, page.sequence) != (flags, serial, sequence):
            raise NeedsFullReader
        flags = _CONTINUED
        # The last segment of a packet is the first one with less than 255 bytes.
        rest = page.segments.lstrip(b"\xff")
        if rest:
            size = (len(page.segments) - len(rest)) * 255 + rest[0]
            parts.append(file.read(page.start, page.start + size))
            return b"".join(parts), page.end
        if not page.segments:
            raise NeedsFullReader
        parts.append(file.read(page.start, page.end))


def _page(file: OpenFile, at: int) -> Page:
    return _parse(file.read_at_most(at, HEADER_SIZE + MAX_SEGMENTS), 0, at)


def _parse(data: bytes, at: int, data_at: int) -> Page:
    """The page that begins at `at` in `data`, which begins at `data_at` in the file."""
    capture, version, flags, position, serial, sequence, count = _HEADER.unpack_from(data, at)
    start = at + HEADER_SIZE + count
    segments = data[at + HEADER_SIZE : start]
    if capture != CAPTURE or version or len(segments) != count:
        raise NeedsFullReader
    start += data_at
    return Page(flags, position, serial, sequence, segments, start, start + sum(segments))


def _tags(packet: bytes, *, has_framing_bit: bool) -> NativeTags:
    """The tags of a packet of comments. Raises NeedsFullReader for names that are not ASCII:
    mutagen changes these, `vorbis.comments` does not."""
    comments, end = vorbis.comments(packet)
    if has_framing_bit and not packet[end] & _FRAMING_BIT:
        raise NeedsFullReader
    # First a search for the first byte alone, which is much faster. Covers do not contain that
    # byte: they are base64 text here.
    has_mark = _BYTE_ORDER_MARK[0] in packet and _BYTE_ORDER_MARK in packet
    if has_mark or not all(name.isascii() for name, _ in comments):
        raise NeedsFullReader
    return vorbis.native_tags(comments)


def _last_position(file: OpenFile, serial: int) -> int:
    """The position of the last page: the number of samples up to its end."""
    for size in TAIL_SIZES:
        tail = file.read(max(0, file.size - size), file.size)
        at = tail.rfind(CAPTURE)
        if at >= 0:
            page = _parse(tail, at, file.size - len(tail))
            is_whole = page.end <= file.size
            if page.serial == serial and page.flags & _LAST and page.position >= 0 and is_whole:
                return page.position
            break
    raise NeedsFullReader


def _bitrate(maximum: int, nominal: int, minimum: int) -> int:
    """The bitrate as mutagen determines it: the nominal one, unless it is outside the other two."""
    maximum, nominal, minimum = max(0, maximum), max(0, nominal), max(0, minimum)
    if nominal == 0:
        return (maximum + minimum) // 2
    if 0 < maximum < nominal:
        return maximum
    return max(nominal, minimum)
