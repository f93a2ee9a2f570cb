"""AIFF and AIFC files.

- AIFF: "Audio Interchange File Format, version 1.3" (1989); AIFC: "AIFF-C" (draft of 1991).
- Codecs that came later: Apple's "QuickTime File Format".
"""

import math
import struct
from functools import partial

from library.tags import decoding
from library.tags.audio import Audio, Stream
from library.tags.audio_digest import digest_of_payload
from library.tags.bounded_file import BoundedFile
from library.tags.native_tags import NativeTags
from library.tags.streams.chunks import BIG_ENDIAN, Chunk, chunks, payload_size
from library.tags.streams.id3_tags import TagsInChunks, tags_before

_HEADER_SIZE = 12
"""Bytes before the first chunk: FORM, the size, and the kind of file."""
_LONGEST_COMMON = 64
_SOUND_HEADER_SIZE = 8
_COMMON = struct.Struct(">hIhHQ")
"""Channels, sample frames, bits of a sample, and the rate, a float of 80 bits."""
_FRAMES = slice(2, 6)
MAX_TEXT_BYTES = 64 * 1024
_TEXTS = {b"NAME": "title", b"AUTH": "artist", b"ANNO": "comment"}

# Bits of a sample, for codecs that store each sample by itself.
_PCM_BITS = {
    b"in24": 24,
    b"42ni": 24,
    b"in32": 32,
    b"23ni": 32,
    b"fl32": 32,
    b"FL32": 32,
    b"fl64": 64,
    b"FL64": 64,
}
_LOG = {b"alaw": "alaw", b"ALAW": "alaw", b"ulaw": "mulaw", b"ULAW": "mulaw"}
_PCM = frozenset({b"NONE", b"twos", b"sowt", b"raw ", *_PCM_BITS})
# The name of the codec, the bytes of a block of one channel, and the samples in it.
_BLOCKS = {
    b"ima4": ("adpcm", 34, 64),
    b"GSM ": ("gsm", 33, 160),
    b"MAC3": ("mace", 2, 6),
    b"MAC6": ("mace", 1, 6),
    b"G722": ("g722", 1, 2),
}
_OTHERS = {b"QDM2": "qdm2", b"QDMC": "qdmc", b"Qclp": "qcelp", b".mp3": "mp3"}


def score(_name: str, _file: BoundedFile, beginning: bytes) -> int:
    return 2 * (beginning[:4] == b"FORM" and beginning[8:12] in {b"AIFF", b"AIFC"})


def read_aiff(file: BoundedFile) -> Audio:
    """The ID3 tag, with missing fields filled from the chunks for texts. Raises ValueError or
    EOFError if the format or the sound is missing."""
    before, at = tags_before(file)
    parts = _Parts(file, at)
    if len(parts.common) < _COMMON.size:
        raise ValueError("the common chunk is missing")
    if parts.sound is None and any(parts.common[_FRAMES]):  # an empty file needs none
        raise EOFError("the sound chunk is missing")
    tags = parts.tags_in_chunks.tags
    tags.fill_from(parts.texts)
    tags.fill_from(before)
    stream, codec = _stream(parts.common, parts.payload_bytes)
    return Audio(stream, tags, codec, parts.digest)


class _Parts:
    """The chunks of a file that are used."""

    def __init__(self, file: BoundedFile, at: int) -> None:
        self._file = file
        if file.read_between(at, at + 4) != b"FORM":
            raise ValueError("it has no FORM header")
        self.common = b""
        self.sound: Chunk | None = None
        self.payload_bytes = 0
        self.digest = ""
        self.tags_in_chunks = TagsInChunks(file)
        self.texts = NativeTags()
        for chunk in chunks(file, at + _HEADER_SIZE, BIG_ENDIAN, self._size_of):
            self._take(chunk)

    def _size_of(self, chunk: Chunk) -> int:
        if chunk.name != b"SSND" or self.sound is not None:
            return chunk.size
        return payload_size(self._file, chunk, BIG_ENDIAN)

    def _take(self, chunk: Chunk) -> None:
        read = partial(self._file.read_between, chunk.at)
        if chunk.name == b"COMM":
            self.common = self.common or read(chunk.at + min(chunk.size, _LONGEST_COMMON))
        elif chunk.name == b"SSND" and self.sound is None:
            self._take_sound(chunk)
        elif chunk.name in {b"ID3 ", b"id3 "}:
            self.tags_in_chunks.take(chunk.at)
        elif chunk.name in _TEXTS:
            data = read(chunk.at + min(chunk.size, MAX_TEXT_BYTES))
            text = decoding.latin1(data.partition(b"\0")[0])
            self.texts.values.setdefault(_TEXTS[chunk.name], []).append(text)

    def _take_sound(self, chunk: Chunk) -> None:
        """The sound is read at once, because disks are slow to go back from chunks behind it.
        Before it stand an offset and the size of a block."""
        self.sound = chunk
        header = self._file.read_between(chunk.at, chunk.at + _SOUND_HEADER_SIZE)
        start = chunk.at + _SOUND_HEADER_SIZE + int.from_bytes(header[:4], "big")
        if start > chunk.end:
            start = chunk.at + _SOUND_HEADER_SIZE
        self.payload_bytes = max(0, chunk.end - start)
        self.digest = digest_of_payload(self._file.read_between, start, chunk.end)


def _stream(common: bytes, payload_bytes: int) -> tuple[Stream, str]:
    """The stream and its codec. The number of sample frames that the file states is not used for
    codecs with blocks, because some programs count their blocks instead."""
    channels, frames, bits, exponent, mantissa = _COMMON.unpack_from(common)
    rate = _rate(exponent, mantissa)
    if channels <= 0 or not rate:
        raise ValueError("the channels or the sample rate are missing")
    kind = common[18:22] or b"NONE"
    codec, block_bytes, samples = _block(kind, bits)
    if not block_bytes:
        length = frames / rate
    else:
        held = payload_bytes / (block_bytes * channels) * samples
        length = (frames if samples == 1 and 0 < frames <= held else held) / rate
    bitrate = round(payload_bytes * 8 / length) if length else 0
    depth = _PCM_BITS.get(kind, bits) if codec == "pcm" else 0
    return Stream(length, bitrate, round(rate), channels, max(0, depth)), codec


def _block(kind: bytes, bits: int) -> tuple[str, int, int]:
    """The codec, the bytes of the smallest unit of a channel, and the samples in it. No bytes if
    they are not known."""
    if kind in _BLOCKS:
        return _BLOCKS[kind]
    if kind in _LOG:
        return _LOG[kind], 1, 1
    if kind in _PCM:
        return "pcm", (max(1, _PCM_BITS.get(kind, bits)) + 7) // 8, 1
    return _OTHERS.get(kind, "aiff"), 0, 0


def _rate(exponent: int, mantissa: int) -> float:
    """The value of an extended float (IEEE 754, 80 bits); 0 if no sound has such a rate."""
    try:
        rate = math.ldexp(mantissa, (exponent & 0x7FFF) - 16383 - 63)
    except OverflowError:
        return 0
    return rate if exponent < 0x8000 and 1 <= rate < 2**31 else 0  # noqa: PLR2004
