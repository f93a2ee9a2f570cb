"""DSD, the sound of SACDs: DSF and DSDIFF files.

- "DSF File Format Specification 1.01" (2005).
- "DSDIFF 1.5, Direct Stream Digital Interchange File Format" (2004).
"""

import io
import struct
from collections.abc import Iterator

from library.tags import decoding
from library.tags.audio import Audio, Stream
from library.tags.audio_digest import digest_of_payload
from library.tags.bounded_file import BoundedFile
from library.tags.id3v2 import read_id3v2
from library.tags.native_tags import NativeTags
from library.tags.streams.chunks import BIG_ENDIAN, Chunk, chunks
from library.tags.streams.id3_tags import TagsInChunks
from library.tags.vocabularies import Values

_DSF_HEADER_SIZE = 80
_DSF_DATA_HEADER_SIZE = 12
_DSDIFF_HEADER_SIZE = 16
MAX_PART_BYTES = 64 * 1024
_TEXTS = {b"DITI": "title", b"DIAR": "artist"}


def score_dsf(_name: str, _file: BoundedFile, beginning: bytes) -> int:
    return 2 * beginning.startswith(b"DSD ")


def score_dsdiff(_name: str, _file: BoundedFile, beginning: bytes) -> int:
    return 2 * (beginning[:4] == b"FRM8" and beginning[12:16] == b"DSD ")


def read_dsf(file: BoundedFile) -> Audio:
    """Raises ValueError if the header is cut off."""
    header = file.read_between(0, _DSF_HEADER_SIZE + _DSF_DATA_HEADER_SIZE)
    marks = (header[:4], header[28:32])
    if len(header) < _DSF_HEADER_SIZE or marks != (b"DSD ", b"fmt "):
        raise ValueError("cut off in the header")
    (tags_at,) = struct.unpack_from("<Q", header, 20)
    channels, rate, bits, samples = struct.unpack_from("<IIIQ", header, 52)
    start = _DSF_HEADER_SIZE + _DSF_DATA_HEADER_SIZE
    end = _end_of_dsf_data(file, header, tags_at)
    held = (end - start) * 8 // (max(1, channels) * max(1, bits))
    samples = samples if 0 < samples <= held else held
    bitrate = rate * bits * channels if samples else 0
    info = Stream(samples / rate if rate else 0, bitrate, rate, channels, 1)
    digest = digest_of_payload(file.read_between, start, end)
    tags = read_id3v2(file, tags_at)[0] if start <= tags_at < file.size_bytes else None
    return Audio(info, tags or NativeTags(), "dsd", digest)


def _end_of_dsf_data(file: BoundedFile, header: bytes, tags_at: int) -> int:
    """Where the sound ends. A size that is missing or too large is that of a file cut off."""
    end = tags_at if 0 < tags_at < file.size_bytes else file.size_bytes
    stated = int.from_bytes(header[84:92], "little") if header[80:84] == b"data" else 0
    if _DSF_DATA_HEADER_SIZE < stated <= end - _DSF_HEADER_SIZE:
        return _DSF_HEADER_SIZE + stated
    return max(end, _DSF_HEADER_SIZE + _DSF_DATA_HEADER_SIZE)


def read_dsdiff(file: BoundedFile) -> Audio:
    """Raises ValueError or EOFError if the format or the sound is missing."""
    in_chunks, texts = TagsInChunks(file), NativeTags()
    properties, sound, digest = b"", None, ""
    for chunk in chunks(file, _DSDIFF_HEADER_SIZE, BIG_ENDIAN, size_format="Q"):
        if chunk.name == b"PROP":
            properties = _beginning(file, chunk)
        elif chunk.name in {b"DSD ", b"DST "} and sound is None:
            sound = chunk._replace(size=min(chunk.end, file.size_bytes) - chunk.at)
            digest = digest_of_payload(file.read_between, sound.at, sound.end)
        elif chunk.name == b"DIIN":
            texts.values.update(_master_texts(_beginning(file, chunk)))
        elif chunk.name in {b"ID3 ", b"id3 "}:
            in_chunks.take(chunk.at)
    if sound is None:
        raise EOFError("the sound chunk is missing")
    tags = in_chunks.tags
    tags.fill_from(texts)
    frames = file.read_between(sound.at, sound.at + 18) if sound.name == b"DST " else b""
    return Audio(_dsdiff_stream(properties, sound, frames), tags, "dsd", digest)


def _beginning(file: BoundedFile, chunk: Chunk) -> bytes:
    return file.read_between(chunk.at, min(chunk.end, chunk.at + MAX_PART_BYTES))


def _parts(data: bytes, at: int) -> Iterator[tuple[bytes, bytes]]:
    """The names and contents of the chunks inside of a chunk."""
    for chunk in chunks(io.BytesIO(data), at, BIG_ENDIAN, size_format="Q"):
        yield chunk.name, data[chunk.at : chunk.end]


def _master_texts(data: bytes) -> Values:
    """The texts of the chunk on the edited master. Their length stands before them."""
    named = {_TEXTS[name]: text[4:] for name, text in _parts(data, 0) if name in _TEXTS}
    return {field: [decoding.latin1(text.rstrip(b"\0"))] for field, text in named.items()}


def _dsdiff_stream(properties: bytes, sound: Chunk, frames: bytes) -> Stream:
    """The stream of the bits in `sound`. `frames`: how many there are of compressed sound (DST),
    and how many a second."""
    stated = dict(_parts(properties, 4))
    rate = int.from_bytes(stated.get(b"FS  ", b"")[:4], "big")
    channels = int.from_bytes(stated.get(b"CHNL", b"")[:2], "big")
    if not rate or not channels:
        raise ValueError("the channels or the sample rate are missing")
    length = sound.size * 8 / (rate * channels)
    if frames[:4] == b"FRTE" and len(frames) == 18:  # noqa: PLR2004
        count, per_second = struct.unpack_from(">IH", frames, 12)
        length = count / per_second if per_second else 0
    bitrate = round(sound.size * 8 / length) if length else 0
    return Stream(length, bitrate, rate, channels, 1)
