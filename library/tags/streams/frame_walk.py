"""Streams of frames that each state their own length: where such a stream begins, and how many
frames it has.

All work is bounded: junk is searched for a limited number of bytes, and of a large file only parts
are read.
"""

import re
from collections.abc import Callable
from typing import NamedTuple

from library.tags.ends import SEARCHED_BYTES
from library.tags.source import Source

FRAMES_IN_A_ROW = 4
"""So many frames alike are no accident. Random data may look like one of them."""
CHUNK_BYTES = 256 * 1024
MAX_CANDIDATES = 20_000
WALKED_BYTES = 64 * 1024 * 1024
"""A stream up to this size is read whole where its frames have to be counted."""
PARTS, PART_BYTES = 1_024, 16 * 1024
"""Of a larger stream, so many parts of this size are read."""

LengthAt = Callable[[bytes, int], int]
"""The length of the frame whose header stands at an index of the data; 0 if none does."""


class Kind(NamedTuple):
    """Frames of one kind. `sync` finds the bytes that may be a header. `length_at` gives the length
    of any frame; `alike` returns a function that does so for frames like the one at an index.
    `longest` is the greatest length, in bytes."""

    sync: re.Pattern[bytes]
    header_bytes: int
    length_at: LengthAt
    alike: Callable[[bytes, int], LengthAt]
    longest: int


def in_a_row(data: bytes, at: int, kind: Kind, *, is_end: bool) -> int:
    """How many frames alike follow each other from index `at`, FRAMES_IN_A_ROW at most.

    With `is_end` the data are the end of the stream: a frame that ends there has no successor, and
    counts for all that would be missing.
    """
    length = kind.length_at(data, at)
    if not length:
        return 0
    length_at = kind.alike(data, at)
    for count in range(1, FRAMES_IN_A_ROW):
        at += length
        if is_end and at == len(data):
            return FRAMES_IN_A_ROW
        length = length_at(data, at)
        if not length:
            return count
    return FRAMES_IN_A_ROW


def find(
    source: Source, at: int, kind: Kind, is_first: Callable[[bytes, int], bool] | None = None
) -> int | None:
    """Where the first frame stands, at byte `at` or behind it; None if there is no stream.

    At byte `at` itself two frames in a row are enough. `is_first` recognises a frame that stands
    only at the beginning of a stream, so that it needs no others behind.
    """
    candidates, end = 0, min(source.size, at + SEARCHED_BYTES)
    first = at
    while at < end:
        data = source.read_at_most(at, CHUNK_BYTES + FRAMES_IN_A_ROW * kind.longest)
        is_end = at + len(data) >= source.size
        for match in kind.sync.finditer(data):
            index = match.start()
            if index >= CHUNK_BYTES:
                break
            candidates += 1
            if candidates > MAX_CANDIDATES:
                return None
            needed = 2 if at + index == first else FRAMES_IN_A_ROW
            count = in_a_row(data, index, kind, is_end=is_end)
            if count >= needed or (count and is_first and is_first(data, index)):
                return at + index
        at += CHUNK_BYTES
    return None


class Count(NamedTuple):
    """How many frames were counted, and in how many bytes of the stream."""

    frames: int
    walked_bytes: int


def count_frames(source: Source, start: int, end: int, kind: Kind, length_at: LengthAt) -> Count:
    """Count the frames between two bytes of the file: all of them, or those in evenly spread parts
    of a large stream. Junk between frames is skipped."""
    walk = _Walk(kind, length_at)
    if end - start <= WALKED_BYTES:
        at = start
        while at < end and walk.candidates <= MAX_CANDIDATES:
            data = source.read_only(at, min(at + CHUNK_BYTES, end))
            if not data:
                break
            at += walk.count(data, 0, is_end=at + len(data) >= end)
        return Count(walk.frames, min(at, end) - start)
    walked_bytes = 0
    step = (end - start - PART_BYTES) // (PARTS - 1)
    for at in range(start, end - PART_BYTES + 1, step):
        data = source.read_only(at, at + PART_BYTES)
        first = walk.synced(data, 0, is_end=False)
        walked = min(walk.count(data, first, is_end=False), len(data))
        # Before the first header lies the rest of a frame, or junk, which counts.
        walked_bytes += walked - (first if first <= kind.longest else 0)
        if walk.candidates > MAX_CANDIDATES:
            break
    return Count(walk.frames, walked_bytes)


class _Walk:
    """Counts the frames of one stream in any number of parts of it. `candidates` counts the places
    that turned out to be no frames."""

    def __init__(self, kind: Kind, length_at: LengthAt) -> None:
        self.frames, self.candidates = 0, 0
        self._kind, self._length_at = kind, length_at

    def count(self, data: bytes, at: int, *, is_end: bool) -> int:
        """Count the frames from index `at` on. Returns the index at which the next frame stands,
        which may lie behind the data."""
        length_at, frames = self._length_at, 0
        last = len(data) - self._kind.header_bytes
        while at <= last:
            length = length_at(data, at)
            if length:
                frames += 1
                at += length
            else:
                at = self.synced(data, at + 1, is_end=is_end)
        self.frames += frames
        return len(data) if is_end else at

    def synced(self, data: bytes, at: int, *, is_end: bool) -> int:
        """The first index from `at` on at which two frames in a row stand. The second one may lie
        behind the data, unless these are the end of the stream."""
        for match in self._kind.sync.finditer(data, at):
            index = match.start()
            if length := self._length_at(data, index):
                following = index + length
                is_inside = following + self._kind.header_bytes <= len(data)
                if self._length_at(data, following) if is_inside else not is_end:
                    return index
            self.candidates += 1
            if self.candidates > MAX_CANDIDATES:
                break
        # A header may begin with the last bytes.
        return len(data) if is_end else max(at, len(data) - self._kind.header_bytes + 1)
