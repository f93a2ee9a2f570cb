"""The length of the sound in fragments (ISO/IEC 14496-12, sections 8.8 and 8.16), which programs
write that stream or record: the index, `moov`, says nothing of what comes after it.

The boxes `sidx` state the length of all fragments. Where there are none, the samples in each
fragment's `moof` are added up.
"""

import struct

from library.tags.mp4.boxes import Box, Source, boxes, children, content

MAX_RUN_BYTES = 16 * 1024 * 1024
MAX_SEGMENTS_BYTES = 12 * 0xFFFF
# Flags of `tfhd` (section 8.8.7) and `trun` (section 8.8.8): which fields there are.
_BASE_OFFSET, _DESCRIPTION, _DEFAULT_DURATION = 0x1, 0x2, 0x8
_DATA_OFFSET, _FIRST_FLAGS, _DURATION, _SIZE, _FLAGS, _OFFSET = 0x1, 0x4, 0x100, 0x200, 0x400, 0x800
_TO_ANOTHER_INDEX = 1 << 31


class Fragments:
    """The fragments of the track `track_id`, whose lengths are in units of 1 / `timescale` seconds.

    Samples whose fragment states no length have `default_duration`. `are_needed`: whether anyone
    asks for `seconds`; nothing is read otherwise.
    """

    def __init__(
        self, track_id: int, timescale: int, default_duration: int, *, are_needed: bool
    ) -> None:
        self._track_id, self._timescale = track_id, timescale
        self._default_duration = default_duration
        self._are_needed = are_needed
        self.are_there = False
        self._indexed_s = 0.0
        self._units = 0

    @property
    def seconds(self) -> float:
        return self._indexed_s or self._units / self._timescale

    def add(self, source: Source, box: Box) -> None:
        """Add a box of the top level. To be called in the order of the file."""
        self.are_there = self.are_there or box.name == b"moof"
        if not self._are_needed:
            return
        if box.name == b"sidx":
            self._indexed_s += self._in_index(content(source, box, MAX_SEGMENTS_BYTES))
        elif box.name == b"moof" and not self._indexed_s:
            for each in boxes(source, box.start, box.end):
                if each.name == b"traf":
                    self._units += self._in_fragment(source, each)

    def _in_index(self, data: bytes) -> float:
        """The length that `sidx` states (section 8.16.3). What points to another `sidx` is left
        out, as that follows."""
        at = 28 if data[:1] == b"\1" else 20  # version 1 has numbers of 64 bits
        if len(data) < at + 4:
            return 0.0
        track_id: int
        timescale: int
        track_id, timescale = struct.unpack_from(">4xII", data)
        (count,) = struct.unpack_from(">2xH", data, at)
        at += 4
        count = min(count, (len(data) - at) // 12)
        segments = struct.iter_unpack(">II4x", data[at : at + 12 * count])
        if track_id != self._track_id or not timescale:
            return 0.0
        total: int = sum(units for size, units in segments if not size & _TO_ANOTHER_INDEX)
        return total / timescale

    def _in_fragment(self, source: Source, fragment: Box) -> int:
        header = content(source, children(source, fragment).get(b"tfhd"), 40)
        if len(header) < 8:  # noqa: PLR2004
            return 0
        flags, track_id = struct.unpack_from(">II", header)
        if track_id != self._track_id:
            return 0
        duration = self._default_duration
        if flags & _DEFAULT_DURATION:
            at = 8 + (8 if flags & _BASE_OFFSET else 0) + (4 if flags & _DESCRIPTION else 0)
            duration = int.from_bytes(header[at : at + 4], "big")
        runs = (box for box in boxes(source, fragment.start, fragment.end) if box.name == b"trun")
        return sum(_in_run(content(source, run, MAX_RUN_BYTES), duration) for run in runs)


def _in_run(data: bytes, default_duration: int) -> int:
    """The sum of the samples' lengths in the content of `trun`."""
    if len(data) < 8:  # noqa: PLR2004
        return 0
    flags: int
    count: int
    flags, count = struct.unpack_from(">II", data)
    at = 8 + 4 * (bool(flags & _DATA_OFFSET) + bool(flags & _FIRST_FLAGS))
    fields = sum(bool(flags & each) for each in (_DURATION, _SIZE, _FLAGS, _OFFSET))
    if not flags & _DURATION:
        return count * default_duration
    sample = struct.Struct(f">I{4 * (fields - 1)}x")
    count = min(count, (len(data) - at) // sample.size)
    samples = sample.iter_unpack(data[at : at + max(count, 0) * sample.size])
    return sum(duration for (duration,) in samples)
