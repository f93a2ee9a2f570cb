"""Ogg files of one stream, Vorbis or Opus: what it is, the comments, and its last page.

- Pages: RFC 3533, section 6.
- Vorbis: "Vorbis I specification", sections 4.2.1 and 4.2.2 (identification header), 5.2.1
  (comments) and A.2 (how they lie in pages).
- Opus: RFC 7845, sections 4 (positions), 5.1 (identification header) and 5.2 (comments).
"""

import struct
from typing import NamedTuple

from library.tags import vorbis
from library.tags.assembly import OPUS_RATE_HZ
from library.tags.formats import Audio, Stream
from library.tags.native_tags import NativeTags
from library.tags.ordinary.opened import Extraordinary, Opened

MAX_PAGES = 10_000
CAPTURE = b"OggS"
HEADER_SIZE = 27
MAX_SEGMENTS = 255
TAIL_SIZES = (8 * 1024, 64 * 1024)
"""The last page begins in the second at the latest, and mostly in the first."""

_HEADER = struct.Struct("<4sBBqII4xB")
_NEITHER, _CONTINUED, _FIRST, _LAST = 0, 1, 2, 4
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_FRAMING_BIT = 1


class Page(NamedTuple):
    """`segments` are their sizes; the body lies from `start` to `end`."""

    flags: int
    position: int
    serial: int
    sequence: int
    segments: bytes
    start: int
    end: int


def read_vorbis(file: Opened) -> Audio:
    packets = _packets(file, b"\x01vorbis", b"\x03vorbis")
    channels, rate, *bitrates = struct.unpack_from("<BI3i", packets.identification, 11)
    tags = _tags(packets.comments, has_framing_bit=True)
    length = _last_position(file, packets.serial) / rate
    return Audio(Stream(length, _bitrate(*bitrates), rate, channels), tags, "vorbis")


def read_opus(file: Opened) -> Audio:
    packets = _packets(file, b"OpusHead", b"OpusTags")
    version, channels, pre_skip = struct.unpack_from("<BBH7x", packets.identification, 8)
    if version >> 4:
        raise Extraordinary
    tags = _tags(packets.comments, has_framing_bit=False)
    length = (_last_position(file, packets.serial) - pre_skip) / OPUS_RATE_HZ
    bitrate = round((file.size - packets.end) * 8 / length) if length else 0
    return Audio(Stream(length, bitrate, OPUS_RATE_HZ, channels), tags, "opus")


class Packets(NamedTuple):
    """The first packet, alone on its page; what follows the magic of the second one, and where the
    pages that hold it end."""

    serial: int
    identification: bytes
    comments: bytes
    end: int


def _packets(file: Opened, first_magic: bytes, second_magic: bytes) -> Packets:
    first = _page(file, 0)
    identification = file.read(first.start, first.end)
    if first.flags != _FIRST or not identification.startswith(first_magic):
        raise Extraordinary
    parts: list[bytes] = []
    page, is_complete = first, False
    while not is_complete:
        previous, page = page, _page(file, page.end)
        is_next = page.serial == previous.serial and page.sequence == previous.sequence + 1
        if not is_next or page.flags != (_CONTINUED if parts else _NEITHER) or not page.segments:
            raise Extraordinary
        size, is_complete = _first_packet(page.segments)
        parts.append(file.read(page.start, page.start + size))
    packet = b"".join(parts)
    if not packet.startswith(second_magic):
        raise Extraordinary
    return Packets(first.serial, identification, packet.removeprefix(second_magic), page.end)


def _page(file: Opened, at: int) -> Page:
    file.read_ahead(min(at + HEADER_SIZE + MAX_SEGMENTS, file.size))
    page = _parse(file.head, at)
    file.read_ahead(page.end)
    return page


def _parse(data: bytes, at: int) -> Page:
    capture, version, flags, position, serial, sequence, count = _HEADER.unpack_from(data, at)
    start = at + HEADER_SIZE + count
    segments = data[at + HEADER_SIZE : start]
    if capture != CAPTURE or version or len(segments) != count:
        raise Extraordinary
    end = start + sum(segments)
    return Page(flags, position, serial, sequence, segments, start, end)


def _first_packet(segments: bytes) -> tuple[int, bool]:
    """Its size on this page, and whether it ends there: at a segment of less than 255 bytes."""
    rest = segments.lstrip(b"\xff")
    size = (len(segments) - len(rest)) * 255
    return (size + rest[0], True) if rest else (size, False)


def _tags(packet: bytes, *, has_framing_bit: bool) -> NativeTags:
    """Names in other letters than ASCII mutagen changes, which `comments` does not."""
    comments, end = vorbis.comments(packet)
    if has_framing_bit and not packet[end] & _FRAMING_BIT:
        raise Extraordinary
    if _BYTE_ORDER_MARK in packet or not all(name.isascii() for name, _ in comments):
        raise Extraordinary
    return vorbis.native_tags(comments)


def _last_position(file: Opened, serial: int) -> int:
    """Samples up to the end of the last page."""
    for size in TAIL_SIZES:
        tail = file.read(max(0, file.size - size), file.size)
        at = tail.rfind(CAPTURE)
        if at >= 0:
            page = _parse(tail, at)
            is_whole = page.end <= len(tail)
            if page.serial == serial and page.flags & _LAST and page.position >= 0 and is_whole:
                return page.position
            break
    raise Extraordinary


def _bitrate(maximum: int, nominal: int, minimum: int) -> int:
    """As mutagen weighs them: the nominal one, unless the others say that it cannot be."""
    maximum, nominal, minimum = max(0, maximum), max(0, nominal), max(0, minimum)
    if nominal == 0:
        return (maximum + minimum) // 2
    if 0 < maximum < nominal:
        return maximum
    return max(nominal, minimum)
