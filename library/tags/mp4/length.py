"""How long the sound of an MP4 file is (ISO/IEC 14496-12, sections 8.2 to 8.8)."""

import struct

from library.tags.mp4.boxes import Box, Source, boxes, children, content
from library.tags.mp4.fragments import Fragments

MAX_TABLE_BYTES = 16 * 1024 * 1024
SMALL_TABLE_BYTES = 4 * 1024
_MAX_32_BITS, _MAX_64_BITS = 2**32 - 1, 2**64 - 1
_NORMAL_SPEED = 1 << 16
_LONG = b"\1"
"""The version of a box whose times have 64 bits instead of 32."""


class Length:
    """The length of a track, from the boxes by their names: of the movie, the track, its media, and
    its tables of samples. `sample_rate` replaces a missing number of units in a second.

    `scale`: the units in a second. `fragments`: what follows behind the index, to be added by the
    caller.
    """

    def __init__(
        self,
        source: Source,
        movie: dict[bytes, Box],
        track: dict[bytes, Box],
        media: dict[bytes, Box],
        *,
        tables: dict[bytes, Box],
        sample_rate: int,
    ) -> None:
        self._movie_scale, self._movie_units = _scale_and_length(source, movie.get(b"mvhd"))
        scale, self._stated_units = _scale_and_length(source, media.get(b"mdhd"))
        self.scale = scale or sample_rate or 1
        table = tables.get(b"stts")
        is_small = table is not None and table.end - table.start <= SMALL_TABLE_BYTES
        # A large table takes time, and hardly ever says anything else.
        trusted = self._stated_units if table and not is_small else 0
        self._indexed_units = trusted or _sum_of_samples(source, table)
        self._played_s = _edited_s(source, track, self._movie_scale)
        self._with_fragments_s, default = 0.0, 0
        track_id = _track_id(source, track.get(b"tkhd"))
        if extends := movie.get(b"mvex"):
            total, default = _extended(source, extends, track_id)
            self._with_fragments_s = total / self._movie_scale if self._movie_scale else 0.0
        # If the track's header states more than the index holds, it includes the fragments.
        if not self._with_fragments_s and self._stated_units > self._indexed_units:
            self._with_fragments_s = self._stated_units / self.scale
        self.fragments = Fragments(
            track_id, self.scale, default, are_needed=not self._with_fragments_s
        )

    def seconds(self) -> float:
        """The length in seconds; 0 if nothing says it."""
        if self.fragments.are_there:
            own = self._indexed_units / self.scale + self.fragments.seconds
            length = self._with_fragments_s or own
        else:
            length = self._of_index()
        return length or (self._movie_units / self._movie_scale if self._movie_scale else 0.0)

    def _of_index(self) -> float:
        stated, indexed = self._stated_units, self._indexed_units
        # Other players take the lesser one too. But in 32 bits a long book's length starts anew.
        if not stated or 0 < indexed < stated or indexed > _MAX_32_BITS:
            stated = indexed
        length = stated / self.scale
        return min(length, self._played_s or length)


def _scale_and_length(source: Source, box: Box | None) -> tuple[int, int]:
    """The units in a second, and the length in them, from `mvhd` or `mdhd`; 0 if unknown."""
    data = content(source, box, 32)
    is_long = data[:1] == _LONG
    scale, length = struct.unpack_from(">20xIQ" if is_long else ">12xII", data.ljust(32, b"\0"))
    return scale, 0 if length == (_MAX_64_BITS if is_long else _MAX_32_BITS) else length


def _track_id(source: Source, header: Box | None) -> int:
    data = content(source, header, 24)
    at = 20 if data[:1] == _LONG else 12
    return int.from_bytes(data[at : at + 4], "big")


def _sum_of_samples(source: Source, table: Box | None) -> int:
    """The sum of the lengths in `stts` (section 8.6.1.2): numbers of samples with one length."""
    data = content(source, table, MAX_TABLE_BYTES)
    count = (len(data) - 8) // 8
    if count <= 0:
        return 0
    count = min(count, int.from_bytes(data[4:8], "big"))
    pairs = struct.iter_unpack(">II", data[8 : 8 + 8 * count])
    return sum(samples * length for samples, length in pairs)


def _edited_s(source: Source, track: dict[bytes, Box], movie_scale: int) -> float:
    """The length of what is played of the track's media, in seconds, where an edit list (section
    8.6.6) leaves something out: the silence that encoders add, or what someone cut off. Else 0."""
    data = content(source, children(source, track.get(b"edts")).get(b"elst"), MAX_TABLE_BYTES)
    if not movie_scale or len(data) < 8:  # noqa: PLR2004
        return 0.0
    edit = struct.Struct(">QqI" if data[:1] == _LONG else ">IiI")
    edits = data[8 : len(data) - (len(data) - 8) % edit.size]
    units = 0
    for length, start, speed in edit.iter_unpack(edits):
        if start < 0:  # a pause before the sound
            continue
        if not length or speed != _NORMAL_SPEED:
            return 0.0
        units += length
    return units / movie_scale


def _extended(source: Source, extends: Box, track_id: int) -> tuple[int, int]:
    """The length of the movie with its fragments, in `mehd`, and the default length of a sample of
    this track, in `trex`; 0 if unknown (sections 8.8.2 and 8.8.3)."""
    total = default = 0
    for box in boxes(source, extends.start, extends.end):
        data = content(source, box, 24)
        if box.name == b"mehd":
            is_long = data[:1] == _LONG
            total = int.from_bytes(data[4 : 12 if is_long else 8], "big")
            total = 0 if total == (_MAX_64_BITS if is_long else _MAX_32_BITS) else total
        elif box.name == b"trex" and int.from_bytes(data[4:8], "big") == track_id:
            default = int.from_bytes(data[12:16], "big")
    return total, default
