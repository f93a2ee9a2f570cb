"""Headers of FLAC frames (RFC 9639, section 9.1), for files whose metadata leaves something out."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from library.tags.source import Source

SEARCHED_BYTES = 4 * 1024 * 1024
"""How far the first frame may lie behind the place where it should be."""
TAIL_SIZES = (64 * 1024, 1024 * 1024)
"""How many of a file's last bytes are searched for the last frame. Most frames have 2 to 60 KiB."""
LONGEST_HEADER = 16
MAX_CANDIDATES = 20_000
"""How many places that look like a frame are tried: in sound, one in 32 KiB does."""

_SYNC = re.compile(rb"\xff[\xf8\xf9]")
_STEP = 1024 * 1024
# Sections 9.1.1 to 9.1.4, by the code in the header; 0 for codes without a fixed value.
_BLOCK_SIZES = (0, 192, *(144 << n for n in range(2, 6)), 0, 0, *(1 << n for n in range(8, 16)))
_RATES_HZ = (
    *(0, 88_200, 176_400, 192_000, 8_000, 16_000, 22_050, 24_000),
    *(32_000, 44_100, 48_000, 96_000, 0, 0, 0, 0),
)
_CHANNELS = (1, 2, 3, 4, 5, 6, 7, 8, 2, 2, 2)
_BITS = (0, 8, 12, 0, 16, 20, 24, 32)
_RESERVED_BITS_CODE, _INVALID_RATE_CODE = 3, 15
_SIZE_BYTES = {6: 1, 7: 2}
_RATE_BYTES = {12: (1, 1000), 13: (2, 1), 14: (2, 10)}


class Frame(NamedTuple):
    """A frame header. `number` counts samples if the block size is variable, else frames.
    `sample_rate` and `bits_per_sample` are 0 if only STREAMINFO states them."""

    is_variable: bool
    channels: int
    sample_rate: int
    bits_per_sample: int
    block_size: int
    number: int

    @property
    def kind(self) -> tuple[bool, int, int, int]:
        """What is equal for all frames of an ordinary file."""
        return self[:4]


def find_frame(file: Source, start: int) -> tuple[Frame, int] | None:
    """The first frame from `start` on that another one of its kind follows, and where it lies."""
    first: dict[tuple[bool, int, int, int], tuple[Frame, int]] = {}
    for frame, at in _frames(file, start, min(file.size, start + SEARCHED_BYTES)):
        found = first.setdefault(frame.kind, (frame, at))
        if frame.number > found[0].number:
            return found
    return next((found for found in first.values() if found[1] == start), None)


def count_samples(file: Source, sound_at: int) -> int:
    """The number of samples from the first frame at `sound_at` to the last one; 0 if unknown."""
    first = parse_frame(file.read_at_most(sound_at, LONGEST_HEADER), 0)
    if first is None:
        return 0
    for size in TAIL_SIZES:
        start = max(sound_at, file.size - size)
        last = _last_frame([frame for frame, _ in _frames(file, start, file.size)], first)
        if last is not None:
            unit = 1 if first.is_variable else first.block_size
            return (last.number - first.number) * unit + last.block_size
    return 0


def _last_frame(frames: list[Frame], first: Frame) -> Frame | None:
    """The last of the frames that is no mistake: the one before has the number before, or it is of
    the same kind as the first frame of the file (in rare files, the kind changes on the way)."""
    for before, frame in zip(frames[-2::-1], frames[:0:-1], strict=False):
        step = before.block_size if first.is_variable else 1
        if frame.number == before.number + step and frame.is_variable == first.is_variable:
            return frame
    alike = [each for each in frames if each.kind == first.kind and each.number >= first.number]
    return alike[-1] if alike else None


def _frames(file: Source, start: int, end: int) -> Iterator[tuple[Frame, int]]:
    candidates_left = MAX_CANDIDATES
    for at in range(start, end, _STEP):
        data = file.read_at_most(at, min(_STEP, end - at) + LONGEST_HEADER)
        for found in _SYNC.finditer(data, 0, _STEP + 1):
            candidates_left -= 1
            if candidates_left < 0:
                return
            frame = parse_frame(data, found.start())
            if frame is not None:
                yield frame, at + found.start()


def parse_frame(data: bytes, at: int) -> Frame | None:
    """The frame header at `at`; None if there is none, or its checksum is wrong."""
    head = data[at : at + LONGEST_HEADER]
    if len(head) < 6 or head[0] != 0xFF or head[1] & 0xFE != 0xF8:  # noqa: PLR2004
        return None
    size_code, rate_code, channels, bits = head[2] >> 4, head[2] & 15, head[3] >> 4, head[3] & 15
    if not size_code or rate_code == _INVALID_RATE_CODE or channels >= len(_CHANNELS) or bits & 1:
        return None
    number, after = _coded_number(head)
    block_size, rate_hz = _BLOCK_SIZES[size_code], _RATES_HZ[rate_code]
    if width := _SIZE_BYTES.get(size_code):
        block_size = int.from_bytes(head[after : after + width], "big") + 1
        after += width
    if rate_code in _RATE_BYTES:
        width, unit_hz = _RATE_BYTES[rate_code]
        rate_hz = int.from_bytes(head[after : after + width], "big") * unit_hz
        after += width
    is_whole = number is not None and after < len(head) and _crc8(head[:after]) == head[after]
    if number is None or not is_whole or bits >> 1 == _RESERVED_BITS_CODE:
        return None
    is_variable = bool(head[1] & 1)
    return Frame(is_variable, _CHANNELS[channels], rate_hz, _BITS[bits >> 1], block_size, number)


def _coded_number(head: bytes) -> tuple[int | None, int]:
    """The number from byte 4 on, coded as UTF-8 codes characters but with up to seven bytes, and
    the byte after it (section 9.1.5)."""
    first = head[4]
    if first < 0x80:  # noqa: PLR2004
        return first, 5
    length = 8 - (first ^ 0xFF).bit_length()
    following = head[5 : 4 + length]
    if not 2 <= length <= 7 or any(byte >> 6 != 0b10 for byte in following):  # noqa: PLR2004
        return None, 5
    number = first & (0x7F >> length)
    for byte in following:
        number = number << 6 | byte & 0x3F
    return number, 4 + length


def _crc8(data: bytes) -> int:
    """Section 9.1.8: the polynomial x^8 + x^2 + x + 1, beginning with 0."""
    found = 0
    for byte in data:
        found ^= byte
        for _ in range(8):
            found = (found << 1 ^ 0x07 if found & 0x80 else found << 1) & 0xFF
    return found
