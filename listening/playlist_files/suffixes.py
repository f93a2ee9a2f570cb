"""Finds the tracks whose paths end as a location does: on another machine the same folders lie
elsewhere, in another case, or are spelled in another Unicode normal form."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field

from listening.playlist_files.entries import FileEntry
from listening.playlist_files.locations import parts_of_path
from listening.playlist_files.survey import Candidate
from listening.playlist_files.tags import (
    has_names,
    is_other_length,
    is_other_title,
    names_track,
    narrowed,
)

_SURE_PARTS = 3
_FILE_AND_FOLDER = 2
_MOST_ALIKE = 50
"""So many paths with one ending are compared; with more, the ending says nothing."""


def folded(name: str) -> str:
    """A name of a file or folder without what some file systems do not tell apart."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())


@dataclass(slots=True)
class _Node:
    """The tracks whose paths have an ending, and the nodes of endings that are a part longer."""

    candidates: list[Candidate] = field(default_factory=list)
    longer: dict[str, "_Node"] = field(default_factory=dict)


class Suffixes:
    """Tracks by the ends of their paths."""

    def __init__(self) -> None:
        self._root = _Node()

    def add(self, candidate: Candidate) -> None:
        node = self._root
        for part in reversed(parts_of_path(f"{candidate.root}/{candidate.path}")):
            node = node.longer.setdefault(folded(part), _Node())
            if len(node.candidates) <= _MOST_ALIKE:
                node.candidates.append(candidate)

    def best(self, parts: Sequence[str], entry: FileEntry) -> Candidate | None:
        """The track whose path has the most last parts in common with `parts`. None if that says
        too little, or if there are several of them and nothing tells which."""
        node, depth = self._root, 0
        for part in reversed(parts):
            if (longer := node.longer.get(folded(part))) is None:
                break
            node, depth = longer, depth + 1
        if not depth or len(node.candidates) > _MOST_ALIKE:
            return None
        fitting = _closest(parts[-depth:], node.candidates)
        if len(fitting) > 1:
            fitting = [each for each in narrowed(entry, fitting) if has_names(entry, each)]
        if len(fitting) != 1 or not _is_sure(parts, depth, entry, fitting[0]):
            return None
        return fitting[0]


def _closest(ending: Sequence[str], candidates: Sequence[Candidate]) -> Sequence[Candidate]:
    """Present tracks, if any; then those that are spelled exactly so, if any."""
    present = [each for each in candidates if not each.is_missing] or candidates
    for spelled in (tuple, _composed):
        wanted = spelled(ending)
        exact = [each for each in present if spelled(_ending(each, len(ending))) == wanted]
        if exact:
            return exact
    return present


def _ending(candidate: Candidate, length: int) -> list[str]:
    return parts_of_path(f"{candidate.root}/{candidate.path}")[-length:]


def _composed(parts: Sequence[str]) -> tuple[str, ...]:
    return tuple(unicodedata.normalize("NFC", part) for part in parts)


def _is_sure(parts: Sequence[str], depth: int, entry: FileEntry, candidate: Candidate) -> bool:
    """Whether an ending of `depth` parts, which only this track has, is enough.

    `01.mp3` is in many albums, and `CD1/01.mp3` in some; the library may have another of these than
    the one that is meant.
    """
    if is_other_length(entry, candidate) and is_other_title(entry, candidate):
        return False
    is_whole = depth >= min(len(parts), len(parts_of_path(candidate.path)))
    if depth >= _SURE_PARTS or (is_whole and depth >= _FILE_AND_FOLDER):
        return True
    if has_names(entry, candidate):
        return not is_other_length(entry, candidate)
    said = " ".join((*parts, entry.text, entry.artist, entry.title))
    return names_track(said, candidate)
