"""Tags of MP4 files: the items of `moov.udta.meta.ilst` ("QuickTime File Format", section
"Metadata").

mutagen's reader of these items is replaced: it loops endlessly on some broken covers, and gives up
the whole file for one bad item. mutagen's class MP4 lets a subclass name another reader.
"""

import struct
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, BinaryIO

from mutagen.id3 import TCON
from mutagen.mp4 import MP4

from library.tags import decoding
from library.tags.native_tags import FRONT_COVER, NativeTags, Picture
from library.tags.remembering import remembering_short, remembering_the_last
from library.tags.vocabularies import MP4 as TABLE
from library.tags.vocabularies import Values, fields, free_name, names_in

MAX_ITEMS = 1_000
_WANTED = names_in(TABLE)
READ_ITEMS = _WANTED | {"covr", "----"}
_PAIRS = frozenset({"trkn", "disk"})
_INTEGERS = frozenset({"tmpo", "rtng", "\xa9mvi", "\xa9mvc"})
_MAX_INTEGER_BYTES = 8


def native_tags(items: Iterable[tuple[str, bytes]]) -> NativeTags:
    """The tags in these items, given as name and body. Only items in `READ_ITEMS` are used."""
    tags = NativeTags()
    values: Values = {}
    for item, body in items:
        if item == "covr":
            tags.pictures.extend(_pictures(body))
        elif item == "----":
            name, data = _free_form(body)
            values.setdefault(name, []).extend(data)
        elif item in _WANTED:
            values.setdefault(item, []).extend(_value(item, value) for value in _data(body))
    tags.values = fields(TABLE, values)
    return tags


class Items:
    """The reader of tags that the class `Mp4` uses."""

    def __init__(self, atoms: Any, file: BinaryIO) -> None:
        children = atoms.path(b"moov", b"udta", b"meta", b"ilst")[-1].children[:MAX_ITEMS]
        named = ((atom.name.decode("latin-1"), atom) for atom in children)
        self.tags = native_tags(
            (name, atom.read(file)[1]) for name, atom in named if name in READ_ITEMS
        )


class NoChapters:
    """Replaces mutagen's reader of chapters, which fails on bad ones; mus does not use chapters."""

    def __init__(self, atoms: Any, file: BinaryIO) -> None: ...


class Mp4(MP4):
    MP4Tags: Any = Items
    MP4Chapters: Any = NoChapters


def _value(name: str, data: bytes) -> str:
    if name in _PAIRS:
        number, total = struct.unpack_from(">2xHH", data.ljust(6, b"\0"))
        return f"{number}/{total}"
    if name in _INTEGERS:
        return str(int.from_bytes(data, "big")) if len(data) <= _MAX_INTEGER_BYTES else ""
    if name == "cpil":
        return "1" if any(data) else "0"
    if name == "gnre":  # the number of the genre in ID3v1, plus one
        number = int.from_bytes(data[:2], "big") - 1
        return TCON.GENRES[number] if 0 <= number < len(TCON.GENRES) else ""
    return decoding.utf8(data)


@remembering_the_last
def _pictures(body: bytes) -> Sequence[Picture]:
    return [Picture(FRONT_COVER, data) for data in _data(body)]


@remembering_short
def _free_form(body: bytes) -> tuple[str, Sequence[str]]:
    """The name and the values of a free-form item (`----`)."""
    name, values = "", []
    for kind, data in _boxes(body):
        if kind == b"name":
            name = decoding.utf8(data[4:])
        elif kind == b"data":
            values.append(decoding.utf8(data[8:]))
    return f"----:{free_name(name)}", values


def _data(body: bytes) -> list[bytes]:
    """The values of an item, without the type and locale that precede each."""
    return [data[8:] for kind, data in _boxes(body) if kind == b"data"]


def _boxes(body: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = 0
    while at + 8 <= len(body):
        size, kind = struct.unpack_from(">I4s", body, at)
        if size < 8:  # noqa: PLR2004
            return
        yield kind, body[at + 8 : at + size]
        at += size
