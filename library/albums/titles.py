"""What the title of an album says beside its name: `Mellon Collie (Disc 2)`."""

import re
from functools import lru_cache
from typing import NamedTuple

from library.albums.disc_names import (
    ANY_WORD,
    BONUS,
    CLOSING,
    NUMBER,
    OPENING,
    PLAIN_WORD,
    number_in,
)

_SUBTITLE = r"(?:\s*[:;,.\u2013\u2014-]\s*(?P<subtitle>\S.*?))?"
_MORE_BRACKETS = rf"(?P<rest>(?:\s*{OPENING}[^()\[\]{{}}]*{CLOSING})*)"
# `Title (Disc 2: Live)`, `Title [CD2] [Remastered]`.
_IN_BRACKETS = re.compile(
    rf"\s*{OPENING}\s*{ANY_WORD}{NUMBER}{_SUBTITLE}\s*{CLOSING}{_MORE_BRACKETS}\s*$", re.IGNORECASE
)
# `Title - Disc 2`, `Title, CD 2: Live`, `Title: Disque 1`.
_BEHIND_MARK = re.compile(
    rf"(?:\s+[-\u2013\u2014/]\s*|\s*[,:;]\s*){ANY_WORD}{NUMBER}{_SUBTITLE}\s*$", re.IGNORECASE
)
# `Title CD2`, `Title Disc 2: Live`.
_BARE = re.compile(rf"{PLAIN_WORD}{NUMBER}{_SUBTITLE}\s*$", re.IGNORECASE)
_BONUS = re.compile(
    rf"\s*(?:{OPENING}\s*({BONUS})\s*{CLOSING}|[-\u2013\u2014:,]\s*({BONUS}))\s*$", re.IGNORECASE
)
_PUNCTUATION = " ,:;-\u2013\u2014"
_ARTICLES = ("the", "a", "el", "la", "le", "die", "das")
_HAS_WORD = re.compile(
    r"cd|dis[ckq]|dvd|lp|vinyl|blu-?ray|bd|record|cassette|tape|digital|platte|schijf|skiva|levy"
    r"|lemez|płyta|диск|ディスク|디스크|碟|光盘|光碟",
    re.IGNORECASE,
)


class AlbumTitle(NamedTuple):
    """`name` is the title without its disc. A disc without a number has only a subtitle."""

    name: str
    disc_number: int | None = None
    disc_subtitle: str = ""


@lru_cache(maxsize=4096)
def parsed_title(title: str) -> AlbumTitle:
    """A title that is nothing but a disc (`Disc 1`) is a name. `Vol. 2` and `Part 2` belong to
    the name: volumes are albums of their own."""
    if not _HAS_WORD.search(title):
        return AlbumTitle(title)
    for pattern in (_IN_BRACKETS, _BEHIND_MARK, _BARE):
        if (found := pattern.search(title)) and (number := number_in(found)):
            return _title(title, found, number)
    bonus = _BONUS.search(title)
    if bonus and title[: bonus.start()].strip():
        return AlbumTitle(title[: bonus.start()].strip(), None, bonus[1] or bonus[2])
    return AlbumTitle(title)


def title_without_disc(title: str) -> str:
    return parsed_title(title).name


def _title(title: str, found: re.Match[str], number: int) -> AlbumTitle:
    rest = found.groupdict().get("rest") or ""
    name = title[: found.start()].rstrip(_PUNCTUATION)
    if not name.strip() or name.strip().lower() in _ARTICLES:
        return AlbumTitle(title)
    return AlbumTitle(name + rest, number, (found["subtitle"] or "").strip())
