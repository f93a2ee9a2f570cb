"""MP3: an ID3v2 tag, then MPEG audio. The first frame describes all others.

- The frame header: ISO/IEC 11172-3, section 2.4.1.3; mutagen decodes it, each value once.
- The Xing or Info tag: "Xing Variable Bitrate MP3 Playback: the Xing VBR header". It stands where
  the first frame would have its audio data; LAME's "Mp3 Info Tag revision 1" follows it.
- Without such a tag all frames are assumed to be like the first; four in a row must be there.
"""

import io
import re
import struct
from functools import lru_cache
from typing import Any, NamedTuple

from mutagen.mp3 import MPEGFrame

from library.tags.apev2 import FOOTER_SIZE, PREAMBLE
from library.tags.audio import Audio, Stream
from library.tags.ends import ID3V1_SIZE
from library.tags.id3_values import native_tags, read_id3v1
from library.tags.id3v2 import HEADER_SIZE, frames, parse_header
from library.tags.native_tags import NativeTags
from library.tags.ordinary.open_file import NeedsFullReader, OpenFile

FRAMES_IN_A_ROW = 4
LONGEST_FRAME = 1_730
TAIL_SIZE = FOOTER_SIZE + ID3V1_SIZE
XING_BYTES = 256
"""Enough for the header of the first frame, its side information, and the whole Xing tag."""

_IN_ID3V1 = {"title", "artist", "album", "date", "genre", "track"}
_HAS_FRAMES, _HAS_BYTES, _HAS_TOC, _HAS_QUALITY = 1, 2, 4, 8
_UINT32 = struct.Struct(">I")
_LAME = (b"LAME", b"L3.99")
_LAME_WITH_DELAYS = re.compile(rb"LAME3\.(?:9[1-9]|[1-9][0-9]{2})[^0-9]")
_LAME_SIZE, _REVISION_AT, _DELAYS_AT = 36, 9, 21


class Frame(NamedTuple):
    """A decoded frame header. `xing_at` is where a Xing tag would be, counted from the header."""

    layer: int
    bitrate: int
    sample_rate: int
    channels: int
    samples: int
    length: int
    xing_at: int


def read_mpeg(file: OpenFile) -> Audio:
    header = parse_header(file.head[:HEADER_SIZE])
    if header is None:
        raise NeedsFullReader
    tags = native_tags(frames(header, file.read(HEADER_SIZE, header.size)))
    _add_id3v1(tags, file)
    first = frame(file.read(header.size, header.size + 4))
    stream = _by_tag(file, header.size, first) or _by_size(file, header.size, first)
    return Audio(stream, tags, f"mp{first.layer}")


def _add_id3v1(tags: NativeTags, file: OpenFile) -> None:
    tail = file.read(max(file.size - TAIL_SIZE, 0), file.size)
    if PREAMBLE in tail:
        raise NeedsFullReader
    comment = tail[-31:-3].strip(b"\0 ")
    if tags.says(_IN_ID3V1) and (not comment or tags.says(("comment",))):
        return  # ID3v1 could add nothing
    id3v1 = read_id3v1(tail)
    if id3v1 is not None:
        tags.fill_from(id3v1)


@lru_cache(maxsize=1024)
def frame(header: bytes) -> Frame:
    """Decode a frame header. Raises mutagen's HeaderNotFoundError if it is not one."""
    file = io.BytesIO(header)
    found: Any = MPEGFrame(file)  # type: ignore[no-untyped-call]
    is_mono = found.mode == 3  # noqa: PLR2004
    is_first_version = found.version == 1
    return Frame(
        *(found.layer, found.bitrate, found.sample_rate, found.channels),
        samples={1: 384, 2: 1152, 3: 1152 if is_first_version else 576}[found.layer],
        length=file.tell(),
        # Past the side information of layer III: section 2.4.1.7.
        xing_at=(21 if is_mono else 36) if is_first_version else (13 if is_mono else 21),
    )


def _by_tag(file: OpenFile, start: int, first: Frame) -> Stream | None:
    """The stream as the Xing or Info tag describes it; None if there is no such tag."""
    data = file.read_at_most(start, XING_BYTES)
    if not _is_tagged(data, first):
        return None
    (flags,) = _UINT32.unpack_from(data, first.xing_at + 4)
    if flags & (_HAS_FRAMES | _HAS_BYTES) != _HAS_FRAMES | _HAS_BYTES:
        raise NeedsFullReader
    count, size = struct.unpack_from(">II", data, first.xing_at + 8)
    samples = first.samples * count
    # `size` includes the frame that holds the tag; `count` does not.
    sound_bytes = max(0, size - first.length)
    bitrate = round(sound_bytes * 8 * first.sample_rate / samples) if samples else first.bitrate
    end = first.xing_at + 16 + (100 if flags & _HAS_TOC else 0) + (4 if flags & _HAS_QUALITY else 0)
    if len(data) < end:
        raise NeedsFullReader
    samples -= _delays(data, end)
    return Stream(max(0, samples) / first.sample_rate, bitrate, *first[2:4])


def _is_tagged(data: bytes, found: Frame) -> bool:
    if found.layer != 3:  # noqa: PLR2004
        return False
    if data[36:40] == b"VBRI":  # the tag of Fraunhofer's encoders
        raise NeedsFullReader
    return data[found.xing_at : found.xing_at + 4] in {b"Xing", b"Info"}


def _delays(data: bytes, at: int) -> int:
    """The number of silent samples that LAME added before and after the audio."""
    if not data.startswith(_LAME, at):
        return 0
    is_usual = _LAME_WITH_DELAYS.match(data, at) and not data[at + _REVISION_AT] >> 4
    if not is_usual or len(data) < at + _LAME_SIZE:
        raise NeedsFullReader
    both = int.from_bytes(data[at + _DELAYS_AT : at + _DELAYS_AT + 3], "big")
    return (both >> 12) + (both & 0xFFF)


def _by_size(file: OpenFile, start: int, first: Frame) -> Stream:
    """The stream of a file without a Xing tag: its length follows from the size of the file."""
    data = file.read_at_most(start, FRAMES_IN_A_ROW * LONGEST_FRAME)
    at = first.length
    for _ in range(1, FRAMES_IN_A_ROW):
        following = frame(data[at : at + 4])
        if _is_tagged(data[at : at + XING_BYTES], following):
            raise NeedsFullReader
        at += following.length
    return Stream(8 * (file.size - start) / first.bitrate, *first[1:4])
