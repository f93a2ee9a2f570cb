"""What codecs say about themselves, in the boxes of a sample entry:

- `esds`: ES_Descriptor (ISO/IEC 14496-1, section 7.2.6.5), and in it AudioSpecificConfig.
- `alac`: "Apple Lossless Format: Magic Cookie Description".
- `dac3` and `dec3`: ETSI TS 102 366, annex F.
- `dfLa`: "Encapsulation of FLAC in ISO Base Media File Format".
- `dOps`: "Encapsulation of Opus in ISO Base Media File Format".
- `pcmC`: ISO/IEC 23003-5.
"""

import struct
from collections.abc import Callable
from typing import NamedTuple

from library.tags.mp4.audio_specific_config import audio_config

# ISO/IEC 14496-1, section 7.2.6.6: objectTypeIndication. Those above 0xC0 are registered.
_MPEG4_AUDIO = 0x40
_OBJECT_TYPES = {
    **dict.fromkeys((_MPEG4_AUDIO, 0x66, 0x67, 0x68), "aac"),
    **dict.fromkeys((0x69, 0x6B), "mp3"),
    0xA5: "ac3",
    0xA6: "eac3",
    0xAD: "opus",
}
# ISO/IEC 14496-3, table 1.17: object types of MPEG-4 audio that are no kind of AAC.
_MPEG4_CODECS = {32: "mp1", 33: "mp2", 34: "mp3", **dict.fromkeys((8, 9, 24, 25, 36), "mp4")}
_ES, _DECODER_CONFIG, _DECODER_SPECIFIC = 3, 4, 5
_MAX_BITRATE = 100_000_000


class SoundFormat(NamedTuple):
    """`bitrate` in bits per second, 0 if unknown; `bits_per_sample` is 0 for lossy codecs."""

    codec: str
    sample_rate: int
    channels: int
    bits_per_sample: int = 0
    bitrate: int = 0


def _from_esds(data: bytes, stated: SoundFormat) -> SoundFormat:
    at = 4
    while True:
        tag, start, size = _descriptor(data, at)
        if tag == _ES:
            flags = data[start + 2]
            at = start + 3 + (flags >> 7) * 2 + (flags >> 5 & 1) * 2
            if flags & 0x40:
                at += 1 + data[at]
        elif tag == _DECODER_CONFIG:
            object_type = data[start]
            average = int.from_bytes(data[start + 9 : start + 13], "big")
            stated = stated._replace(
                codec=_OBJECT_TYPES.get(object_type, "mp4"),
                bitrate=average if average <= _MAX_BITRATE else 0,
            )
            if object_type != _MPEG4_AUDIO or start + 13 >= len(data):
                return stated
            at = start + 13
        elif tag == _DECODER_SPECIFIC:
            return _from_aac(data[start : start + size], stated)
        else:
            return stated


def _descriptor(data: bytes, at: int) -> tuple[int, int, int]:
    """The tag, start and size of a descriptor. Sizes have up to four bytes of seven bits each (ISO/
    IEC 14496-1, section 8.3.3). Sizes of the outer descriptors are often wrong, so only that of the
    innermost is used."""
    tag, size, at = data[at], 0, at + 1
    for byte in data[at : at + 4]:
        size = size << 7 | byte & 0x7F
        at += 1
        if byte < 0x80:  # noqa: PLR2004
            break
    return tag, at, size


def _from_aac(data: bytes, stated: SoundFormat) -> SoundFormat:
    try:
        config = audio_config(data, stated.sample_rate, stated.channels)
    except ValueError:
        return stated
    return stated._replace(
        codec=_MPEG4_CODECS.get(config.object_type, stated.codec),
        sample_rate=config.sample_rate or stated.sample_rate,
        channels=config.channels or stated.channels,
    )


def _from_alac(data: bytes, stated: SoundFormat) -> SoundFormat:
    """The bit rate in the cookie is left out: ffmpeg writes that of the samples before coding."""
    bits, channels, rate = struct.unpack_from(">4x4xxB3xB6x4xI", data)
    return stated._replace(
        sample_rate=rate or stated.sample_rate,
        channels=channels or stated.channels,
        bits_per_sample=bits,
    )


def _from_flac(data: bytes, stated: SoundFormat) -> SoundFormat:
    """From STREAMINFO (RFC 9639, section 8.2), behind a version, flags and a block header."""
    (fields,) = struct.unpack_from(">8x10xQ", data)
    return stated._replace(
        sample_rate=fields >> 44,
        channels=(fields >> 41 & 7) + 1,
        bits_per_sample=(fields >> 36 & 31) + 1,
    )


def _from_opus(data: bytes, stated: SoundFormat) -> SoundFormat:
    return stated._replace(channels=data[1] or stated.channels)


_AC3_RATES_HZ = (48_000, 44_100, 32_000)
_AC3_CHANNELS = (2, 1, 2, 3, 3, 4, 4, 5)
_AC3_KBPS = (
    *(32, 40, 48, 56, 64, 80, 96, 112, 128, 160),
    *(192, 224, 256, 320, 384, 448, 512, 576, 640),
)
_EAC3_PAIRS, _EAC3_SINGLES = 0b001110011, 0b110001100
"""Positions of speakers that dependent substreams of E-AC-3 add, as bits of `chan_loc`."""


def _from_ac3(data: bytes, stated: SoundFormat) -> SoundFormat:
    fields = int.from_bytes(data[:3].ljust(3, b"\0"), "big")
    rate, kbps = fields >> 22, fields >> 5 & 31
    return stated._replace(
        sample_rate=_AC3_RATES_HZ[rate] if rate < len(_AC3_RATES_HZ) else stated.sample_rate,
        channels=_AC3_CHANNELS[fields >> 11 & 7] + (fields >> 10 & 1),
        bitrate=_AC3_KBPS[kbps] * 1000 if kbps < len(_AC3_KBPS) else 0,
    )


def _from_eac3(data: bytes, stated: SoundFormat) -> SoundFormat:
    """The first independent substream, and the channels that its dependent ones add."""
    (kbps, fields) = struct.unpack_from(">HI", data.ljust(6, b"\0"))
    rate = fields >> 30
    channels = _AC3_CHANNELS[fields >> 17 & 7] + (fields >> 16 & 1)
    if fields >> 9 & 15:
        added = fields & 511
        channels += 2 * (added & _EAC3_PAIRS).bit_count() + (added & _EAC3_SINGLES).bit_count()
    return stated._replace(
        sample_rate=_AC3_RATES_HZ[rate] if rate < len(_AC3_RATES_HZ) else stated.sample_rate,
        channels=channels,
        bitrate=(kbps >> 3) * 1000,
    )


def _from_pcm(data: bytes, stated: SoundFormat) -> SoundFormat:
    bits = data[5]
    bitrate = stated.sample_rate * stated.channels * bits
    return stated._replace(bits_per_sample=bits, bitrate=bitrate)


HEADERS: dict[bytes, Callable[[bytes, SoundFormat], SoundFormat]] = {
    b"esds": _from_esds,
    b"alac": _from_alac,
    b"dfLa": _from_flac,
    b"dOps": _from_opus,
    b"dac3": _from_ac3,
    b"dec3": _from_eac3,
    b"pcmC": _from_pcm,
}
"""By the name of the box: the format, given the content of the box and what the entry states."""
