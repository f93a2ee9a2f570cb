"""Pages of Ogg (RFC 3533, section 6), and the packets of a logical stream that lie in them."""

import struct
from typing import NamedTuple

from library.tags.source import Source

CAPTURE = b"OggS"
HEADER_SIZE = 27
MAX_SEGMENTS = 255
FIRST, LAST = 2, 4
"""Flags: the first and the last page of a logical stream."""
MAX_JUNK_BYTES = 64 * 1024
"""How much junk may stand between two pages."""
MAX_CANDIDATES = 16
"""How many places in junk are tried that begin like a page."""
MAX_HEADER_BYTES = 32 * 1024 * 1024
"""The limit for all packets that are read. mus would not show a larger picture."""
MAX_HEADER_PAGES = 20_000
"""How many pages the headers of a stream may take up, pages of other streams included."""

_HEADER = struct.Struct("<4sBBqII4xB")


class Page(NamedTuple):
    """The header of a page, which begins at `at` in the file.

    `position` is the number of samples up to its end, or negative if no packet ends on it.
    `sequence` is its number in the stream. `segments` are the sizes of its segments, a byte each;
    the body lies from `start` to `end` in the file.
    """

    at: int
    flags: int
    position: int
    serial: int
    sequence: int
    segments: bytes
    start: int
    end: int

    def packets(self, segment: int = 0) -> int:
        """How many packets end on this page, from a segment on."""
        return len(self.segments) - segment - self.segments.count(0xFF, segment)


def parse_page(data: bytes, at: int, data_at: int) -> Page | None:
    """The page that begins at `at` in `data`, which begins at `data_at` in the file."""
    if len(data) < at + HEADER_SIZE:
        return None
    capture, version, flags, position, serial, sequence, count = _HEADER.unpack_from(data, at)
    start = at + HEADER_SIZE + count
    segments = data[at + HEADER_SIZE : start]
    if capture != CAPTURE or version or len(segments) != count:
        return None
    start += data_at
    return Page(
        data_at + at, flags, position, serial, sequence, segments, start, start + sum(segments)
    )


def page_from(file: Source, at: int) -> Page | None:
    """The first page that begins at `at` or, after junk, somewhat later; None if there is none, or
    its header is cut off."""
    page = parse_page(file.read_at_most(at, HEADER_SIZE + MAX_SEGMENTS), 0, at)
    return page or _after_junk(file, at)


def _after_junk(file: Source, at: int) -> Page | None:
    data = file.read_at_most(at, MAX_JUNK_BYTES)
    found = 0
    for _ in range(MAX_CANDIDATES):
        found = data.find(CAPTURE, found + 1)
        if found < 0:
            break
        header = file.read_at_most(at + found, HEADER_SIZE + MAX_SEGMENTS)
        page = parse_page(header, 0, at + found)
        if page is not None:
            return page
    return None


class Packets:
    """The packets of the logical stream that begins with `page`, one after another.

    The next packet begins at byte `at`, with the segment of that number of `page`; if the page has
    no further segments, it begins on the next page.
    """

    def __init__(self, file: Source, page: Page, second: Page | None = None) -> None:
        """`second`: the page at which to look for the stream's second page, if it is known."""
        self._file = file
        self._second = second
        self._bytes_left, self._pages_left = MAX_HEADER_BYTES, MAX_HEADER_PAGES
        self._open(page)

    def _open(self, page: Page) -> None:
        self.page, self.at, self.segment = page, page.start, 0

    def next(self, *, is_wanted: bool = True) -> bytes:
        """The next packet; empty if it is not wanted. Raises EOFError if the file ends before."""
        parts: list[bytes] = []
        while True:
            self.turn_page()
            # The last segment of a packet is the first one with less than 255 bytes.
            segments = self.page.segments[self.segment :]
            rest = segments.lstrip(b"\xff")
            full = len(segments) - len(rest)
            size = full * 255 + (rest[0] if rest else 0)
            if is_wanted and size <= self._bytes_left:
                self._bytes_left -= size
                parts.append(self._file.read_at_most(self.at, size))
            self.at += size
            self.segment += full + bool(rest)
            if rest:
                return b"".join(parts)

    def go_to_sound(self) -> None:
        """After the headers: go to the page with the first packet of sound. Raises EOFError if the
        file ends there. If no page follows, but other bytes, the sound lies somewhere in these."""
        try:
            self.turn_page()
        except EOFError:
            self.at = self.page.end
            if self.at >= self._file.size:
                raise

    def turn_page(self) -> None:
        """Go to the page on which the next packet begins."""
        end = self.page.end
        while self.segment == len(self.page.segments):
            page, self._second = self._second or page_from(self._file, end), None
            self._pages_left -= 1
            if page is None or self._pages_left < 0:
                raise EOFError("cut off in the headers")
            if page.serial == self.page.serial:
                self._open(page)
            end = page.end
