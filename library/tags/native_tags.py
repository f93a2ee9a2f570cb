"""Native tags: the result of the reader of each kind of tag. Values are as the file holds them."""

import re
import struct
from collections.abc import Iterable
from dataclasses import dataclass, field
from hashlib import blake2b
from itertools import zip_longest
from typing import NamedTuple

from library.tags.remembering import remembering_the_last
from library.tags.usefulness import is_useful
from library.tags.vocabularies import Values, join

OTHER, FILE_ICON, OTHER_ICON, FRONT_COVER, BACK_COVER, LEAFLET, MEDIA = range(7)
"""Kinds of pictures (ID3v2.4, section 4.14). FLAC and ASF use the same numbers; MP4 has none, and
APEv2 has names instead."""
PEOPLE, ILLUSTRATION = 8, 18
_BEST_KINDS = (FRONT_COVER, OTHER, LEAFLET, MEDIA, ILLUSTRATION)
_LAST_KINDS = (BACK_COVER, OTHER_ICON, FILE_ICON)
_KIND_RANKS = {
    **{kind: rank - len(_BEST_KINDS) for rank, kind in enumerate(_BEST_KINDS)},
    **{kind: rank + 1 for rank, kind in enumerate(_LAST_KINDS)},
}
"""Which kind of picture is preferred as a cover: the lowest. The kinds that are not named, those of
people, places and logos, have rank 0."""
_ICON_HEADER = struct.pack(">II", 32, 32)

_CODE = re.compile("[a-z]{2,3}")
_NO_LANGUAGE = frozenset({"xxx", "und", "zxx"})

# The first bytes of JPEG, PNG, GIF, BMP and TIFF. WebP and AVIF have theirs after a few bytes.
_SIGNATURES = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF8", b"BM", b"II*\0", b"MM\0*")
_LATER_SIGNATURES = ((b"WEBP", 8), (b"ftypavif", 4), (b"ftypavis", 4))


class Picture(NamedTuple):
    kind: int
    data: bytes


class NativeLyrics(NamedTuple):
    """`text`: plain, or with time stamps as in LRC. `language`: ISO 639-2; empty if the tag does
    not say."""

    language: str
    text: str


@dataclass(slots=True)
class NativeTags:
    """The tags of a file. `values`: by field (see `vocabularies`), not cleaned yet. `pictures`: in
    the order of the file."""

    values: Values = field(default_factory=dict)
    pictures: list[Picture] = field(default_factory=list)

    def fill_from(self, other: "NativeTags") -> None:
        """Add what this tag does not say from another tag of the same file: fields that are missing
        or useless here (see `usefulness`), and the pictures if there are none."""
        for name, held in other.values.items():
            if own := self.values.get(name):
                join(self.values, name, own, held)
            else:
                self.values[name] = held
        self.pictures = self.pictures or other.pictures

    def says(self, names: Iterable[str]) -> bool:
        """Whether the values of all these fields are useful, so that no other tag can fill them."""
        values = self.values
        return all(name in values and is_useful(name, values[name]) for name in names)

    def cover(self) -> bytes | None:
        """The first of `covers`; None if there is none."""
        if not self.pictures:
            return None
        for each in self.pictures:
            if each.kind == FRONT_COVER and is_picture(each.data):
                return each.data
        return next(iter(self.covers()), None)

    def covers(self) -> list[bytes]:
        """All pictures that may be the cover, the best first: the front cover, then other kinds,
        and icons last. Data that is not a picture is left out, and so are icons of 32 pixels."""
        usable = (each for each in self.pictures if is_picture(each.data) and not _is_icon(each))
        return [each.data for each in sorted(usable, key=_kind_rank)]

    def lyrics(self) -> list[NativeLyrics]:
        """All lyrics, the synced ones first."""
        values = self.values
        return [
            NativeLyrics(_language(spoken), sung)
            for name in ("synced_lyrics", "lyrics")
            if name in values
            for sung, spoken in zip_longest(
                values[name], values.get(f"{name}_languages", ())[: len(values[name])], fillvalue=""
            )
        ]


def _language(code: str) -> str:
    """An ISO 639-2 code in lower case; empty for `XXX`, `und` and what is no code."""
    code = code.lower()
    return code if _CODE.fullmatch(code) and code not in _NO_LANGUAGE else ""


def cover_id(picture: bytes | None) -> str:
    """A digest of the picture's bytes; empty if there is no picture."""
    return _digest(picture) if picture else ""


@remembering_the_last
def _digest(picture: bytes) -> str:
    return blake2b(picture, digest_size=16).hexdigest()


@remembering_the_last
def flac_picture(block: bytes) -> Picture | None:
    """The picture in a block of FLAC (RFC 9639, section 8.8); None if the block is cut off.

    Ogg files hold the same block, in base64, in a comment METADATA_BLOCK_PICTURE.
    """
    try:
        kind, length = struct.unpack_from(">II", block)
        (length_of_description,) = struct.unpack_from(">I", block, 8 + length)
        at = 8 + length + 4 + length_of_description + 16
        (length,) = struct.unpack_from(">I", block, at)
    except struct.error:
        return None
    return Picture(kind, block[at + 4 : at + 4 + length])


def _kind_rank(picture: Picture) -> int:
    return _KIND_RANKS.get(picture.kind, 0)


def _is_icon(picture: Picture) -> bool:
    """Whether this is a file icon as the standard wants it: a PNG of 32 by 32 pixels."""
    return picture.kind == FILE_ICON and picture.data[16:24] == _ICON_HEADER


def is_picture(data: bytes) -> bool:
    return data.startswith(_SIGNATURES) or any(
        data.startswith(signature, at) for signature, at in _LATER_SIGNATURES
    )
