"""What the first frame of MPEG layer III says about the whole stream.

- The Xing or Info tag: "Xing Variable Bitrate MP3 Playback: the Xing VBR header". It stands where
  the frame would have its audio data. LAME's "Mp3 Info Tag revision 1" follows it; ffmpeg writes
  that too.
- The VBRI tag of Fraunhofer's encoders: "MPEG Audio Frame Header", section 2.3.2.
"""

import re
import struct
from typing import NamedTuple

from library.tags.streams.mpeg_frames import HEADER_BYTES, Frame

LAYER_III = 3
TAG_BYTES = 256
"""Enough for the header of a frame, its side information, and the whole tag."""

_HAS_FRAMES, _HAS_BYTES, _HAS_TOC, _HAS_QUALITY = 1, 2, 4, 8
_XING, _VBRI = (b"Xing", b"Info"), b"VBRI"
_VBRI_AT = HEADER_BYTES + 32
_UINT32 = struct.Struct(">I")
_WITH_DELAYS = re.compile(rb"LAME3\.(?:9[0-9]|[1-9][0-9]{2})|L3\.99|Lav[cf]")
_DELAYS_AT, _LAME_BYTES = 21, 36


class StreamTag(NamedTuple):
    """What a tag states; 0 for what it leaves out. `size` includes the frame that holds the tag,
    `frames` does not. `silent_samples`: what the encoder added before and after the sound."""

    frames: int
    size: int
    silent_samples: int


def has_tag(data: bytes, at: int, found: Frame) -> bool:
    if found.layer != LAYER_III:
        return False
    return data.startswith(_XING, at + found.tag_at) or data.startswith(_VBRI, at + _VBRI_AT)


def stream_tag(data: bytes, found: Frame) -> StreamTag | None:
    """The tag in the frame that begins with `data`; None if there is none."""
    if found.layer != LAYER_III:
        return None
    if data.startswith(_XING, found.tag_at):
        return _xing(data, found.tag_at + 4)
    if data.startswith(_VBRI, _VBRI_AT) and len(data) >= _VBRI_AT + 18:
        size, frames = struct.unpack_from(">II", data, _VBRI_AT + 10)
        return StreamTag(frames, size, 0)
    return None


def _xing(data: bytes, at: int) -> StreamTag | None:
    if len(data) < at + 12:
        return None
    (flags,) = _UINT32.unpack_from(data, at)
    at += 4
    numbers: list[int] = []
    for flag in (_HAS_FRAMES, _HAS_BYTES):
        (number,) = _UINT32.unpack_from(data, at) if flags & flag else (0,)
        numbers.append(number)
        at += 4 if flags & flag else 0
    at += (100 if flags & _HAS_TOC else 0) + (4 if flags & _HAS_QUALITY else 0)
    frames, size = numbers
    return StreamTag(frames, size, _silent_samples(data, at))


def _silent_samples(data: bytes, at: int) -> int:
    if len(data) < at + _LAME_BYTES or _WITH_DELAYS.match(data, at) is None:
        return 0
    both = int.from_bytes(data[at + _DELAYS_AT : at + _DELAYS_AT + 3], "big")
    return (both >> 12) + (both & 0xFFF)
