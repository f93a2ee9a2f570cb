"""APEv2 tags ("APEv2 specification", Hydrogenaudio Knowledgebase), at the end of a file. Some are
at its beginning.

mutagen's reader is not used: for a key without an end its time is quadratic in the key's length,
and one bad item makes it give up the whole tag.
"""

import struct
from collections.abc import Iterator

from library.tags import decoding
from library.tags.native_tags import (
    BACK_COVER,
    FILE_ICON,
    FRONT_COVER,
    LEAFLET,
    MEDIA,
    OTHER,
    OTHER_ICON,
    PEOPLE,
    NativeTags,
    Picture,
)
from library.tags.vocabularies import FREE_NAMES, Values, fields, free_name

PREAMBLE = b"APETAGEX"
FOOTER_SIZE = 32
MAX_ITEMS = 1_000
MAX_KEY_LENGTH = 255

MAX_BYTES = 64 * 1024 * 1024
"""Of a larger tag only the beginning is read."""

_TEXT, _BINARY = 0, 1
_KINDS = {
    "other": OTHER,
    "icon": FILE_ICON,
    "other icon": OTHER_ICON,
    "back": BACK_COVER,
    "leaflet": LEAFLET,
    "media": MEDIA,
}
_IS_HEADER = 1 << 29


def size_by_header(data: bytes) -> int:
    """The size of the tag, header and footer included, that begins with `data`; 0 if none does."""
    if len(data) < FOOTER_SIZE or not data.startswith(PREAMBLE):
        return 0
    size, _, flags = struct.unpack_from("<III", data, 12)
    return int(size) + FOOTER_SIZE if flags & _IS_HEADER and size >= FOOTER_SIZE else 0


def size_by_footer(footer: bytes) -> int:
    """The size of the tag without its header; 0 if these bytes are not the footer of a tag."""
    if len(footer) < FOOTER_SIZE or not footer.startswith(PREAMBLE):
        return 0
    (size,) = struct.unpack_from("<I", footer, 12)
    return int(size) if size >= FOOTER_SIZE else 0


def items(data: bytes) -> Iterator[tuple[str, int, bytes]]:
    """The key, kind and value of each item, up to the first that cannot be read."""
    at = 0
    for _ in range(MAX_ITEMS):
        if at + 8 > len(data):
            return
        size, flags = struct.unpack_from("<II", data, at)
        end_of_key = data.find(b"\0", at + 8, at + 8 + MAX_KEY_LENGTH + 1)
        if end_of_key == -1:
            return
        start, at_next = end_of_key + 1, end_of_key + 1 + size
        yield decoding.latin1(data[at + 8 : end_of_key]), flags >> 1 & 3, data[start:at_next]
        at = at_next


def native_tags(found: Iterator[tuple[str, int, bytes]]) -> NativeTags:
    values: Values = {}
    pictures: list[Picture] = []
    for key, kind, value in found:
        if kind == _TEXT:
            values.setdefault(free_name(key), []).extend(decoding.utf8(value).split("\0"))
        elif kind == _BINARY and key.lower().startswith("cover art"):
            _file_name, _, data = value.partition(b"\0")
            pictures.append(Picture(_kind_of_picture(key.lower()), data))
    return NativeTags(fields(FREE_NAMES, values), pictures)


def _kind_of_picture(key: str) -> int:
    """The kind that a key such as `cover art (front)` names."""
    if "front" in key:
        return FRONT_COVER
    name = key.partition("(")[2].rstrip(")")
    return _KINDS.get(name, PEOPLE if name else OTHER)
