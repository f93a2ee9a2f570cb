"""The sizes in which a cover is shown."""

from enum import StrEnum

LARGEST_EDGE = 3000
"""The largest size in which stores deliver covers, so that these keep their own."""


class CoverSize(StrEnum):
    """The name of each size, as addresses have it.

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
