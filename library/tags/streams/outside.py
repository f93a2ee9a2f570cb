"""Tags that do not belong to a format but stand before or behind a stream of it: ID3v2, APEv2 and
ID3v1 around FLAC and Ogg, as Exact Audio Copy and Grip write them."""

import re
import struct

from library.tags import apev2, id3_values, id3v2
from library.tags.bounded_file import BoundedFile
from library.tags.native_tags import NativeTags
from library.tags.streams.source import Source

MAX_TAGS = 8
SEARCHED_BYTES = 256 * 1024
"""How much junk may stand before a stream, or between a tag and the stream."""
TAIL_BYTES = 16 * 1024
"""How many of a file's last bytes are searched for the header of an ID3v2 tag."""
_ID3V1_SIZE = 128
_ID3_FOOTER = b"3DI"
_ID3 = re.compile(rb"ID3[\x02-\x04]")
_APE_HAS_HEADER = 1 << 31


def find_stream(file: BoundedFile, marker: re.Pattern[bytes]) -> tuple[NativeTags, int | None]:
    """The ID3v2 tags before a stream that begins with `marker`, and where it begins; None if there
    is no stream.

    If a tag states a wrong size, its end lies elsewhere: the last search begins with the file.
    """
    tags, at = NativeTags(), 0
    for _ in range(MAX_TAGS):
        found, end = id3v2.read_id3v2(file, at)
        if found is not None and end <= file.size_bytes:
            tags.fill_from(found)
            at = end
            continue
        data = _read(file, at)
        beginning, tag = marker.search(data), _ID3.search(data, 1)
        if tag is not None and (beginning is None or tag.start() < beginning.start()):
            at += tag.start()
        elif beginning is not None:
            return tags, at + beginning.start()
        else:
            break
    beginning = marker.search(_read(file, 0))
    return tags, beginning.start() if beginning else None


def _read(file: BoundedFile, at: int) -> bytes:
    file.seek(at)
    return file.read(SEARCHED_BYTES)


def tags_behind(file: Source) -> tuple[NativeTags, int]:
    """The tags at the end of a file, and where the first of them begins."""
    tags, end = NativeTags(), file.size
    for _ in range(MAX_TAGS):
        found, start = _last_tag(file, end)
        if found is None:
            break
        # The tag before another one says more: ID3v1, which cuts texts off, comes last.
        found.fill_from(tags)
        tags, end = found, start
    return tags, end


def _last_tag(file: Source, end: int) -> tuple[NativeTags | None, int]:
    """The tag that ends at byte `end`, and its start; None and `end` without one."""
    tail_at = max(0, end - TAIL_BYTES)
    tail = file.read_at_most(tail_at, end - tail_at)
    id3v1 = id3_values.read_id3v1(tail[-_ID3V1_SIZE:])
    if id3v1 is not None:
        return id3v1, end - _ID3V1_SIZE
    if tail[-apev2.FOOTER_SIZE :].startswith(apev2.PREAMBLE):
        return _apev2(file, tail[-apev2.FOOTER_SIZE :], end)
    start = _start_of_id3v2(tail, tail_at, end)
    if start is None:
        return None, end
    header = id3v2.parse_header(file.read_at_most(start, id3v2.HEADER_SIZE))
    if header is None:
        return None, end
    body = file.read_at_most(start + id3v2.HEADER_SIZE, header.size - id3v2.HEADER_SIZE)
    return id3_values.native_tags(id3v2.frames(header, body)), start


def _apev2(file: Source, footer: bytes, end: int) -> tuple[NativeTags | None, int]:
    size, _, flags = struct.unpack_from("<III", footer, 12)
    start = end - size
    if size < apev2.FOOTER_SIZE or start < 0:
        return None, end
    items = apev2.items(file.read_at_most(start, size - apev2.FOOTER_SIZE))
    has_header = bool(flags & _APE_HAS_HEADER)
    return apev2.native_tags(items), start - apev2.FOOTER_SIZE * has_header


def _start_of_id3v2(tail: bytes, tail_at: int, end: int) -> int | None:
    """Where the ID3v2 tag begins that ends at `end`: as its footer says, or a header in `tail`."""
    footer = tail[-id3v2.HEADER_SIZE :]
    if footer.startswith(_ID3_FOOTER):
        header = id3v2.parse_header(b"ID3" + footer[3:])
        if header is not None and header.size + id3v2.HEADER_SIZE <= end:
            return end - header.size - id3v2.HEADER_SIZE
    for found in _ID3.finditer(tail):
        header = id3v2.parse_header(tail[found.start() : found.start() + id3v2.HEADER_SIZE])
        if header is not None and tail_at + found.start() + header.size == end:
            return tail_at + found.start()
    return None
