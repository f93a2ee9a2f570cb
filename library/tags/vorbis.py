"""Vorbis comments ("Ogg Vorbis I format specification: comment field and header specification").

FLAC, Opus and Speex use them too. Bytes that are not UTF-8 become U+FFFD.
"""

import base64
import binascii
import struct
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from mutagen.flac import FLAC, MetadataBlock, StreamInfo, VCFLACDict
from mutagen.flac import Picture as FlacPicture

from library.tags import decoding
from library.tags.bounded_file import BoundedFile
from library.tags.native_tags import FRONT_COVER, NativeTags, Picture, flac_picture
from library.tags.remembering import LONGEST_REMEMBERED, REMEMBERED, remembering_the_last
from library.tags.vocabularies import FREE_NAMES, Values, fields, free_name

PICTURE_BLOCK = 6
_LENGTH = struct.Struct("<I")
_PICTURE_COMMENTS = ("metadatablockpicture", "coverart")


class Flac(FLAC):
    """mutagen's FLAC class, except that it leaves the metadata blocks undecoded, as bytes."""

    METADATA_BLOCKS: list[Any] = [StreamInfo, *[MetadataBlock] * PICTURE_BLOCK]


class FlacOfWrongSizes(FLAC):
    """For files with comments or pictures of more than 16 MiB, the largest size that the header of
    a block can state. mutagen's classes for these blocks use the sizes inside the block instead.
    """

    METADATA_BLOCKS: list[Any] = [
        *(StreamInfo, MetadataBlock, MetadataBlock, MetadataBlock),
        *(VCFLACDict, MetadataBlock, FlacPicture),
    ]


def read_flac(file: BoundedFile) -> tuple[Any, NativeTags]:
    flac: Any = Flac
    try:
        audio = flac(file)
        found = comments(audio.tags.data)[0] if audio.tags is not None else ()
        tags = native_tags(found)
        pictures = [flac_picture(block.data) for block in audio.pictures]
    except Exception:  # noqa: BLE001  # mutagen raises many kinds of errors, see `reader`
        file.seek(0)
        flac = FlacOfWrongSizes
        audio = flac(file)
        tags = native_tags(audio.tags or ())
        pictures = [flac_picture(block.write()) for block in audio.pictures]
    tags.pictures[:0] = [picture for picture in pictures if picture]
    return audio, tags


def comments(data: bytes) -> tuple[list[tuple[str, str]], int]:
    """The names and values in a comment header, without the vendor, and the byte after its end.

    Raises struct.error or ValueError if the header is cut off.
    """
    found: list[tuple[str, str]] = []
    (length,) = _LENGTH.unpack_from(data)
    (count,) = _LENGTH.unpack_from(data, 4 + length)
    at = 8 + length
    for _ in range(count):
        (length,) = _LENGTH.unpack_from(data, at)
        at += 4 + length
        if at > len(data):
            raise ValueError("the comments are cut off")
        comment = data[at - length : at]
        named = _comment(comment) if length <= LONGEST_REMEMBERED else _long_comment(comment)
        if named is not None:
            found.append(named)
    return found, at


def _named(comment: bytes) -> tuple[str, str] | None:
    name, equals, value = decoding.utf8(comment).partition("=")
    return (name, value) if equals else None


_comment = lru_cache(REMEMBERED)(_named)  # short ones
_long_comment = remembering_the_last(_named)  # pictures, mostly


def native_tags(found: Iterable[tuple[str, str]]) -> NativeTags:
    values: Values = {}
    pictures: list[Picture] = []
    for name, value in found:
        free = free_name(name)
        if free in _PICTURE_COMMENTS:
            pictures.extend(_picture(free, value))
        else:
            values.setdefault(free, []).append(value)
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
