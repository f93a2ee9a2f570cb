"""Tags around a stream, whether or not its format has a place for tags: ID3v2 and APEv2 before it;
APEv2, Lyrics3, ID3v2 and ID3v1 behind it, in any order and number.

- ID3v2 at the end of a file: "ID3 tag version 2.4.0 - Main Structure", section 3.4.
- Lyrics3: "Lyrics3 made easy" and "Lyrics3 Tag v2.00".
"""

import re
from collections.abc import Callable

from library.tags import apev2, lyrics3
from library.tags.id3_values import native_tags as native_id3v2
from library.tags.id3_values import read_id3v1
from library.tags.id3v2 import FOOTER_MARK, HEADER_SIZE, frames, parse_header
from library.tags.native_tags import NativeTags
from library.tags.source import Source

MAX_TAGS = 8
"""How many tags are read at each end."""
MAX_HEADERS = 16
"""How many places that look like the header of an ID3v2 tag are tried in the tail."""
ID3V1_SIZE = 128
TAIL_BYTES = 4 * 1024 + 256
"""Read of the end of the file at once: the tags that most files have, and the last window of a
digest."""
MARK_SEARCHED_BYTES = 256 * 1024
"""How far a stream that begins with a mark is searched for, behind a tag or junk."""
SEARCHED_BYTES = 4 * 1024 * 1024
"""How far a stream is searched for behind a tag, or behind the beginning of the file."""

_IN_ID3V1 = ("title", "artist", "album", "date", "genre", "track", "comment")
_BEGINNINGS = (b"ID3", apev2.PREAMBLE)
_TAG = re.compile(rb"ID3[\x02-\x04]|APETAGEX")
_ID3 = b"ID3"
_ENHANCED_MARK, _ENHANCED_SIZE = b"TAG+", 227

Find = Callable[[int], int | None]
"""Where a stream begins, at a byte of the file or behind it; None if there is no stream."""


def finder(source: Source, mark: re.Pattern[bytes]) -> Find:
    """Finds a stream that begins with `mark`."""

    def find(at: int) -> int | None:
        found = mark.search(source.read_at_most(at, MARK_SEARCHED_BYTES))
        return at + found.start() if found else None

    return find


class TagsAround:
    """The tags around the stream of one file.

    Of the end of the file, `tail_bytes` are read at once. An ID3v2 tag behind the stream may lack a
    footer: then it is found only within these bytes.

    Of the same field in several tags, ID3v2 comes first, then APEv2, which often adds ReplayGain,
    then Lyrics3. ID3v1 comes last, because it cuts texts off.
    """

    def __init__(self, source: Source, tail_bytes: int = TAIL_BYTES) -> None:
        self._source = source
        self._tail_bytes = tail_bytes
        self._id3v2: list[NativeTags] = []
        self._apev2: list[NativeTags] = []
        self._lyrics3: list[NativeTags] = []
        self._id3v1: list[bytes] = []
        self._tail_at, self._tail = source.size, b""

    def start_of_stream(self, find: Find) -> int | None:
        """Where the stream begins, after tags and junk; None if there is no stream.

        Junk may also lie before a tag. If nothing is behind the tags, one of them states a greater
        length than it has: then the stream is searched for inside.
        """
        at = 0
        for _ in range(MAX_TAGS):
            at = self._read_before(at)
            found = find(at)
            if found == at:
                return at
            searched = self._source.size if found is None else found
            junk = self._source.read_at_most(at, min(searched - at, SEARCHED_BYTES))
            tag = _TAG.search(junk, 1)
            if tag is None:
                return found if found is not None or not at else find(HEADER_SIZE)
            at += tag.start()
        return find(at)

    def end_of_stream(self) -> int:
        """Where the stream ends, and the tags behind it begin."""
        size = self._source.size
        self._tail_at = max(0, size - self._tail_bytes)
        self._tail = self._source.read_at_most(self._tail_at, size - self._tail_at)
        for _ in range(MAX_TAGS):
            start = self._read_last(size)
            if start >= size:
                break
            size = max(0, start)
        return size

    def merged(self) -> NativeTags:
        first, *others = [*self._id3v2, *self._apev2, *self._lyrics3] or [NativeTags()]
        for other in others:
            first.fill_from(other)
        if self._id3v1 and not first.says(_IN_ID3V1):
            for data in self._id3v1:
                if (id3v1 := read_id3v1(data)) is not None:
                    first.fill_from(id3v1)
        return first

    def _read_before(self, at: int) -> int:
        """Read the tags that follow each other from byte `at` on. Returns the end of the last."""
        for _ in range(MAX_TAGS):
            head = self._source.read_at_most(at, apev2.FOOTER_SIZE)
            if not head.startswith(_BEGINNINGS):
                break
            if (header := parse_header(head[:HEADER_SIZE])) is not None:
                data = self._source.read_at_most(at + HEADER_SIZE, header.size - HEADER_SIZE)
                self._id3v2.append(native_id3v2(frames(header, data)))
                at += header.size
            elif size := apev2.size_by_header(head):
                self._apev2.append(self._apev2_items(at + apev2.FOOTER_SIZE, at + size))
                at += size
            else:
                break
        return at

    def _apev2_items(self, start: int, end: int) -> NativeTags:
        size = min(end - start - apev2.FOOTER_SIZE, apev2.MAX_BYTES)
        return apev2.native_tags(apev2.items(self._source.read_at_most(start, size)))

    def _read_last(self, end: int) -> int:
        """Read the tag that ends at byte `end`. Returns its start; `end` if there is none."""
        last = self._before(end, ID3V1_SIZE + 3)
        if last[-ID3V1_SIZE:].startswith(b"TAG") and not last.startswith(apev2.PREAMBLE[:6]):
            self._id3v1.append(last[-ID3V1_SIZE:])
            start = end - ID3V1_SIZE
            has_more = self._before(start, _ENHANCED_SIZE).startswith(_ENHANCED_MARK)
            return start - _ENHANCED_SIZE if has_more else start
        if last[-apev2.FOOTER_SIZE :].startswith(apev2.PREAMBLE):
            return self._read_last_apev2(last[-apev2.FOOTER_SIZE :], end)
        if last.endswith(lyrics3.ENDS):
            return self._read_last_lyrics3(last, end)
        if last[-HEADER_SIZE:].startswith(FOOTER_MARK):
            return self._read_last_id3v2(last[-HEADER_SIZE:], end)
        return self._read_last_without_footer(end)

    def _read_last_apev2(self, footer: bytes, end: int) -> int:
        size = apev2.size_by_footer(footer)
        start = end - size
        if not size or start < 0:
            return end
        # Whether a header stands before the items, and counts, is often stated wrongly.
        if self._source.read_at_most(start, len(apev2.PREAMBLE)) == apev2.PREAMBLE:
            self._apev2.append(self._apev2_items(start + apev2.FOOTER_SIZE, end))
            return start
        self._apev2.append(self._apev2_items(start, end))
        before = start - apev2.FOOTER_SIZE
        has_header = before >= 0 and self._source.read_at_most(before, 8) == apev2.PREAMBLE
        return before if has_header else start

    def _read_last_lyrics3(self, last: bytes, end: int) -> int:
        size = lyrics3.size(last, lambda count: self._before(end, count))
        if size:
            self._lyrics3.append(lyrics3.native_tags(self._before(end, size)))
        return end - size

    def _read_last_id3v2(self, footer: bytes, end: int) -> int:
        header = parse_header(b"ID3" + footer[len(FOOTER_MARK) :])
        if header is None or header.size > end:
            return end
        start = end - header.size
        data = self._source.read_at_most(start + HEADER_SIZE, header.size - 2 * HEADER_SIZE)
        self._id3v2.append(native_id3v2(frames(header, data)))
        return start

    def _read_last_without_footer(self, end: int) -> int:
        """Read the ID3v2 tag whose header, in the tail, says that it ends at byte `end`."""
        at = self._tail.rfind(_ID3, 0, max(0, end - self._tail_at))
        for _ in range(MAX_HEADERS):
            if at < 0:
                break
            header = parse_header(self._tail[at : at + HEADER_SIZE])
            if header is not None and self._tail_at + at + header.size == end:
                data = self._tail[at + HEADER_SIZE : end - self._tail_at]
                self._id3v2.append(native_id3v2(frames(header, data)))
                return self._tail_at + at
            at = self._tail.rfind(_ID3, 0, at)
        return end

    def _before(self, end: int, count: int) -> bytes:
        """The last bytes before byte `end`."""
        start = max(0, end - count)
        if start >= self._tail_at:
            return self._tail[start - self._tail_at : end - self._tail_at]
        return self._source.read_at_most(start, end - start)
