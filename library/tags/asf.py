"""Windows Media: ASF attributes ("Advanced Systems Format Specification", sections 3.10 to 4.8)."""

import struct
from collections.abc import Iterable
from typing import Any

from library.tags.native_tags import NativeTags, Picture
from library.tags.vocabularies import ASF, Values, fields, free_name, names_in

_WANTED = names_in(ASF)
_COUNTED_FROM_ZERO = "WM/Track"
"""The older form of WM/TrackNumber, which counts tracks from 0; not read."""


def native_tags(attributes: Iterable[tuple[str, Any]]) -> NativeTags:
    values: Values = {}
    pictures: list[Picture] = []
    for name, attribute in attributes:
        free = free_name(name.removeprefix("WM/"))
        if name == "WM/Picture":
            pictures.extend(_picture(attribute.value))
        elif free in _WANTED and name != _COUNTED_FROM_ZERO:
            values.setdefault(free, []).append(str(attribute.value))
    return NativeTags(fields(ASF, values), pictures)


def _picture(value: object) -> Iterable[Picture]:
    """The picture in a WM_PICTURE structure: kind, size, MIME type, description, picture.

    MIME type and description are in UTF-16, each ended by a NUL.
    """
    if not isinstance(value, bytes) or len(value) < 5:  # noqa: PLR2004
        return
    kind, size = struct.unpack_from("<BI", value)
    at = 5
    for _ in ("MIME type", "description"):
        at = value.find(b"\0\0", at)
        while at != -1 and (at - 5) % 2:
            at = value.find(b"\0\0", at + 1)
        if at == -1:
            return
        at += 2
    yield Picture(kind, value[at : at + size])
