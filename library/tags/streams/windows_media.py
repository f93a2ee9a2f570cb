"""Windows Media (ASF) files: "Advanced Systems Format Specification" (2004), sections 2 to 5.

mutagen reads the tags. What it says of the stream is not used: it knows neither the codec nor the
bits of a sample, and takes a file without a stated length for an empty one.
"""

import struct
from collections.abc import Iterator
from typing import Any

from mutagen.asf import ASF

from library.tags import asf
from library.tags.audio import Audio, FilmError, NoSoundError, Stream
from library.tags.audio_digest import digest_of_payload
from library.tags.bounded_file import BoundedFile
from library.tags.native_tags import NativeTags
from library.tags.streams.id3_tags import tags_before
from library.tags.streams.wave_format import WaveFormat, parse_format

SIGNATURE = bytes.fromhex("3026b2758e66cf11a6d900aa0062ce6c")
_FILE_PROPERTIES = bytes.fromhex("a1dcab8c47a9cf118ee400c00c205365")
_STREAM_PROPERTIES = bytes.fromhex("9107dcb7b7a9cf118ee600c00c205365")
_EXTENSION = bytes.fromhex("b503bf5f2ea9cf118ee300c00c205365")
_EXTENDED_STREAM = bytes.fromhex("cba5e61472c632438399a96952065b5a")
_DATA = bytes.fromhex("3626b2758e66cf11a6d900aa0062ce6c")
_AUDIO = bytes.fromhex("409e69f84d5bcf11a8fd00805f5c442b")
_VIDEO = bytes.fromhex("c0ef19bc4d5bcf11a8fd00805f5c442b")
_HEADER_SIZE, _OBJECT_SIZE, _DATA_HEADER_SIZE = 30, 24, 50
_TYPE_DATA_AT, _TYPE_DATA_LENGTH_AT = 54, 40
MAX_OBJECTS = 1_000
MAX_OBJECT_BYTES = 64 * 1024
_TICKS_PER_S = 10_000_000
_BROADCAST = 1
_LONGEST_PACKET_HEADER = 36
"""Error correction (16), flags (2), three numbers (12), time (4), duration (2)."""


def score(_name: str, _file: BoundedFile, beginning: bytes) -> int:
    return 2 * beginning.startswith(SIGNATURE)


def read_asf(file: BoundedFile) -> Audio:
    """Raises FilmError for a film, and NoSoundError or ValueError if there is no sound."""
    before, at = tags_before(file)
    header = _Header(file, at)
    if header.format is None and header.is_film:
        raise NoSoundError
    if header.format is None:
        raise ValueError("the description of its sound is missing")
    if header.is_film:
        raise FilmError
    found = header.format
    payload_bytes = header.data_end - header.data_start
    length = header.length_s or header.end_of_last_packet_s()
    if not length and found.bytes_per_second:
        length = payload_bytes / found.bytes_per_second
    average = round(payload_bytes * 8 / length) if length else 0
    bitrate = found.bytes_per_second * 8 if average and found.bytes_per_second else average
    stream = Stream(length, bitrate, found.rate_hz, found.channels, found.bits)
    tags = _tags(file, at)
    tags.fill_from(before)
    digest = digest_of_payload(file.read_between, header.data_start, header.data_end)
    return Audio(stream, tags, found.codec, digest)


def _tags(file: BoundedFile, at: int) -> NativeTags:
    """The tags; none if mutagen cannot read them."""
    file.seek(at)
    kind: Any = ASF
    try:
        return asf.native_tags(kind(file).tags)
    except Exception:  # noqa: BLE001  # mutagen raises many kinds of errors, see `reader`
        return NativeTags()


class _Header:
    """What the header says of the sound, and where the packets of the sound begin and end."""

    def __init__(self, file: BoundedFile, at: int) -> None:
        self._file = file
        self.format: WaveFormat | None = None
        self.is_film = False
        self.length_s = 0.0
        """As the file states it; 0 if it was written before its end was known."""
        self._packet_bytes = 0
        beginning = file.read_between(at, at + _HEADER_SIZE)
        if len(beginning) < _HEADER_SIZE or not beginning.startswith(SIGNATURE):
            raise ValueError("no complete header")
        end = at + int.from_bytes(beginning[16:24], "little")
        for kind, start, stop in self._objects(at + _HEADER_SIZE, end):
            self._take(kind, start, stop)
        self.data_start, self.data_end = self._data(end)

    def _objects(self, at: int, end: int) -> Iterator[tuple[bytes, int, int]]:
        """The kind, start and end of the contents of each object."""
        for _ in range(MAX_OBJECTS):
            header = self._file.read_between(at, min(at + _OBJECT_SIZE, end))
            size = int.from_bytes(header[16:], "little")
            if len(header) < _OBJECT_SIZE or size < _OBJECT_SIZE:
                return
            yield header[:16], at + _OBJECT_SIZE, min(at + size, end)
            at += size

    def _take(self, kind: bytes, start: int, end: int) -> None:
        if kind == _FILE_PROPERTIES:
            self._take_file_properties(self._contents(start, end))
        elif kind == _STREAM_PROPERTIES:
            self._take_stream_properties(self._contents(start, end))
        elif kind == _EXTENSION:
            for inner, at, stop in self._objects(start + 22, end):
                if inner == _EXTENDED_STREAM:
                    self._take_hidden_stream(self._contents(at, stop))

    def _contents(self, start: int, end: int) -> bytes:
        return self._file.read_between(start, min(end, start + MAX_OBJECT_BYTES))

    def _take_file_properties(self, contents: bytes) -> None:
        if len(contents) < 68:  # noqa: PLR2004
            return
        play_ticks, _, preroll_ms, flags = struct.unpack_from("<QQQI", contents, 40)
        least, most = struct.unpack_from("<II", contents.ljust(76, b"\0"), 68)
        self._packet_bytes = least if least == most else 0
        if not flags & _BROADCAST:
            self.length_s = max(0.0, play_ticks / _TICKS_PER_S - preroll_ms / 1000)

    def _take_stream_properties(self, contents: bytes) -> None:
        if contents[:16] == _VIDEO:
            self.is_film = True
        elif contents[:16] == _AUDIO and self.format is None:
            (length,) = struct.unpack_from("<I", contents[_TYPE_DATA_LENGTH_AT:].ljust(4, b"\0"))
            self.format = parse_format(contents[_TYPE_DATA_AT : _TYPE_DATA_AT + length])

    def _take_hidden_stream(self, contents: bytes) -> None:
        """Streams other than the first may be described in the header's extension only."""
        at = contents.find(_STREAM_PROPERTIES)
        if at != -1:
            self._take_stream_properties(contents[at + _OBJECT_SIZE :])

    def _data(self, at: int) -> tuple[int, int]:
        """Where the packets begin and end; up to the end of the file, if the header of a broadcast
        does not say."""
        header = self._file.read_between(at, at + _DATA_HEADER_SIZE)
        if header[:16] != _DATA:
            return at, at
        size = int.from_bytes(header[16:24], "little")
        end = at + size if size > _DATA_HEADER_SIZE else self._file.size_bytes
        return at + _DATA_HEADER_SIZE, min(end, self._file.size_bytes)

    def end_of_last_packet_s(self) -> float:
        """The time at which the last packet ends; 0 if that cannot be found."""
        whole = (self.data_end - self.data_start) // max(1, self._packet_bytes)
        if not self._packet_bytes or not whole:
            return 0
        at = self.data_start + (whole - 1) * self._packet_bytes
        return _end_of_packet_s(self._file.read_between(at, at + _LONGEST_PACKET_HEADER))


def _end_of_packet_s(packet: bytes) -> float:
    """By the time and the duration in the header of a packet (section 5.2). Before them stand three
    numbers of 0, 1, 2 or 4 bytes, as the flags say."""
    at = 1 + (packet[0] & 0x0F) if packet and packet[0] & 0x80 else 0
    if len(packet) < _LONGEST_PACKET_HEADER:
        return 0
    flags = packet[at]
    sizes = sum((0, 1, 2, 4)[flags >> shift & 3] for shift in (1, 3, 5))
    time_ms: int
    duration_ms: int
    time_ms, duration_ms = struct.unpack_from("<IH", packet, at + 2 + sizes)
    return (time_ms + duration_ms) / 1000
