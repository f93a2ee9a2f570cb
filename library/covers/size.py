"""The sizes in which a cover is shown."""

from enum import StrEnum

SMALL_EDGE = 160
LARGEST_EDGE = 3000
"""The largest size in which stores deliver covers, so that these keep their own."""


class CoverSize(StrEnum):
    """`small` is a square of SMALL_EDGE pixels; `original` is as large as the picture, with a
    longer edge of LARGEST_EDGE pixels at most."""

    SMALL = "small"
    ORIGINAL = "original"
