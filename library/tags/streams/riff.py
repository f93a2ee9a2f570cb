"""WAV files: RIFF, and RF64, BW64 and RIFX, which differ in the sizes or in the order of bytes.

- RIFF: "Multimedia Programming Interface and Data Specifications 1.0" (1991).
- RF64: EBU Tech 3306; BW64: Recommendation ITU-R BS.2088.
- RIFX: RIFF with big-endian numbers.
"""

import struct
from functools import partial

from library.tags.audio import Audio
from library.tags.audio_digest import digest_of_payload
from library.tags.bounded_file import BoundedFile
from library.tags.streams.chunks import (
    BIG_ENDIAN,
    LITTLE_ENDIAN,
    UNKNOWN_SIZE,
    Chunk,
    chunks,
    payload_size,
)
from library.tags.streams.first_frames import FIRST_BYTES, bytes_per_second
from library.tags.streams.id3_tags import TagsInChunks, tags_before
from library.tags.streams.riff_tags import RiffTexts
from library.tags.streams.wave_format import parse_format, stream_of

KINDS = (b"RIFF", b"RF64", b"BW64", b"RIFX")
_HEADER_SIZE = 12
"""Bytes before the first chunk: RIFF, the size, and the kind of file."""
_SEARCHED_BYTES = 64 * 1024
_LONGEST_FORMAT = 1024
_SIZES = struct.Struct("<8xQQ")
"""The contents of `ds64`: after the size of the file, that of `data`, and the number of samples."""


def score(_name: str, _file: BoundedFile, beginning: bytes) -> int:
    return 2 * (beginning[:4] in KINDS and beginning[8:12] == b"WAVE")


def read_wave(file: BoundedFile) -> Audio:
    """The ID3 tag, with missing fields filled from the INFO list and from `bext`, which know fewer
    fields. Raises ValueError or EOFError if the format or the sound is missing."""
    before, at = tags_before(file)
    parts = _Parts(file, at)
    if parts.data is None:
        raise EOFError("the data chunk is missing")
    found = parse_format(parts.format, parts.order)
    if found is None:
        raise ValueError("the format chunk is missing")
    tags = parts.tags_in_chunks.tags
    tags.fill_from(parts.texts.native_tags())
    tags.fill_from(before)
    if not found.bytes_per_second:
        rate = bytes_per_second(
            file.read_between(parts.data.at, parts.data.at + FIRST_BYTES), found.codec
        )
        found = found._replace(bytes_per_second=rate)
    stream = stream_of(found, parts.data.size, parts.samples)
    return Audio(stream, tags, found.codec, parts.digest)


class _Parts:
    """The chunks of a file that are used."""

    def __init__(self, file: BoundedFile, at: int) -> None:
        self._file = file
        header = file.read_between(at, at + _HEADER_SIZE)
        if header[:4] not in KINDS:
            raise ValueError("it has no RIFF header")
        self.order = BIG_ENDIAN if header[:4] == b"RIFX" else LITTLE_ENDIAN
        self.format = b""
        self.samples = 0
        self.data: Chunk | None = None
        self.digest = ""
        self.tags_in_chunks = TagsInChunks(file)
        self.texts = RiffTexts(self.order)
        self._large_data_bytes = 0
        for chunk in chunks(file, at + _HEADER_SIZE, self.order, self._size_of):
            self._take(chunk)
        if self.data is None:
            self._search_for_data(at)

    def _search_for_data(self, at: int) -> None:
        """Find the sound in a file in which another chunk states a size that is too large."""
        beginning = self._file.read_between(at, at + _SEARCHED_BYTES)
        found = beginning.find(b"data", _HEADER_SIZE)
        if found != -1 and len(beginning) >= found + 8:
            (size,) = struct.unpack_from(f"{self.order}I", beginning, found + 4)
            chunk = Chunk(b"data", at + found + 8, size)
            self._take(chunk._replace(size=self._size_of(chunk)))

    def _size_of(self, chunk: Chunk) -> int:
        if chunk.name != b"data" or self.data is not None:
            return chunk.size
        if chunk.size == UNKNOWN_SIZE and 0 < self._large_data_bytes < 2**62:
            room = self._file.size_bytes - chunk.at
            return min(self._large_data_bytes, room)
        return payload_size(self._file, chunk, self.order)

    def _take_data(self, chunk: Chunk) -> None:
        """The sound is read at once, because disks are slow to go back from chunks behind it."""
        if self.data is None:
            self.data = chunk
            self.digest = digest_of_payload(self._file.read_between, chunk.at, chunk.end)

    def _take(self, chunk: Chunk) -> None:
        read = partial(self._file.read_between, chunk.at)
        if chunk.name == b"fmt ":
            self.format = self.format or read(chunk.at + min(chunk.size, _LONGEST_FORMAT))
        elif chunk.name == b"data":
            self._take_data(chunk)
        elif chunk.name == b"ds64" and len(data := read(chunk.at + 24)) == _SIZES.size:
            self._large_data_bytes, self.samples = _SIZES.unpack(data)
        elif chunk.name == b"fact" and len(data := read(chunk.at + 4)) == 4:  # noqa: PLR2004
            (self.samples,) = struct.unpack(f"{self.order}I", data)
        elif chunk.name in {b"id3 ", b"ID3 ", b"id32"}:
            self.tags_in_chunks.take(chunk.at)
        else:
            self.texts.take(self._file, chunk)
