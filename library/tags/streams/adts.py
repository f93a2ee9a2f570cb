"""AAC in ADTS (ISO/IEC 14496-3, section 1.A.2): frames that each state their own length.

No header says how many there are, and their lengths vary widely, so all of them are counted. Nor
does a header say whether a decoder would find SBR or parametric stereo in the frames (HE-AAC),
which would double the sample rate or make mono sound stereo: what is read is AAC's own.
"""

import io
import re
from typing import Any

from mutagen._util import BitReader, BitReaderError
from mutagen.aac import ProgramConfigElement

from library.tags.audio import Stream
from library.tags.source import Source
from library.tags.streams.frame_walk import Kind, LengthAt, count_frames

ADIF = b"ADIF"
HEADER_BYTES = 7
SAMPLES_PER_BLOCK = 1024
LONGEST = 0x1FFF
_SYNC = re.compile(rb"\xff[\xf0\xf1\xf8\xf9]", re.DOTALL)
_RATES = (
    *(96000, 88200, 64000, 48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025, 8000, 7350),
)
_CHANNELS = (0, 1, 2, 3, 4, 5, 6, 8)
_CRC_BYTES = 2
_PROGRAM_CONFIG = 5
_PROGRAM_CONFIG_BYTES = 512


def _length_at(data: bytes, at: int) -> int:
    if at + HEADER_BYTES > len(data) or _SYNC.match(data, at) is None:
        return 0
    length = (data[at + 3] & 3) << 11 | data[at + 4] << 3 | data[at + 5] >> 5
    is_known = data[at + 2] >> 2 & 15 < len(_RATES)
    return length if is_known and length > HEADER_BYTES else 0


def _alike(data: bytes, at: int) -> LengthAt:
    """The headers of one stream differ only after their first 28 bits."""
    fixed, fourth = data[at : at + 3], data[at + 3] & 0xF0

    def length_at(data: bytes, at: int) -> int:
        if data[at : at + 3] != fixed or at + HEADER_BYTES > len(data):
            return 0
        if data[at + 3] & 0xF0 != fourth:
            return 0
        length = (data[at + 3] & 3) << 11 | data[at + 4] << 3 | data[at + 5] >> 5
        return length if length > HEADER_BYTES else 0

    return length_at


ADTS = Kind(_SYNC, HEADER_BYTES, _length_at, _alike, LONGEST)


def stream(source: Source, start: int, end: int) -> Stream:
    """The stream between two bytes of the file. At `start` stands a frame."""
    beginning = source.read_at_most(start, _PROGRAM_CONFIG_BYTES)
    rate = _RATES[beginning[2] >> 2 & 15]
    counted = count_frames(source, start, end, ADTS, _alike(beginning, 0))
    frames = counted.frames * (end - start) / counted.walked_bytes if counted.walked_bytes else 0
    samples = frames * SAMPLES_PER_BLOCK * ((beginning[6] & 3) + 1)
    length = samples / rate
    bitrate = round(8 * (end - start) / length) if length else 0
    return Stream(length, bitrate, rate, _channels(beginning))


def _channels(beginning: bytes) -> int:
    """The number of channels; 0 if it is unknown. The header may leave it to an element that
    follows it."""
    if number := _CHANNELS[(beginning[2] & 1) << 2 | beginning[3] >> 6]:
        return number
    has_crc = not beginning[1] & 1
    data = io.BytesIO(beginning[HEADER_BYTES + _CRC_BYTES * has_crc :])
    bits: Any = BitReader(data)  # type: ignore[no-untyped-call]
    try:
        if bits.bits(3) == _PROGRAM_CONFIG:
            element: Any = ProgramConfigElement(bits)  # type: ignore[no-untyped-call]
            return int(element.channels)
    except BitReaderError:
        pass
    return 0
