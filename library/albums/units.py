"""Units: a folder and its disc folders, whose tracks are looked at together."""

import os
import re
from functools import lru_cache
from typing import NamedTuple

from library.albums.disc_names import ANY_WORD, BONUS, CLOSING, NUMBER, OPENING, number_in
from library.albums.titles import parsed_title

# `CD1`, `disc2 - The Early Days`, `Disc One`, `Digital Media 01`, `(CD1) Title`, `CD 1 of 2`.
_DISC = re.compile(
    rf"{OPENING}?\s*(?:{ANY_WORD}{NUMBER}|side\s+(?P<side>[a-h]))\b\s*{CLOSING}?(?P<subtitle>.*)",
    re.IGNORECASE,
)
_BONUS = re.compile(rf"{OPENING}?\s*{BONUS}\s*{CLOSING}?", re.IGNORECASE)
_PUNCTUATION = re.compile(r"^[\s_.:;,\u2013\u2014-]+")
_IN_BRACKETS = re.compile(r"\(([^()]*)\)|\[([^\[\]]*)\]")
# What folders say of the files in them is no title of a disc.
_OF_FILES = re.compile(
    r"(?:flac|mp3|wav|aac|alac|ape|ogg|opus|web|cbr|vbr|v0|v2|(?:19|20)[0-9]{2}"
    r"|[0-9]{2,3}\s*k(?:bps)?|(?:128|192|256|320)|(?:16|24)[\s-]*(?:bit)?[\s/-]*[0-9.]*(?:\s*khz)?)",
    re.IGNORECASE,
)

Place = tuple[str, str]
"""A folder's root, and its path below it: "" for the root itself."""


class FolderDisc(NamedTuple):
    """The disc that a folder's name says. `is_disc_folder`: the name says nothing else, so that
    the folder is a part of the one above it."""

    number: int | None = None
    subtitle: str = ""
    is_disc_folder: bool = False


@lru_cache(maxsize=4096)
def parsed_folder(name: str) -> FolderDisc:
    if found := _DISC.match(name):
        side = found["side"]
        number = ord(side.lower()) - ord("a") + 1 if side else number_in(found)
        if number:
            return FolderDisc(number, _subtitle(found["subtitle"]), is_disc_folder=True)
    if _BONUS.fullmatch(name):
        return FolderDisc(None, name.strip("()[] "), is_disc_folder=True)
    _, number, subtitle = parsed_title(name)
    return FolderDisc(number, subtitle)


def is_disc_of(name: str, above: str) -> bool:
    """Whether a folder of this `name` holds a disc of the album in the folder `above`: `CD2` or
    `Bonus Disc`, and `Title (Disc 2)` in `Title`, but not in a folder of its artist."""
    disc = parsed_folder(name)
    if disc.is_disc_folder or disc.number is None:
        return disc.is_disc_folder
    return parsed_title(name).name.casefold() in above.casefold()


@lru_cache(maxsize=4096)
def unit_of(place: Place) -> Place:
    """The folder of the unit: the one above a disc folder, else the folder itself."""
    root, path = place
    above, name = os.path.split(path)
    return (root, above) if path and parsed_folder(name).is_disc_folder else place


def _subtitle(text: str) -> str:
    """`The Early Days` of ` - The Early Days`; `Live` of ` (Live)`."""
    bare = _PUNCTUATION.sub("", text).strip()
    if found := _IN_BRACKETS.fullmatch(bare):
        bare = (found[1] or found[2] or "").strip()
    return "" if _OF_FILES.fullmatch(bare) else bare
