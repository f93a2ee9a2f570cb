"""The items of tags in MP4 files ("QuickTime File Format", section "Metadata"): name and body.

An item's body consists of boxes `data`, one for each value: a type, a locale, and the value. Free
items (`----`) have a box with their name besides.
"""

import struct
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from mutagen.id3 import TCON

from library.tags import decoding
from library.tags.native_tags import FRONT_COVER, NativeTags, Picture
from library.tags.remembering import (
    LONGEST_REMEMBERED,
    REMEMBERED,
    remembering_short,
    remembering_the_last,
)
from library.tags.vocabularies import MP4 as TABLE
from library.tags.vocabularies import Values, add, fields, free_name, names_in

COVER, FREE = "covr", "----"
_WANTED = names_in(TABLE)
READ_ITEMS = _WANTED | {COVER, FREE}
_PAIRS = frozenset({"trkn", "disk"})
_NUMBERS = frozenset({"tmpo", "rtng", "\xa9mvi", "\xa9mvc", "stik", "shwm"})
"""Items whose values are numbers, even if their type does not say so."""
_NOT_TEXTS = frozenset({"cpil", "gnre"})
"""Items that are never texts, even if their type says so."""
# "QuickTime File Format", "Well-known types".
_UNTYPED, _UTF8, _UTF16, _SIGNED, _UNSIGNED = 0, 1, 2, 21, 22
_INTEGERS = frozenset({_SIGNED, _UNSIGNED})
_HEADER = struct.Struct(">I4s")
_KEYED_COVERS = frozenset({"artwork", "covr", "coverart"})
_APPLE = "com.apple.quicktime."


def native_tags(items: Iterable[tuple[str, bytes]]) -> NativeTags:
    """The tags in these items, given as name and body. Only items in `READ_ITEMS` are used."""
    tags = NativeTags()
    values: Values = {}
    for item, body in items:
        if item == COVER:
            tags.pictures.extend(_pictures(body))
        elif item == FREE:
            add(values, *_free_form(body))
        elif item in _WANTED:
            add(values, item, _remembered(item, body))
    tags.values = fields(TABLE, values)
    return tags


def name_of_key(key: str) -> str:
    """The item for a name in `keys`: that of the free item with the same name, or the cover."""
    name = free_name(key.removeprefix(_APPLE))
    return COVER if name in _KEYED_COVERS else f"{FREE}:{name}"


def quicktime_text(body: bytes) -> str:
    """The first of the texts in a box such as `©nam` directly in `udta`. Each has its length and
    its language in front of it."""
    if body[4:8] == b"data":  # an item as in `ilst`, at the wrong place
        return next(iter(_values("", body)), "")
    size, language = struct.unpack_from(">HH", body.ljust(4, b"\0"))
    text = body[4 : 4 + size]
    if text[:2] in decoding.UTF16_MARKS:
        return decoding.utf16(text)
    try:
        return text.decode("utf-8")
    except UnicodeDecodeError:
        # Lower numbers are the Macintosh's own languages, higher ones those of ISO 639-2.
        return text.decode("mac-roman" if language < 0x400 else "cp1252", "replace")  # noqa: PLR2004


def _remembered(name: str, body: bytes) -> list[str]:
    """The values of an item. Most short ones occur in all files of an album."""
    is_short = len(body) <= LONGEST_REMEMBERED
    return _values_of_short(name, body) if is_short else _values(name, body)


def _values(name: str, body: bytes) -> list[str]:
    if name.startswith("\xa9") and body[4:8] != b"data":
        return [quicktime_text(body)]  # a text of QuickTime, at the wrong place
    return [_value(name, kind, value) for kind, value in _data(body)]


_values_of_short = lru_cache(REMEMBERED)(_values)


def _value(name: str, kind: int, data: bytes) -> str:
    if kind == _UTF8 and name not in _NOT_TEXTS:  # the usual case, done quickly
        return decoding.utf8(data)
    if name in _PAIRS and kind != _UTF8:
        number, total = struct.unpack_from(">2xHH", data.ljust(6, b"\0"))
        return f"{number}/{total}"
    if name == "cpil":
        return "1" if any(data) else "0"
    if name == "gnre":  # the number of the genre in ID3v1, plus one
        number = int.from_bytes(data[:2], "big") - 1
        return TCON.GENRES[number] if 0 <= number < len(TCON.GENRES) else ""
    is_number = kind in _INTEGERS or (kind == _UNTYPED and name in _NUMBERS)
    if is_number and len(data) <= 8:  # noqa: PLR2004
        return str(int.from_bytes(data, "big", signed=kind == _SIGNED))
    return decoding.utf16_be(data) if kind == _UTF16 else decoding.utf8(data)


@remembering_the_last
def _pictures(body: bytes) -> Sequence[Picture]:
    return [
        Picture(FRONT_COVER, data[8:]) for kind, data in _boxes(body, whole=True) if kind == b"data"
    ]


@remembering_short
def _free_form(body: bytes) -> tuple[str, list[str]]:
    """The name and the values of a free-form item (`----`)."""
    item, values = f"{FREE}:", []
    for kind, data in _boxes(body):
        if kind == b"name":
            item = _free_item(data[4:])
        elif kind == b"data":
            values.append(_value("", data[3] if len(data) > 3 else 0, data[8:]))  # noqa: PLR2004
    return item, values


@remembering_short
def _free_item(name: bytes) -> str:
    return f"{FREE}:{free_name(decoding.utf8(name))}"


def _data(body: bytes) -> list[tuple[int, bytes]]:
    """The type and the bytes of each value of an item, without the locale between them."""
    return [
        (int.from_bytes(data[:4], "big"), data[8:])
        for kind, data in _boxes(body)
        if kind == b"data"
    ]


def _boxes(body: bytes, *, whole: bool = False) -> Iterator[tuple[bytes, bytes]]:
    """The boxes in an item by name and content. `whole`: without the last if it is cut off."""
    at = 0
    while at + 8 <= len(body):
        size, kind = _HEADER.unpack_from(body, at)
        if size < 8 or (whole and at + size > len(body)):  # noqa: PLR2004
            return
        yield kind, body[at + 8 : at + size]
        at += size
