"""The sizes in which covers are served."""

from enum import StrEnum

SMALL_EDGE = 160
LARGEST_EDGE = 3000
"""Pixels. Music stores deliver covers of up to this size, so theirs are not shrunk."""


class CoverSize(StrEnum):
    """`small` is a square of SMALL_EDGE pixels. `original` has the size of the picture, but is
    shrunk if its longer edge has more than LARGEST_EDGE pixels."""

    SMALL = "small"
    ORIGINAL = "original"
