"""The frames of MPEG audio, layers I to III.

- Headers: ISO/IEC 11172-3, section 2.4.1.3; ISO/IEC 13818-3, section 2.4.2.3 for the lower sample
  rates of MPEG 2. Fraunhofer's "MPEG 2.5" has lower ones still.
- The bit rate 0 means "free format": all frames have the same length, which no header states.
"""

import re
from functools import lru_cache
from typing import NamedTuple

from library.tags.streams.frame_walk import Kind, LengthAt

HEADER_BYTES = 4
LONGEST = 5_760
"""Bytes of a frame in free format at 640 kbit/s and 16 kHz, twice what LAME writes."""

_SYNC = re.compile(rb"\xff[\xe2-\xe7\xf2-\xf7\xfa-\xff][\x00-\x0b\x10-\xef]", re.DOTALL)
_FREE_BITRATE = 0
_SHORTEST = 24
_MAX_TRIES = 8
_MONO = 3

# By version, as its two bits in the header: MPEG 2.5, none, MPEG 2, MPEG 1.
_RATES = ((11025, 12000, 8000), (), (22050, 24000, 16000), (44100, 48000, 32000))
_MPEG_1 = 3
# By layer, kbit/s.
_KBPS_1 = {
    1: (0, 32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448),
    2: (0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384),
    3: (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
}
_KBPS_2 = {
    1: (0, 32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256),
    2: (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
_KBPS_2[3] = _KBPS_2[2]


class Frame(NamedTuple):
    """A decoded frame header. `bitrate` (bit/s) and `length` are 0 in free format. `tag_at` is
    where a Xing tag would be, counted from the header."""

    layer: int
    bitrate: int
    sample_rate: int
    channels: int
    samples: int
    length: int
    tag_at: int
    max_bitrate: int
    min_bitrate: int


@lru_cache(maxsize=1024)
def frame(header: bytes) -> Frame | None:
    """Decode a frame header; None if the bytes are not one."""
    if len(header) < HEADER_BYTES or _SYNC.match(header) is None:
        return None
    version, layer = header[1] >> 3 & 3, 4 - (header[1] >> 1 & 3)
    is_first, is_mono = version == _MPEG_1, header[3] >> 6 == _MONO
    table = (_KBPS_1 if is_first else _KBPS_2)[layer]
    rates, rate_index = _RATES[version], header[2] >> 2 & 3
    if rate_index >= len(rates):
        return None
    bitrate, sample_rate = table[header[2] >> 4] * 1000, rates[rate_index]
    samples = {1: 384, 2: 1152, 3: 1152 if is_first else 576}[layer]
    slot = 4 if layer == 1 else 1
    length = (samples // 8 // slot * bitrate // sample_rate + (header[2] >> 1 & 1)) * slot
    # Past the side information of layer III: section 2.4.1.7.
    tag_at = (21 if is_mono else 36) if is_first else (13 if is_mono else 21)
    return Frame(
        *(layer, bitrate, sample_rate, 1 if is_mono else 2, samples),
        *(length if bitrate else 0, tag_at, table[-1] * 1000, table[1] * 1000),
    )


def _length_at(data: bytes, at: int) -> int:
    found = frame(data[at : at + HEADER_BYTES])
    if found is None:
        return 0
    return found.length or _free_length_at(data, at)


def _alike(data: bytes, at: int) -> LengthAt:
    """Frames with the same version, layer and sample rate have the same kind of header."""
    if data[at + 2] >> 4 == _FREE_BITRATE:
        lengths = _free_lengths(data[at + 1], data[at + 2], _free_base(data, at))
    else:
        lengths = _lengths(data[at + 1] | 1, data[at + 2] & 0x0C)

    def length_at(data: bytes, at: int) -> int:
        return lengths.get(data[at : at + 3], 0)

    return length_at


@lru_cache(maxsize=64)
def _lengths(second: int, rate_bits: int) -> dict[bytes, int]:
    """By the first three bytes of a header, all that the version, layer and rate leave open:
    protection, bit rate, padding and the private bit."""
    found = {}
    for bits in range(1 << 8):
        if bits & 0x0C == rate_bits:
            for protection in (0, 1):
                header = bytes((0xFF, second ^ protection, bits))
                if (known := frame(header + b"\0")) is not None and known.length:
                    found[header] = known.length
    return found


def _free_lengths(second: int, third: int, base: int) -> dict[bytes, int]:
    if not base:
        return {}
    slot = _slot(second)
    return {
        bytes((0xFF, second ^ protection, third & 0x0C | bits)): base + slot * (bits >> 1)
        for bits in range(4)
        for protection in (0, 1)
    }


def _free_length_at(data: bytes, at: int) -> int:
    base = _free_base(data, at)
    return base + _slot(data[at + 1]) * (data[at + 2] >> 1 & 1) if base else 0


def _free_base(data: bytes, at: int) -> int:
    """The length, without padding, of a frame in free format: what lies between it and the next
    two headers of the same kind. 0 if they do not follow."""
    second, third = data[at + 1], data[at + 2]
    slot = _slot(second)
    thirds = bytes(third & 0x0C | bits for bits in range(4))
    header = re.compile(b"\xff" + re.escape(data[at + 1 : at + 2]) + b"[" + thirds + b"]")
    start = at + _SHORTEST
    for _ in range(_MAX_TRIES):
        found = header.search(data, start, at + LONGEST)
        if found is None:
            return 0
        following = found.start()
        base = following - at - slot * (third >> 1 & 1)
        after = following + base + slot * (data[following + 2] >> 1 & 1)
        if header.match(data, after):
            return base
        start = following + 1
    return 0


def _slot(second: int) -> int:
    return 4 if second >> 1 & 3 == 3 else 1  # noqa: PLR2004


MPEG = Kind(_SYNC, HEADER_BYTES, _length_at, _alike, LONGEST)
