"""Pictures of Matroska files: attached files (RFC 9559, section 5.1.6), and tracks of one frame,
which FFmpeg makes of the covers of other formats."""

from collections.abc import Iterator

from library.tags.bounded_file import BoundedFile
from library.tags.native_tags import FRONT_COVER, OTHER, OTHER_ICON, Picture
from library.tags.streams.ebml import Element, element_at, text
from library.tags.streams.matroska_parts import (
    ATTACHMENTS,
    BLOCK,
    BLOCK_GROUP,
    SIMPLE_BLOCK,
    Parts,
)

MAX_PICTURE_BYTES = 32 * 1024 * 1024
"""Of all pictures together. mus does not show a larger one."""
MAX_NAME_BYTES = 1024
MAX_INSIDE = 100
"""How many files, or blocks, are looked at."""
_FILE_NAME, _MEDIA_TYPE, _FILE_DATA = 0x466E, 0x4660, 0x465C
_KINDS = {"cover": FRONT_COVER, "small_cover": OTHER_ICON, "small_cover_land": OTHER_ICON}
"""By the names that the standard gives to pictures."""
_BLOCK_HEADER_SIZE = 4
"""The number of a track, in one byte, the time, and the flags."""


def attached_pictures(file: BoundedFile, parts: Parts) -> Iterator[Picture]:
    """The attached pictures."""
    bytes_left = MAX_PICTURE_BYTES
    for part in parts.all(ATTACHMENTS):
        for attached in _inside(file, part):
            named = {each.identifier: each for each in _inside(file, attached)}
            data = named.get(_FILE_DATA)
            if data is None or not _text_of(file, named.get(_MEDIA_TYPE)).startswith("image/"):
                continue
            bytes_left -= data.end - data.at
            if bytes_left < 0:
                return
            name = _text_of(file, named.get(_FILE_NAME)).partition(".")[0]
            yield Picture(_KINDS.get(name, OTHER), file.read_between(data.at, data.end))


def _inside(file: BoundedFile, element: Element) -> Iterator[Element]:
    at = element.at
    for _ in range(MAX_INSIDE):
        inner = element_at(file, at, element.end)
        if inner is None:
            return
        yield inner
        at = inner.end


def _text_of(file: BoundedFile, element: Element | None) -> str:
    if element is None:
        return ""
    data = file.read_between(element.at, min(element.end, element.at + MAX_NAME_BYTES))
    return text(data).lower()


def picture_of_track(file: BoundedFile, parts: Parts, track: int) -> Picture | None:
    """The first frame of a track, which is looked for in the first cluster."""
    cluster = element_at(file, parts.sound_start, parts.sound_end)
    for block in _blocks(file, cluster) if cluster else ():
        if file.read_between(block.at, block.at + 1) == bytes([0x80 | track]):
            start = block.at + _BLOCK_HEADER_SIZE
            data = file.read_between(start, min(block.end, start + MAX_PICTURE_BYTES))
            return Picture(FRONT_COVER, data)
    return None


def _blocks(file: BoundedFile, cluster: Element) -> Iterator[Element]:
    for element in _inside(file, cluster):
        if element.identifier == SIMPLE_BLOCK:
            yield element
        elif element.identifier == BLOCK_GROUP:
            yield from (each for each in _inside(file, element) if each.identifier == BLOCK)
