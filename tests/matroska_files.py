"""Writes tags into Matroska files for tests, since no library that the tests use can.

The parts are appended to the segment; parts of the same kind become padding. The names of elements
are those of RFC 9559.
"""

from pathlib import Path

SEGMENT, TAGS, ATTACHMENTS, VOID = 0x18538067, 0x1254C367, 0x1941A469, 0xEC
TAG, TARGETS, TARGET_LEVEL, TRACK_ID, CHAPTER_ID = 0x7373, 0x63C0, 0x68CA, 0x63C5, 0x63C4
SIMPLE_TAG, NAME, STRING = 0x67C8, 0x45A3, 0x4487
ATTACHED, FILE_NAME, MEDIA_TYPE, FILE_DATA = 0x61A7, 0x466E, 0x4660, 0x465C
_SIZE_BYTES = 8


def element(identifier: int, *contents: bytes) -> bytes:
    data = b"".join(contents)
    size = (1 << 7 * _SIZE_BYTES | len(data)).to_bytes(_SIZE_BYTES, "big")
    return identifier.to_bytes((identifier.bit_length() + 7) // 8, "big") + size + data


def number(identifier: int, value: int) -> bytes:
    return element(identifier, value.to_bytes(8, "big"))


def simple_tag(name: str, value: str, *inner: bytes) -> bytes:
    return element(
        SIMPLE_TAG, element(NAME, name.encode()), element(STRING, value.encode()), *inner
    )


def tag(*simple_tags: bytes, level: int = 0, track: int = 0, chapter: int = 0) -> bytes:
    targets = ((TARGET_LEVEL, level), (TRACK_ID, track), (CHAPTER_ID, chapter))
    stated = [number(identifier, value) for identifier, value in targets if value]
    return element(TAG, element(TARGETS, *stated), *simple_tags)


def attachment(name: str, media_type: str, data: bytes) -> bytes:
    named = ((FILE_NAME, name.encode()), (MEDIA_TYPE, media_type.encode()), (FILE_DATA, data))
    return element(ATTACHMENTS, element(ATTACHED, *(element(*each) for each in named)))


def add_part(path: Path | str, part: bytes) -> None:
    """Append `part` to the segment, in place of the parts of its kind."""
    data = bytearray(Path(path).read_bytes())
    identifier, at = _number(data, 0, keeps_mark=True)
    size, at = _number(data, at)
    _, segment_at = _number(data, at + size, keeps_mark=True)
    _, start = _number(data, segment_at)
    at = start
    while at < len(data):
        identifier, after = _number(data, at, keeps_mark=True)
        size, after = _number(data, after)
        if identifier == int.from_bytes(part[:4], "big"):
            data[at : after + size] = element(VOID, bytes(after + size - at - 1 - _SIZE_BYTES))
        at = after + size
    data += part
    size_bytes = start - segment_at
    stated = 1 << 7 * size_bytes | (len(data) - start)
    data[segment_at:start] = stated.to_bytes(size_bytes, "big")
    Path(path).write_bytes(data)


def _number(data: bytes | bytearray, at: int, *, keeps_mark: bool = False) -> tuple[int, int]:
    length = 9 - data[at].bit_length()
    value = int.from_bytes(data[at : at + length], "big")
    return value if keeps_mark else value & ((1 << 7 * length) - 1), at + length


class Matroska:
    """Stands in for a file object of mutagen: `tags` by the names of Vorbis comments."""

    def __init__(self, path: Path | str) -> None:
        self.path = path
        self.tags: dict[str, list[str]] = dict(_written.get(str(path), {}))
        self.cover: tuple[str, bytes] | None = None

    def save(self) -> None:
        tags = [simple_tag(name, value) for name, all_ in self.tags.items() for value in all_]
        add_part(self.path, element(TAGS, tag(*tags)))
        _written[str(self.path)] = dict(self.tags)
        if self.cover is not None:
            media_type, data = self.cover
            add_part(self.path, attachment("cover.jpg", media_type, data))


_written: dict[str, dict[str, list[str]]] = {}
"""The tags of each file that was written, so that those which are not named stay."""


def forget_tags(path: Path | str) -> None:
    """The file at `path` is made anew."""
    _written.pop(str(path), None)
