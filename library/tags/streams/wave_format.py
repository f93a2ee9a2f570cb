"""The `fmt ` chunk of WAV files, which Matroska and ASF hold as well: codec, rate and length.

- WAVEFORMATEX and WAVEFORMATEXTENSIBLE: Microsoft's documentation of `mmreg.h`.
- The numbers of codecs: RFC 2361, appendix A, and `mmreg.h`.
"""

import struct
from typing import NamedTuple

from library.tags.audio import Stream

_EXTENSIBLE = 0xFFFE
_MS_ADPCM, _IMA_ADPCM, _IMA_ADPCM_2, _GSM, _G723, _MPEG = 0x0002, 0x0011, 0x0069, 0x0031, 0x42, 0x50
_SIZE = 16
"""Bytes of the oldest form, which all others begin with."""
_LAYERS = {1: "mp1", 2: "mp2", 4: "mp3"}
"""By the field `fwHeadLayer` of MPEG1WAVEFORMAT."""
CODECS = {
    0x0001: "pcm",
    0x0003: "pcm",
    **dict.fromkeys((_MS_ADPCM, _IMA_ADPCM, _IMA_ADPCM_2, 0x0010, 0x0012, 0x0013), "adpcm"),
    **dict.fromkeys((0x0017, 0x0020, 0x0036, 0x0040, 0x0045, 0x0061, 0x0062, 0x0064), "adpcm"),
    **dict.fromkeys((0x0065, 0x0085, 0x0140, 0x0200), "adpcm"),
    0x0006: "alaw",
    0x0007: "mulaw",
    0x000A: "wmavoice",
    0x0022: "truespeech",
    0x0028: "g722",
    0x0031: "gsm",
    0x0032: "gsm",
    0x0042: "g723",
    0x0050: "mp2",
    0x0055: "mp3",
    **dict.fromkeys((0x00FF, 0x0A06, 0x1600, 0x1601, 0x1602, 0x1610, 0x706D, 0xA106), "aac"),
    0x0160: "wma",
    0x0161: "wma",
    0x0162: "wmapro",
    0x0163: "wmalossless",
    0x0092: "ac3",
    0x2000: "ac3",
    0x2001: "dts",
    0x0270: "atrac3",
    0x704F: "opus",
    0xA109: "speex",
    0xF1AC: "flac",
    **dict.fromkeys((0x674F, 0x6750, 0x6751, 0x676F, 0x6770, 0x6771), "vorbis"),
}
_UNPACKED = frozenset({"pcm", "alaw", "mulaw"})
"""The codecs that store each sample by itself."""
_TOLERANCE = 0.01
"""By how much the number of samples stated may differ from the number that the blocks hold."""


class WaveFormat(NamedTuple):
    """`bits`: of a sample; those that count, if the file says so. `container_bits`: those that are
    stored. `samples_per_block`: 0 if the codec has no blocks of a fixed size."""

    codec: str
    channels: int
    rate_hz: int
    bytes_per_second: int
    block_bytes: int
    bits: int
    container_bits: int
    samples_per_block: int


def parse_format(data: bytes, order: str = "<") -> WaveFormat | None:
    """The format that the contents of a `fmt ` chunk describe; None if they are cut off."""
    if len(data) < _SIZE:
        return None
    tag, channels, rate, bytes_per_second, block, bits = struct.unpack_from(f"{order}HHIIHH", data)
    valid_bits = bits
    if tag == _EXTENSIBLE and len(data) >= _SIZE + 10:
        (stated,) = struct.unpack_from(f"{order}H", data, 18)
        valid_bits = stated if 0 < stated <= bits else bits
        (tag,) = struct.unpack_from(f"{order}H", data, 24)
    (extra,) = struct.unpack_from(f"{order}H", data, 18) if len(data) >= _SIZE + 4 else (0,)
    codec = _LAYERS.get(extra, "mp2") if tag == _MPEG else CODECS.get(tag, "wav")
    samples = _samples_per_block(tag, channels, block, bits, extra)
    return WaveFormat(codec, channels, rate, bytes_per_second, block, valid_bits, bits, samples)


def _samples_per_block(tag: int, channels: int, block: int, bits: int, stated: int) -> int:
    """The samples of each channel in a block. `stated`: the format says how many there are.

    The formulas are those of "Multimedia Data Standards Update" (1994): a header for each channel,
    which holds one or two samples, and then four bits for each sample.
    """
    if not channels or not block:
        return 0
    if tag == _MS_ADPCM:
        counted = (block - 7 * channels) * 8 // (4 * channels) + 2
    elif tag in {_IMA_ADPCM, _IMA_ADPCM_2}:
        counted = (block - 4 * channels) * 8 // ((bits or 4) * channels) + 1
    elif tag == _GSM:
        counted, stated = block * 320 // 65, 0
    elif tag == _G723:
        counted, stated = 240, 0
    else:
        return 0
    return stated if 0 < stated <= max(counted, 0) else max(counted, 0)


def stream_of(found: WaveFormat, payload_bytes: int, stated_samples: int) -> Stream:
    """The stream of `payload_bytes` in this format.

    `stated_samples`: of each channel, from the chunk `fact` or another place; 0 if unknown. Raises
    ValueError if the format has no sample rate.
    """
    if not found.rate_hz:
        raise ValueError("the sample rate is missing")
    if found.codec in _UNPACKED:
        seconds = payload_bytes / _frame_bytes(found) / found.rate_hz
    elif found.samples_per_block:
        seconds = _samples_in_blocks(found, payload_bytes, stated_samples) / found.rate_hz
    elif _is_plausible(found, payload_bytes, stated_samples):
        seconds = stated_samples / found.rate_hz
    else:
        uncompressed = found.rate_hz * found.channels * found.bits // 8
        per_second = found.bytes_per_second or uncompressed
        seconds = payload_bytes / per_second if per_second else 0
    bitrate = round(payload_bytes * 8 / seconds) if seconds else 0
    return Stream(seconds, bitrate, found.rate_hz, found.channels, found.bits)


def _frame_bytes(found: WaveFormat) -> int:
    """The bytes of one sample of all channels. Some files state a wrong size of a block."""
    least = max(1, found.channels * (((found.container_bits or 8) + 7) // 8))
    is_usable = found.channels and found.block_bytes % found.channels == 0
    return found.block_bytes if is_usable and least <= found.block_bytes <= 2 * least else least


def _samples_in_blocks(found: WaveFormat, payload_bytes: int, stated: int) -> float:
    """The number of samples stated, which is exact, unless the blocks hold another number."""
    held = payload_bytes / found.block_bytes * found.samples_per_block
    slack = max(held * _TOLERANCE, found.samples_per_block)
    return stated if abs(stated - held) <= slack else held


def _is_plausible(found: WaveFormat, payload_bytes: int, stated: int) -> bool:
    """Whether `stated` samples can be the length. Some programs state 0, -1, or the bytes."""
    if not 0 < stated < 0xFFFFFFFF:  # noqa: PLR2004
        return False
    if not found.bytes_per_second:
        return True
    by_rate = payload_bytes / found.bytes_per_second
    return by_rate / 4 <= stated / found.rate_hz <= by_rate * 4
