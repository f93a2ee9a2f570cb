"""MP4 (ISO/IEC 14496-12): boxes in boxes (section 4.2), of which only those in `moov` are read.

- In `trak.mdia` the length (8.4.2), the kind of the track (8.4.3) and the sample entry (8.5.2),
  which mutagen decodes, each of its values once.
- In `udta.meta.ilst` the tags, as iTunes writes them: see `library.tags.mp4`.
"""

import io
import struct
from functools import lru_cache
from typing import Any, NamedTuple

from library.tags import mp4
from library.tags.audio import Audio, Stream
from library.tags.native_tags import NativeTags
from library.tags.ordinary.open_file import NeedsFullReader, OpenFile
from library.tags.remembering import LONGEST_REMEMBERED, sharing_the_last
from library.tags.streams.mp4 import mp4_codec

_HEADER = struct.Struct(">I4s")
_HEADER_SIZE = 8
# The boxes that mutagen parses as containers. A file in which one of these is damaged is left to
# the full reader, so that both readers agree.
_CONTAINERS = frozenset(
    {*(b"moov", b"udta", b"trak", b"mdia", b"meta", b"ilst"), b"stbl", b"minf", b"moof", b"traf"}
)
_picture_in = sharing_the_last()
_FULL_BOX_SIZE = 4
"""The size of a full box's version and flags (section 4.2); in the full box `meta` boxes follow."""


class Box(NamedTuple):
    """A box. Its content lies from `start` to `end`; `boxes` are the boxes in a container."""

    name: bytes
    start: int
    end: int
    boxes: "list[Box]"

    def inside(self, *path: bytes) -> "Box":
        """Follow a path of names through nested boxes; of several with a name, the first counts.

        Raises NeedsFullReader if there is none.
        """
        box: Box | None = self
        for name in path:
            box = next((each for each in box.boxes if each.name == name), None) if box else None
        if box is None:
            raise NeedsFullReader
        return box


def read_mp4(file: OpenFile) -> Audio:
    if file.head[4:8] != b"ftyp":
        raise NeedsFullReader
    data = _movie(file)
    movie = Box(b"moov", 0, len(data), _boxes(data, 0, len(data)))
    media = _sound(data, movie)
    header, entry = media.inside(b"mdhd"), media.inside(b"minf", b"stbl", b"stsd")
    info = _decode_sample_entry(data[entry.start : entry.end])
    length = _length(data[header.start : header.end])
    stream = Stream(length, info.bitrate, info.sample_rate, info.channels, info.bits_per_sample)
    return Audio(stream, _tags(data, movie), mp4_codec(info.codec))


def _movie(file: OpenFile) -> bytes:
    """The content of the box `moov`, which may lie before or after the audio data."""
    found = None
    at = 0
    while at + _HEADER_SIZE <= file.size:
        size, name = _HEADER.unpack(file.read(at, at + _HEADER_SIZE))
        start = at + _HEADER_SIZE
        if size == 1:
            start += 8
            size = int.from_bytes(file.read(start - 8, start), "big")
        at += size
        if at < start or at > file.size or ((found or name != b"moov") and name in _CONTAINERS):
            raise NeedsFullReader
        if name == b"moov":
            found = (start, at)
    if found is None:
        raise NeedsFullReader
    return file.read(*found)


def _boxes(data: bytes, at: int, end: int) -> list[Box]:
    boxes = []
    while at < end:
        size, name = _HEADER.unpack_from(data, at)
        start, at = at + _HEADER_SIZE, at + size
        if at < start or at > end:
            raise NeedsFullReader
        within = start + _FULL_BOX_SIZE if name == b"meta" else start
        boxes.append(Box(name, start, at, _boxes(data, within, at) if name in _CONTAINERS else []))
    return boxes


def _sound(data: bytes, movie: Box) -> Box:
    """The box `mdia` of the first track whose handler is "soun"."""
    for track in movie.boxes:
        if track.name == b"trak":
            media = track.inside(b"mdia")
            handler = media.inside(b"hdlr")
            if data[handler.start + 8 : min(handler.start + 12, handler.end)] == b"soun":
                return media
    raise NeedsFullReader


def _length(media_header: bytes) -> float:
    version = media_header[0]
    if version > 1:
        raise NeedsFullReader
    unit, length = (
        struct.unpack_from(">IQ", media_header, 20)
        if version
        else struct.unpack_from(">II", media_header, 12)
    )
    return length / unit if unit else 0


@lru_cache(maxsize=256)
def _decode_sample_entry(sample_descriptions: bytes) -> Any:
    """Have mutagen decode the sample entry: it is given a file with a single track, made up around
    `sample_descriptions`."""
    described = _box(b"minf", _box(b"stbl", _box(b"stsd", sample_descriptions)))
    media = _box(b"hdlr", bytes(8) + b"soun") + _box(b"mdhd", bytes(24)) + described
    kind: Any = mp4.Mp4
    info = kind(io.BytesIO(_box(b"moov", _box(b"trak", _box(b"mdia", media))))).info
    if not info.codec:
        raise NeedsFullReader
    return info


def _box(name: bytes, body: bytes) -> bytes:
    return _HEADER.pack(_HEADER_SIZE + len(body), name) + body


def _tags(data: bytes, movie: Box) -> NativeTags:
    try:
        items = movie.inside(b"udta", b"meta", b"ilst").boxes[: mp4.MAX_ITEMS]
    except NeedsFullReader:
        return NativeTags()
    return mp4.native_tags(
        (item.name.decode("latin-1"), _body(data, item.start, item.end)) for item in items
    )


def _body(data: bytes, start: int, end: int) -> bytes:
    return data[start:end] if end - start <= LONGEST_REMEMBERED else _picture_in(data, start, end)
