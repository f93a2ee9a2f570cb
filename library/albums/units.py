"""Units: a folder and its disc folders, whose tracks are looked at together."""

import os
import re

_DISC = re.compile(r"(?:cd|disc|disk|dvd|lp|vinyl)[\s._-]*([0-9]{1,2})\b", re.IGNORECASE)

Place = tuple[str, str]
"""A folder's root, and its path below it: "" for the root itself."""


def disc_of_folder(name: str) -> int | None:
    """The number of the disc that a folder's name says: 2 for `CD2`. None if it says none."""
    found = _DISC.match(name)
    return int(found[1]) if found else None


def unit_of(place: Place) -> Place:
    """The folder of the unit: the one above a disc folder, else the folder itself."""
    root, path = place
    above, name = os.path.split(path)
    return (root, above) if path and disc_of_folder(name) is not None else place
