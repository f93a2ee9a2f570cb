"""The sizes in which a cover is shown."""

from enum import StrEnum

LARGEST_EDGE = 3000
"""The largest size in which stores deliver covers, so that these keep their own."""


class CoverSize(StrEnum):
    """The name of each size, as addresses have it.

    `original` has the size of the picture, but is scaled down where its longer edge has more than
    LARGEST_EDGE pixels. The others are squares.
    """

    SMALL = "small"
    ORIGINAL = "original"


SQUARES = {CoverSize.SMALL: 160}
"""The edges of the squares, in pixels."""
