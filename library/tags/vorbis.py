"""Vorbis comments ("Ogg Vorbis I format specification: comment field and header specification").

FLAC, Opus and Speex use them too. Bytes that are not UTF-8 become U+FFFD.
"""

import base64
import binascii
import struct
from collections.abc import Iterable
from functools import lru_cache

from library.tags import decoding
from library.tags.native_tags import FRONT_COVER, NativeTags, Picture, flac_picture
from library.tags.remembering import LONGEST_REMEMBERED, REMEMBERED, remembering_the_last
from library.tags.vocabularies import FREE_NAMES, Values, fields, free_name

MAX_COMMENTS = 100_000
_LENGTH = struct.Struct("<I")
_PICTURE_COMMENTS = ("metadatablockpicture", "coverart")


def comments(data: bytes, at: int = 0) -> tuple[list[tuple[str, str]], int | None]:
    """The comments in a header that begins at `at`, without the vendor, and the byte after its end.
    Each is a name, spelled as by `free_name`, and a value.

    If a length or the number of comments is wrong, there is no end (None), and the comments before
    that are returned: nothing after it could be read.
    """
    found: list[tuple[str, str]] = []
    unpack = _LENGTH.unpack_from
    try:
        (length,) = unpack(data, at)
        (count,) = unpack(data, at + 4 + length)
        at += 8 + length
        for _ in range(min(count, MAX_COMMENTS)):
            (length,) = unpack(data, at)
            at += 4 + length
            if at > len(data):
                return found, None
            comment = data[at - length : at]
            named = _comment(comment) if length <= LONGEST_REMEMBERED else _long_comment(comment)
            if named is not None:
                found.append(named)
    except struct.error:
        return found, None
    return found, at


def _named(comment: bytes) -> tuple[str, str] | None:
    name, equals, value = decoding.utf8(comment).partition("=")
    return (free_name(name), value) if equals else None


_comment = lru_cache(REMEMBERED)(_named)  # short ones
_long_comment = remembering_the_last(_named)  # pictures, mostly


def native_tags(found: Iterable[tuple[str, str]]) -> NativeTags:
    """The tags in these `comments`."""
    values: Values = {}
    pictures: list[Picture] = []
    for name, value in found:
        if name in values:
            values[name].append(value)
        elif name in _PICTURE_COMMENTS:
            pictures.extend(_picture(name, value))
        else:
            values[name] = [value]
    return NativeTags(fields(FREE_NAMES, values), pictures)


def _picture(name: str, value: str) -> Iterable[Picture]:
    """The picture in a comment, as described on the page "VorbisComment" of the Xiph wiki. COVERART
    is the older form."""
    try:
        data = _from_base64(value)
    except (binascii.Error, ValueError):
        return
    picture = Picture(FRONT_COVER, data) if name == "coverart" else flac_picture(data)
    if picture is not None:
        yield picture


@remembering_the_last
def _from_base64(value: str) -> bytes:
    return base64.b64decode(value)
