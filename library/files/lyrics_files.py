"""Files of lyrics beside the tracks: which one belongs to which track, and its identity.

`Song.lrc` and `Song.txt` belong to `Song.mp3`, and so does `Song.en.lrc`, whose second part is a
language, such as `en`, `deu` or `pt-BR`. A name that differs only in case, or in the Unicode form
of its letters, is taken where no other fits: a Mac may have written one of the two files.
"""

import os
import re
import unicodedata
from collections.abc import Iterable
from itertools import chain
from typing import NamedTuple

SUFFIXES = (".lrc", ".txt")
"""In order of preference: a file with times before one without."""
_LANGUAGE = re.compile(r"(.+)\.[a-z]{2,3}(?:-[A-Za-z]{2,4}|-[0-9]{3})?", re.DOTALL)


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
    alike: dict[str, str] = {}
    names = sorted(filter(is_lyrics, others), key=_rank)
    spoken = ((parts[1], name) for name in names if (parts := _LANGUAGE.fullmatch(name[:-4])))
    for stem, name in chain(((name[:-4], name) for name in names), spoken):
        by_stem.setdefault(stem, name)
        alike.setdefault(_folded(stem), name)
    found = {}
    for name in audio if by_stem else ():
        stem = os.path.splitext(name)[0]
        if (lyrics := by_stem.get(stem) or alike.get(_folded(stem))) is not None:
            found[name] = lyrics
    return found


def language_of(file_name: str, track_path: str) -> str:
    """The language in the name of a track's file of lyrics, as in `Song.en.lrc`; or nothing."""
    stem = file_name[:-4]
    track_stem = os.path.splitext(os.path.basename(track_path))[0]
    is_whole_name = _folded(stem) == _folded(track_stem)
    return "" if is_whole_name or not _LANGUAGE.fullmatch(stem) else stem.rpartition(".")[2]


def _folded(stem: str) -> str:
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", stem).casefold())


def _rank(name: str) -> tuple[int, str]:
    return SUFFIXES.index(name[-4:].lower()), name
