"""Files of lyrics beside the tracks: which one belongs to which track, and its identity.

`Song.lrc` and `Song.txt` belong to `Song.mp3`, and so does `Song.en.lrc`, whose second part is a
language. A name that differs only in case is taken where no other fits.
"""

import os
import re
from collections.abc import Iterable
from typing import NamedTuple

SUFFIXES = (".lrc", ".txt")
"""In order of preference: a file with times before one without."""
_LANGUAGE = re.compile(r"(.+)\.[a-z]{2,3}", re.DOTALL)


class LyricsFile(NamedTuple):
    """`identity` changes when the file is changed. Both are empty without a file."""

    identity: str = ""
    name: str = ""


NO_LYRICS = LyricsFile()


def is_lyrics(name: str) -> bool:
    return name[-4:].lower() in SUFFIXES


def lyrics_file_names(audio: Iterable[str], others: Iterable[str]) -> dict[str, str]:
    """For each of the `audio` names that has a file of lyrics among `others`, the file's name."""
    by_stem: dict[str, str] = {}
    for name in sorted(filter(is_lyrics, others), key=_rank, reverse=True):
        stem = name[:-4]
        if (spoken := _LANGUAGE.fullmatch(stem)) is not None:
            by_stem.setdefault(spoken[1].casefold(), name)
            by_stem.setdefault(spoken[1], name)
        by_stem[stem.casefold()] = name
        by_stem[stem] = name
    found = {}
    for name in audio if by_stem else ():
        stem = os.path.splitext(name)[0]
        if (lyrics := by_stem.get(stem) or by_stem.get(stem.casefold())) is not None:
            found[name] = lyrics
    return found


def language_of(file_name: str) -> str:
    """The language that a file of lyrics has in its name, as in `Song.en.lrc`; empty without one.

    It is meant for files that belong to a track: of `Help.me.lrc` nobody knows.
    """
    stem = file_name[:-4]
    return stem.rpartition(".")[2] if _LANGUAGE.fullmatch(stem) else ""


def _rank(name: str) -> tuple[int, str]:
    return SUFFIXES.index(name[-4:].lower()), name
