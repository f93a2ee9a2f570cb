"""What every vocabulary's reader gives: fields with their values as the file holds them."""

import struct
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import NamedTuple

from library.tags.remembering import remembering_the_last
from library.tags.vocabularies import Values

FRONT_COVER = 3
"""ID3v2.4, section 4.14; FLAC, MP4, APEv2 and ASF use the same numbers or none."""

# The beginnings of JPEG, PNG, GIF, BMP, and of WebP and AVIF after a few bytes of length.
_SIGNATURES = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF8", b"BM")
_LATER_SIGNATURES = ((b"WEBP", 8), (b"ftypavif", 4), (b"ftypavis", 4))


class Picture(NamedTuple):
    kind: int
    data: bytes


@dataclass(slots=True)
class NativeTags:
    """`values` by field (see `vocabularies`), not yet cleaned; `pictures` in their order."""

    values: Values = field(default_factory=dict)
    pictures: list[Picture] = field(default_factory=list)

    def fill_from(self, other: "NativeTags") -> None:
        """Take what is missing here from the tags of a second vocabulary in the same file."""
        self.values = {**other.values, **self.values}
        self.pictures = self.pictures or other.pictures

    def cover(self) -> bytes | None:
        """The front cover, else the first picture; what is no picture is passed over."""
        pictures = [each for each in self.pictures if _is_picture(each.data)]
        front = (each.data for each in pictures if each.kind == FRONT_COVER)
        return next(front, pictures[0].data if pictures else None)


def cover_id(picture: bytes | None) -> str:
    """A digest of the picture's bytes; empty where there is none."""
    return _digest(picture) if picture else ""


@remembering_the_last
def _digest(picture: bytes) -> str:
    return blake2b(picture, digest_size=16).hexdigest()


@remembering_the_last
def flac_picture(block: bytes) -> Picture | None:
    """RFC 9639, section 8.8: the block's kind and picture, None where it is cut off.

    Ogg files hold the same block, in base64, as METADATA_BLOCK_PICTURE.
    """
    try:
        kind, length = struct.unpack_from(">II", block)
        (length_of_description,) = struct.unpack_from(">I", block, 8 + length)
        at = 8 + length + 4 + length_of_description + 16
        (length,) = struct.unpack_from(">I", block, at)
    except struct.error:
        return None
    return Picture(kind, block[at + 4 : at + 4 + length])


def _is_picture(data: bytes) -> bool:
    return data.startswith(_SIGNATURES) or any(
        data.startswith(signature, at) for signature, at in _LATER_SIGNATURES
    )
