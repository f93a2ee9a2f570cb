"""The sample entry of a sound (ISO/IEC 14496-12, sections 8.5.2 and 12.2.3), in `stsd`.

Its own numbers are often defaults (two channels, 16 bits). The boxes in it hold what the codec says
about itself, which counts where it is there (see `codec_headers`).
"""

import struct
from collections.abc import Iterator
from functools import lru_cache

from library.tags.mp4.codec_headers import HEADERS, SoundFormat

MAX_ENTRY_BYTES = 8 * 1024
_HEADER = struct.Struct(">I4s")
_HEADER_SIZE = 8
_ENTRY = struct.Struct(">8xH6xHH4xI")
"""An entry's version, channels, bits of a sample, and rate as a fixed-point number of 16 + 16 bits.
"""
_VERSION_2 = struct.Struct(">4xdI4xI")
"""What version 2 adds in QuickTime: the rate, the channels, and the bits of a sample."""
_ADDED_SIZES = {1: 16, 2: 36}
"""Bytes that QuickTime's versions add in front of the boxes."""
_CONTAINERS = frozenset({b"wave", b"sinf", b"schi"})

# The codec, as `Track.codec` holds it, by the name of the entry. Others are "mp4".
_CODECS = {
    b"mp4a": "aac",
    b"drms": "aac",
    b"alac": "alac",
    b"fLaC": "flac",
    b"Opus": "opus",
    b"ac-3": "ac3",
    b"ec-3": "eac3",
    b".mp3": "mp3",
    b"mp3 ": "mp3",
    b"ms\0\x55": "mp3",
    b".mp2": "mp2",
    b"ms\0\x50": "mp2",
    b"ulaw": "mulaw",
    b"alaw": "alaw",
    b"ima4": "adpcm",
    b"ms\0\x02": "adpcm",
    b"ms\0\x11": "adpcm",
}
_MONO = frozenset({b"samr", b"sawb"})
"""AMR (3GPP TS 26.244), whose entries say 2."""
_PCM_BITS = {
    **dict.fromkeys((b"sowt", b"twos", b"lpcm", b"ipcm", b"fpcm", b"raw ", b"NONE"), 0),
    b"in24": 24,
    b"in32": 32,
    b"fl32": 32,
    b"fl64": 64,
}
"""The bits of a sample by the name of the entry; 0 if they are stated elsewhere."""


@lru_cache(maxsize=256)
def sound_format(sample_descriptions: bytes) -> SoundFormat:
    """The first entry in the content of `stsd`. Raises ValueError if there is none."""
    if len(sample_descriptions) < 8 + _HEADER_SIZE + _ENTRY.size:
        raise ValueError("the description of its sound is cut off")
    size, name = _HEADER.unpack_from(sample_descriptions, 8)
    data = sample_descriptions[8 + _HEADER_SIZE : 8 + size]
    data = data.ljust(_ENTRY.size, b"\0")
    version, channels, bits, rate = _ENTRY.unpack_from(data)
    rate >>= 16
    if sample_descriptions[0]:  # the version of `stsd`; above 0 the entry is not QuickTime's
        version = 0
    if version == 2 and len(data) >= _ENTRY.size + _VERSION_2.size:  # noqa: PLR2004
        stated_rate, channels, bits = _VERSION_2.unpack_from(data, _ENTRY.size)
        rate = int(stated_rate) if 0 < stated_rate < 2**31 else 0
    held = dict(reversed([*_boxes(data, _ENTRY.size + _ADDED_SIZES.get(version, 0))]))
    original = held.get(b"frma", name)[:4]  # of an encrypted entry, and in QuickTime's `wave`
    return _refined(original if name in {b"enca", b"drms"} else name, held, channels, bits, rate)


def _refined(
    name: bytes, held: dict[bytes, bytes], channels: int, bits: int, rate: int
) -> SoundFormat:
    """The format of an entry with this name, and what the boxes that it held make of it."""
    if name in _MONO:
        channels = 1
    if name in _PCM_BITS:
        bits = _PCM_BITS[name] or bits
        stated = SoundFormat("pcm", rate, channels, bits, rate * channels * bits)
    else:
        codec = _CODECS.get(name, "mp4")
        stated = SoundFormat(codec, rate, channels, bits if codec in {"alac", "flac"} else 0)
    for box, refine in HEADERS.items():
        if box in held:
            try:
                return refine(held[box], stated)
            except (IndexError, ValueError, struct.error):
                return stated  # the codec's own header is damaged
    return stated


def _boxes(data: bytes, at: int) -> Iterator[tuple[bytes, bytes]]:
    """The boxes in an entry, and those in the containers among them, by name and content."""
    end = len(data)
    while at + _HEADER_SIZE <= end:
        size, name = _HEADER.unpack_from(data, at)
        if size < _HEADER_SIZE:
            return
        if name in _CONTAINERS:
            at += _HEADER_SIZE  # its boxes are the next ones
            continue
        yield name, data[at + _HEADER_SIZE : at + size]
        at += size
