"""Lyrics3 tags ("Lyrics3 made easy", "Lyrics3 Tag v2.00"), which stand before ID3v1.

A tag of version 2 may hold the texts that ID3v1 cuts off.
"""

import re
from collections.abc import Callable

from library.tags import decoding
from library.tags.native_tags import NativeTags

BEGIN, END_V1, END_V2 = b"LYRICSBEGIN", b"LYRICSEND", b"LYRICS200"
ENDS = (END_V1, END_V2)
MAX_V1_BYTES = 5_100 + len(BEGIN) + len(END_V1)
MAX_FIELDS = 100

_SIZE_DIGITS = 6
_FIELD = re.compile(rb"([A-Z]{3})([0-9]{5})")
_NAMES = {b"ETT": "title", b"EAR": "artist", b"EAL": "album", b"LYR": "lyrics"}


def size(last: bytes, before: Callable[[int], bytes]) -> int:
    """The size of the tag that ends with the bytes `last`; 0 if they are no end of a tag.

    `before` returns that many of the last bytes.
    """
    if last.endswith(END_V2):
        digits = last[-len(END_V2) - _SIZE_DIGITS : -len(END_V2)]
        if digits.isdigit():
            whole = int(digits) + _SIZE_DIGITS + len(END_V2)
            return whole if before(whole).startswith(BEGIN) else 0
    elif last.endswith(END_V1):
        data = before(MAX_V1_BYTES)
        at = data.rfind(BEGIN)
        return len(data) - at if at >= 0 else 0
    return 0


def native_tags(data: bytes) -> NativeTags:
    """The fields of a tag that mus uses. Version 1 has lyrics alone."""
    if data.endswith(END_V1):
        return NativeTags({"lyrics": [decoding.latin1(data[len(BEGIN) : -len(END_V1)])]})
    values: dict[str, list[str]] = {}
    at = len(BEGIN)
    for _ in range(MAX_FIELDS):
        found = _FIELD.match(data, at)
        if found is None:
            break
        at = found.end() + int(found[2])
        if name := _NAMES.get(found[1]):
            values[name] = [decoding.latin1(data[found.end() : at])]
    return NativeTags(values)
