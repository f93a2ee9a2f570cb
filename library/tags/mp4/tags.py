"""Where MP4 files hold their tags. A field is taken from the first place that has it:

1. `moov.udta.meta.ilst`: the items that iTunes and most taggers write.
2. `moov.meta.ilst`, with their names in `keys`: Apple's and Android's recorders, and ffmpeg.
3. `moov.udta` itself: texts such as QuickTime's `©nam`, and those of phones (3GPP TS 26.244,
   section 8).
4. The same boxes in the track of the sound.
"""

from collections.abc import Iterator

from library.tags import decoding
from library.tags.mp4.boxes import Box, Source, boxes, children, content
from library.tags.mp4.items import READ_ITEMS, name_of_key, native_tags, quicktime_text
from library.tags.native_tags import NativeTags
from library.tags.vocabularies import MP4 as TABLE
from library.tags.vocabularies import Values, fields

MAX_ITEMS = 1_000
MAX_ITEMS_BYTES = 32 * 1024 * 1024
"""Of all items together; what goes beyond is left out. mus would not show a larger picture."""
MAX_KEYS_BYTES = 1024 * 1024
MAX_TEXT_BYTES = 64 * 1024
_FULL_BOX_SIZE = 4
"""The size of a full box's version and flags. `meta` is a full box in MP4, but not in QuickTime."""
_FIRST_IN_META = frozenset({b"hdlr", b"ilst", b"keys"})

_ITEM_NAMES = {name.encode("latin-1"): name for name in READ_ITEMS if len(name) == 4}  # noqa: PLR2004

# The texts of 3GPP, by the items that mean the same.
_PHONE_TEXTS = {
    b"titl": "\xa9nam",
    b"perf": "\xa9ART",
    b"auth": "\xa9ART",
    b"albm": "\xa9alb",
    b"gnre": "\xa9gen",
    b"yrrc": "\xa9day",
}


def tags_of(source: Source, movie: list[Box], track: dict[bytes, Box]) -> NativeTags:
    """The tags in the boxes of `moov`, and in those of the track of the sound."""
    tags: NativeTags | None = None
    for found in _everywhere(source, movie, track):
        if tags is None:
            tags = found
        else:
            tags.fill_from(found)
    return tags or NativeTags()


def _everywhere(source: Source, movie: list[Box], track: dict[bytes, Box]) -> Iterator[NativeTags]:
    for parts in (movie, [*track.values()]):
        user_data = [box for box in parts if box.name == b"udta"]
        in_user_data = [box for each in user_data for box in boxes(source, each.start, each.end)]
        for meta in (*in_user_data, *parts):
            if meta.name == b"meta":
                yield from _in_meta(source, meta)
        if texts := _texts(source, in_user_data):
            yield NativeTags(fields(TABLE, texts))


def _in_meta(source: Source, meta: Box) -> Iterator[NativeTags]:
    start = meta.start
    if meta.end - start < 2 * _FULL_BOX_SIZE:
        return
    if source.read(start + 4, start + 8) not in _FIRST_IN_META:
        start += _FULL_BOX_SIZE
    held = children(source, meta._replace(start=start))
    if items := held.get(b"ilst"):
        keys = _keys(content(source, held.get(b"keys"), MAX_KEYS_BYTES))
        yield native_tags(_items(source, items, keys))


def _items(source: Source, items: Box, keys: list[str]) -> Iterator[tuple[str, bytes]]:
    """The name and the body of each item that is used. With `keys`, a name may be the number of a
    key."""
    names = _ITEM_NAMES
    if keys:
        numbered = {number.to_bytes(4, "big"): key for number, key in enumerate(keys, 1)}
        names = _ITEM_NAMES | {name: key for name, key in numbered.items() if key in READ_ITEMS}
    bytes_left = MAX_ITEMS_BYTES
    for item in boxes(source, items.start, items.end)[:MAX_ITEMS]:
        name, size = names.get(item.name), item.end - item.start
        if name is not None and size <= bytes_left:
            bytes_left -= size
            yield name, source.read(item.start, item.end)


def _keys(data: bytes) -> list[str]:
    """The items that the names in `keys` mean, in their order."""
    found: list[str] = []
    at = 8
    while at + 8 <= len(data) and len(found) < MAX_ITEMS:
        size = int.from_bytes(data[at : at + 4], "big")
        if size < 8:  # noqa: PLR2004
            break
        found.append(name_of_key(decoding.utf8(data[at + 8 : at + size])))
        at += size
    return found


def _texts(source: Source, user_data: list[Box]) -> Values:
    """The texts directly in `udta`, as values of the items that mean the same."""
    values: Values = {}
    for box in user_data[:MAX_ITEMS]:
        name = _ITEM_NAMES.get(box.name, "")
        if name.startswith("\xa9"):
            values.setdefault(name, [quicktime_text(content(source, box, MAX_TEXT_BYTES))])
        elif item := _PHONE_TEXTS.get(box.name):
            values.setdefault(item, [_phone_text(box, content(source, box, MAX_TEXT_BYTES))])
    return values


def _phone_text(box: Box, data: bytes) -> str:
    """A text of 3GPP, which lies behind a version, flags and a language, or the year."""
    if box.name == b"yrrc":
        return str(int.from_bytes(data[4:6], "big"))
    text = data[6:]
    if text[:2] in decoding.UTF16_MARKS:
        return decoding.utf16(text)
    return decoding.utf8(text.partition(b"\0")[0])
