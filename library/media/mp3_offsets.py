"""At which byte of an MP3 of constant bit rate the sound of a second begins.

A stream that begins there starts with a whole frame, so any player can play it. Of a variable bit
rate nothing is said: to find the byte, all frames before it would have to be read.
"""

import os

from library.tags.streams.mpeg_frames import HEADER_BYTES, Frame, frame

PROBES = 12
"""At how many places of the file a frame is looked at. If all have the same bit rate, the file's is
taken to be constant, provided that its length agrees."""
LENGTH_TOLERANCE_S = 1.0
_WINDOW_BYTES = 16 * 1024
"""Holds several frames: the longest of layer III has 1,441 bytes."""
_ID3_HEADER_BYTES = 10
_LAYER_III = 3


def byte_at(file: int, size_bytes: int, start_s: float, duration_s: float) -> int | None:
    """The byte of the open `file` at which the sound of second `start_s` begins; None if it is no
    MP3 of constant bit rate, or ends before. Blocks. Raises OSError."""
    begins, first = _first_frame(file)
    if first is None or not 0 <= start_s < duration_s:
        return None
    bytes_per_s = first.bitrate / 8
    is_length_right = abs((size_bytes - begins) / bytes_per_s - duration_s) < LENGTH_TOLERANCE_S
    step = (size_bytes - begins) // PROBES
    probes = (_frame_from(file, begins + number * step)[1] for number in range(1, PROBES))
    if not is_length_right or any(_is_unlike(first, each) for each in probes):
        return None
    at, found = _frame_from(file, begins + int(start_s * bytes_per_s))
    return None if _is_unlike(first, found) else at


def _is_unlike(first: Frame, other: Frame | None) -> bool:
    """Whether a frame has another bit rate. Padding makes frames differ by a byte."""
    return other is None or first._replace(length=0) != other._replace(length=0)


def _first_frame(file: int) -> tuple[int, Frame | None]:
    head = os.pread(file, _ID3_HEADER_BYTES, 0)
    begins = 0
    if head.startswith(b"ID3") and len(head) == _ID3_HEADER_BYTES:
        size = head[6] << 21 | head[7] << 14 | head[8] << 7 | head[9]
        footer_bytes = _ID3_HEADER_BYTES if head[5] & 0x10 else 0
        begins = _ID3_HEADER_BYTES + size + footer_bytes
    return _frame_from(file, begins)


def _frame_from(file: int, start: int) -> tuple[int, Frame | None]:
    """The first frame at or after byte `start`, and where it begins. Two more frames have to follow
    it: the bytes of a header occur by chance as well."""
    data = os.pread(file, _WINDOW_BYTES, start)
    at = data.find(b"\xff")
    while at >= 0:
        found = frame(data[at : at + HEADER_BYTES])
        if found and found.layer == _LAYER_III and found.length and _is_followed(data, at, found):
            return start + at, found
        at = data.find(b"\xff", at + 1)
    return start, None


def _is_followed(data: bytes, at: int, found: Frame) -> bool:
    for _ in range(2):
        at += found.length
        following = frame(data[at : at + HEADER_BYTES])
        if following is None or following.sample_rate != found.sample_rate or not following.length:
            return False
        found = following
    return True
