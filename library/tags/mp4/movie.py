"""Reads an MP4 file in one pass, from its beginning to its end.

Sections in comments are those of ISO/IEC 14496-12.

The index, `moov`, may stand before or behind the audio data, `mdat`. A file in fragments has an
index that is nearly empty, and then pairs of `moof` and `mdat`.
"""

import struct

from library.tags.audio import Audio, NoSoundError, Stream
from library.tags.mp4.boxes import Box, Source, boxes, children, content, loaded, top_level_boxes
from library.tags.mp4.length import MAX_TABLE_BYTES, Length
from library.tags.mp4.payload import Payload
from library.tags.mp4.sample_entries import MAX_ENTRY_BYTES, sound_format
from library.tags.mp4.tags import tags_of
from library.tags.native_tags import NativeTags

_MPEG_CODECS = frozenset({"mp1", "mp2", "mp3"})
"""Their description in the index does not say how many channels there are."""
_MONO = 3
_LOWEST_RATE_HZ = 7_350


def read_movie(source: Source, start: int = 0) -> Audio:
    """The audio and the tags of a file whose boxes begin at `start`.

    Raises NoSoundError if it has no track of sound, and ValueError if it cannot be read.
    """
    payload, index = Payload(source), None
    for box in top_level_boxes(source, start):
        is_cut_off = box.end > source.size
        if box.name == b"mdat":
            payload.add(box.start, min(box.end, source.size))
        elif box.name == b"moov" and index is None:
            movie = box._replace(end=source.size) if is_cut_off else box
            index = _Index(loaded(source, movie), movie, is_cut_off=is_cut_off)
        elif index is not None and not is_cut_off:
            index.length.fragments.add(source, box)
    if index is None:
        raise ValueError("its index, the moov atom, is missing")
    stream = index.stream(payload.size)
    if index.format.codec in _MPEG_CODECS:
        channels = _mpeg_channels(source, index.first_chunk())
        stream = stream._replace(channels=channels or stream.channels)
    return Audio(stream, index.tags, index.format.codec, payload.digest())


class _Index:
    """What `moov` says about the first track of sound, and the tags in it.

    If `moov` is cut off, the track has to be whole: the file cannot be played otherwise.
    """

    def __init__(self, source: Source, movie: Box, *, is_cut_off: bool) -> None:
        found = boxes(source, movie.start, movie.end)
        parts = {box.name: box for box in reversed(found)}
        whole = [box for box in found if not is_cut_off or box.end < movie.end]
        tracks = [children(source, box) for box in whole if box.name == b"trak"]
        try:
            track, media = _sound(source, tracks)
        except NoSoundError:
            if is_cut_off:
                raise ValueError("cut off in its index, the moov atom") from None
            raise
        tables = children(source, children(source, media.get(b"minf")).get(b"stbl"))
        descriptions = content(source, tables.get(b"stsd"), MAX_ENTRY_BYTES)
        self.format = sound_format(descriptions)
        rate = self.format.sample_rate
        self.length = Length(source, parts, track, media, tables=tables, sample_rate=rate)
        if not rate and self.length.scale >= _LOWEST_RATE_HZ:
            # Sounds nearly always count their samples.
            self.format = self.format._replace(sample_rate=self.length.scale)
        self.tags: NativeTags = tags_of(source, found, track)
        self._source, self._tables = source, tables
        self._sample_bytes = 0 if len(tracks) == 1 else _sample_bytes(source, tables.get(b"stsz"))

    def stream(self, payload_bytes: int) -> Stream:
        """The description of the sound, whose unknown length or bit rate follows from the other."""
        _, rate, channels, bits, bitrate = self.format
        sound_bits = (self._sample_bytes or payload_bytes) * 8
        seconds = self.length.seconds() or (sound_bits / bitrate if bitrate else 0.0)
        if not seconds:
            bitrate = 0  # the file holds no sound
        elif not bitrate:
            bitrate = int(sound_bits / seconds)
        return Stream(seconds, bitrate, rate, channels, bits)

    def first_chunk(self) -> int:
        """Where the track's first samples lie in the file (section 8.7.5); 0 if unknown."""
        data = content(self._source, self._tables.get(b"stco"), 12)[8:]
        data = data or content(self._source, self._tables.get(b"co64"), 16)[8:]
        return int.from_bytes(data, "big")


def _sound(
    source: Source, tracks: list[dict[bytes, Box]]
) -> tuple[dict[bytes, Box], dict[bytes, Box]]:
    """The boxes of the first track of sound, and those of its media. Raises NoSoundError."""
    for track in tracks:
        media = children(source, track.get(b"mdia"))
        if content(source, media.get(b"hdlr"), 12)[8:12] == b"soun":
            return track, media
    raise NoSoundError


def _sample_bytes(source: Source, sizes: Box | None) -> int:
    """The bytes of all samples of a track, from `stsz` (section 8.7.3)."""
    data = content(source, sizes, MAX_TABLE_BYTES)
    if len(data) < 12:  # noqa: PLR2004
        return 0
    size: int
    count: int
    size, count = struct.unpack_from(">4xII", data)
    if size:
        return size * count
    table = data[12 : len(data) - len(data) % 4]
    return sum(size for (size,) in struct.iter_unpack(">I", table))


def _mpeg_channels(source: Source, start: int) -> int:
    """The channels of MPEG audio, layers I to III, from its first frame at `start`; 0 if there is
    none."""
    frame = source.read_only(start, start + 4) if 0 < start <= source.size - 4 else b""
    if frame[:1] != b"\xff" or frame[1] < 0xE0:  # noqa: PLR2004
        return 0
    return 1 if frame[3] >> 6 == _MONO else 2
