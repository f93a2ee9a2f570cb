"""Formats that consist of chunks: WAV (RIFF), AIFF (IFF) and DSF, and the tags in their chunks.

- RIFF and its INFO list: "Multimedia Programming Interface and Data Specifications 1.0" (1991).
- AIFF: "Audio Interchange File Format, version 1.3" (1989) and AIFF-C (1991).
- DSF: "DSF File Format Specification 1.01" (2005).
- ID3v2 in a chunk of its own: as Picard, foobar2000 and Mp3tag write it; no standard says so.
"""

import struct
from collections.abc import Iterator
from types import SimpleNamespace
from typing import BinaryIO

from mutagen.aiff import AIFFInfo
from mutagen.wave import WaveStreamInfo

from library.tags import decoding
from library.tags.audio import Audio
from library.tags.bounded_file import BoundedFile
from library.tags.id3v2 import read_id3v2
from library.tags.native_tags import NativeTags
from library.tags.vocabularies import RIFF_INFO, Values, fields

MAX_CHUNKS = 1_000
MAX_INFO_BYTES = 1024 * 1024
LITTLE_ENDIAN, BIG_ENDIAN = "<", ">"
_FORM_SIZE = 12
"""Bytes before the first chunk: RIFF or FORM, the size, and the kind of file."""

# RFC 2361, appendix A: WAVE form codes.
_WAVE_CODECS = {
    0x0001: "pcm",
    0x0003: "pcm",
    0xFFFE: "pcm",
    0x0002: "adpcm",
    0x0006: "alaw",
    0x0007: "mulaw",
    0x0011: "adpcm",
    0x0050: "mp2",
    0x0055: "mp3",
    0x0161: "wma",
}


def read_wave(file: BoundedFile) -> Audio:
    """The ID3 tag, with missing fields filled from the INFO list, which knows fewer fields."""
    info = WaveStreamInfo(file)
    tags, listed = NativeTags(), NativeTags()
    for name, at, size in _chunks(file, LITTLE_ENDIAN):
        if name in {b"id3 ", b"ID3 "}:
            tags.fill_from(read_id3v2(file, at)[0] or NativeTags())
        elif name == b"LIST":
            file.seek(at)
            listed.fill_from(_info_list(file.read(min(size, MAX_INFO_BYTES))))
    tags.fill_from(listed)
    return Audio(info, tags, _WAVE_CODECS.get(info.audio_format, "wav"))


def read_aiff(file: BoundedFile) -> Audio:
    info = AIFFInfo(file)
    tags = NativeTags()
    for name, at, _size in _chunks(file, BIG_ENDIAN):
        if name in {b"ID3 ", b"id3 "}:
            tags.fill_from(read_id3v2(file, at)[0] or NativeTags())
    return Audio(info, tags, "pcm")


def read_dsf(file: BoundedFile) -> Audio:
    """Reads the header here, because mutagen's class for DSF cannot use our ID3 reader.

    Raises ValueError if the header is cut off.
    """
    header = file.read(80)
    marks = (header[:4], header[28:32])
    if len(header) < 80 or marks != (b"DSD ", b"fmt "):  # noqa: PLR2004
        raise ValueError("cut off in the header")
    (tags_at,) = struct.unpack_from("<Q", header, 20)
    channels, rate, bits, samples = struct.unpack_from("<IIIQ", header, 52)
    info = SimpleNamespace(
        length=samples / rate if rate else 0,
        bitrate=rate * bits * channels,
        sample_rate=rate,
        channels=channels,
    )
    tags = read_id3v2(file, tags_at)[0] if 0 < tags_at < 2**62 else None
    return Audio(info, tags or NativeTags(), "dsd")


def _chunks(file: BinaryIO, order: str) -> Iterator[tuple[bytes, int, int]]:
    """The name, start and size of each chunk. The size is as stated, even if the file ends before
    that."""
    at = _FORM_SIZE
    for _ in range(MAX_CHUNKS):
        file.seek(at)
        header = file.read(8)
        if len(header) < 8:  # noqa: PLR2004
            return
        name, size = struct.unpack(f"{order}4sI", header)
        yield name, at + 8, size
        at += 8 + size + size % 2


def _info_list(data: bytes) -> NativeTags:
    """The tags in a LIST chunk of kind INFO. No standard defines the encoding of its texts."""
    if data[:4] != b"INFO":
        return NativeTags()
    values: Values = {}
    at = 4
    while at + 8 <= len(data):
        name, size = struct.unpack_from("<4sI", data, at)
        text = decoding.latin1(data[at + 8 : at + 8 + size].rstrip(b"\0"))
        values.setdefault(decoding.latin1(name), []).append(text)
        at += 8 + size + size % 2
    return NativeTags(fields(RIFF_INFO, values))
