"""What the first packet of a logical stream in Ogg says.

- Vorbis: "Vorbis I specification", section 4.2.2.
- Opus: RFC 7845, section 5.1, and RFC 6716, section 3, for the durations of packets.
- Speex: "The Speex Codec Manual", section 7.3.
- FLAC: RFC 9639, section 10.1.
"""

import struct
from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

from library.tags.remembering import REMEMBERED
from library.tags.streams.flac_metadata import StreamInfo, stream_info

OPUS_RATE_HZ = 48_000
VORBIS, OPUS, SPEEX, FLAC, THEORA = "vorbis", "opus", "speex", "flac", "theora"
_FLAC_STREAMINFO_AT = 17


class Codec(NamedTuple):
    """The sound of a logical stream. `sample_rate` is that of positions, too.

    `header_packets` counts those before the sound, the first one included; 0 if unknown.
    `comments_at` is where the comments begin in the second packet. `samples_per_packet` is the most
    that a packet may hold; 0 if each packet says it.
    """

    name: str
    sample_rate: int
    channels: int
    header_packets: int
    comments_at: int
    samples_per_packet: int = 0
    bitrate: int = 0
    pre_skip: int = 0
    flac: StreamInfo | None = None


@lru_cache(REMEMBERED)
def codec_of(packet: bytes) -> Codec | None:
    """The codec whose first packet begins so; None if it is no sound that mus knows.

    Raises struct.error or ValueError if the packet is damaged. The packets of an album are equal,
    except those of FLAC.
    """
    for magic, read in _READERS.items():
        if packet.startswith(magic):
            return read(packet)
    return None


def _vorbis(packet: bytes) -> Codec:
    channels, rate, *bitrates, sizes = struct.unpack_from("<BI3iB", packet, 11)
    samples = (1 << (sizes >> 4)) // 2
    return Codec(VORBIS, _rate(rate), channels, 3, 7, samples, _vorbis_bitrate(*bitrates))


def _vorbis_bitrate(maximum: int, nominal: int, minimum: int) -> int:
    """The nominal bitrate, unless it is outside the other two."""
    maximum, nominal, minimum = max(0, maximum), max(0, nominal), max(0, minimum)
    if nominal == 0:
        return (maximum + minimum) // 2
    if 0 < maximum < nominal:
        return maximum
    return max(nominal, minimum)


def _opus(packet: bytes) -> Codec:
    version, channels, pre_skip = struct.unpack_from("<BBH7x", packet, 8)
    if version >> 4:
        raise ValueError(f"version {version >> 4} of Opus is unknown")
    return Codec(OPUS, OPUS_RATE_HZ, channels, 2, 8, pre_skip=pre_skip)


def _speex(packet: bytes) -> Codec:
    rate, channels, bitrate, frame_size, frames, extra = struct.unpack_from(
        "<I8xIiI4xII", packet, 36
    )
    samples = frame_size * max(1, frames)
    return Codec(SPEEX, _rate(rate), channels, 2 + min(extra, 100), 0, samples, max(0, bitrate))


def _flac(packet: bytes) -> Codec:
    (headers,) = struct.unpack_from(">H", packet, 7)
    info = stream_info(packet[_FLAC_STREAMINFO_AT:])
    if info is None:
        raise ValueError("the header of FLAC is damaged")
    return Codec(
        *(FLAC, info.sample_rate, info.channels, headers + 1 if headers else 0, 4),
        samples_per_packet=info.largest_block,
        flac=info,
    )


def _rate(found: int) -> int:
    if not found:
        raise ValueError("the sample rate is 0")
    return found


_READERS: dict[bytes, Callable[[bytes], Codec]] = {
    b"\x01vorbis": _vorbis,
    b"OpusHead": _opus,
    b"Speex   ": _speex,
    b"\x7fFLAC": _flac,
}
FILMS = (b"\x80theora", b"BBCD\0", b"\x01video", b"OVP80")
"""The first bytes of the first packets of Theora, Dirac, OGM and VP8."""
THEORA_COMMENTS = b"\x81theora"

# RFC 6716, table 2: the duration of a frame, by the configuration number, in samples at 48 kHz.
_OPUS_FRAMES = (
    *(480, 960, 1920, 2880) * 3,
    *(480, 960) * 2,
    *(120, 240, 480, 960) * 4,
)
_ONE, _ANY_NUMBER = 0, 3


def opus_samples(packet: bytes) -> int:
    """The duration of a packet that begins so (RFC 6716, section 3.1): one frame, two, or as many
    as the second byte says."""
    if not packet:
        return 0
    code = packet[0] & 3
    if code == _ANY_NUMBER:
        frames = packet[1] & 0x3F if len(packet) > 1 else 0
    else:
        frames = 1 if code == _ONE else 2
    return frames * _OPUS_FRAMES[packet[0] >> 3]
