"""The sizes and formats in which a cover is shown."""

from enum import StrEnum
from typing import NamedTuple

LARGEST_EDGE = 3000
"""The largest size in which stores deliver covers, so that these keep their own."""


class CoverSize(StrEnum):
    """The name of each size, as addresses of the API have it. All are WebP.

    `original` has the size of the picture, but is scaled down where its longer edge has more than
    LARGEST_EDGE pixels. The others are squares. No picture is scaled up: if it is smaller than the
    square, the square is as large as its shorter edge.
    """

    SQUARE_64 = "64"
    SQUARE_160 = "160"
    SQUARE_320 = "320"
    SQUARE_640 = "640"
    SQUARE_1200 = "1200"
    ORIGINAL = "original"


SQUARES: dict[CoverSize, int] = {
    size: int(size) for size in CoverSize if size is not CoverSize.ORIGINAL
}
"""The edges of the squares, in pixels."""
BY_NAME: dict[str, CoverSize] = {
    **{str(size): size for size in CoverSize},
    "small": CoverSize.SQUARE_160,
}
"""The sizes by their names in addresses. `small` was the only square at first."""


class PictureFormat(StrEnum):
    """`COMMON` is what every program shows: JPEG, or PNG if a part of the picture is
    transparent."""

    WEBP = "webp"
    COMMON = "common"


class Fitted(NamedTuple):
    """A cover in its own proportions, whose longer edge has at most `edge` pixels. None stands for
    the size of the picture itself, within LARGEST_EDGE. No picture is scaled up."""

    edge: int | None
    format: PictureFormat

    @property
    def is_usual(self) -> bool:
        """Whether it is made from the picture itself, rather than from a larger cover."""
        return self.edge is None or self.edge in EDGES

    @property
    def larger(self) -> "Fitted":
        """The next larger usual cover."""
        edge = next((each for each in EDGES if self.edge and each >= self.edge), None)
        return Fitted(edge, self.format)


Rendition = CoverSize | Fitted
EDGES = tuple(SQUARES.values())
"""Covers of these edges are made from the picture. The others are made from the next larger."""
MAX_UNUSUAL = 8
"""How many covers of other edges are kept of a picture."""


def fitted(edge: int | None, format_: PictureFormat) -> Fitted:
    """The cover for a client that asks for this edge; the whole picture if it asks for none, or for
    more than the largest of EDGES."""
    return Fitted(edge if edge is not None and edge <= EDGES[-1] else None, format_)


def edge_of(rendition: Rendition) -> int | None:
    """The edge in pixels; None for the picture's own size."""
    return rendition.edge if isinstance(rendition, Fitted) else SQUARES.get(rendition)


def format_of(rendition: Rendition) -> PictureFormat:
    return rendition.format if isinstance(rendition, Fitted) else PictureFormat.WEBP


def name_of(rendition: Rendition) -> str:
    """What distinguishes the covers of one picture from each other, in file names and ETags."""
    if isinstance(rendition, CoverSize):
        return f"{rendition}.{PictureFormat.WEBP}"
    if rendition == Fitted(None, PictureFormat.WEBP):
        return name_of(CoverSize.ORIGINAL)
    edge = "original" if rendition.edge is None else f"fit{rendition.edge}"
    return f"{edge}.{rendition.format}"


_MEDIA_TYPES = {b"\xff\xd8\xff": "image/jpeg", b"\x89PNG": "image/png", b"RIFF": "image/webp"}
BEGINNING_BYTES = 4


def media_type_of(beginning: bytes) -> str:
    """The media type of a cover, by its first bytes."""
    found = (name for mark, name in _MEDIA_TYPES.items() if beginning.startswith(mark))
    return next(found, "application/octet-stream")
