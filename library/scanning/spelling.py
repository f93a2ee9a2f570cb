"""How the disk spells a path that somebody asks for.

The library knows files by their exact names. Some file systems open `inbox` where the folder is
called `Inbox`, those of macOS and of Windows shares among them, and some the composed form of an
accented letter where the name holds the decomposed one. Other file systems tell such names apart,
and then the wrong spelling leads to nothing.
"""

import os
import unicodedata
from collections.abc import Callable
from typing import NamedTuple

NamesIn = Callable[[str], frozenset[str]]


class Spelling(NamedTuple):
    """A path as the disk spells it. `is_asked_for`: the system opens it by the name asked for."""

    path: str
    is_asked_for: bool


def names_in(folder: str) -> frozenset[str]:
    """The names of all that is in `folder`; none where it cannot be listed."""
    try:
        return frozenset(os.listdir(folder))
    except OSError:
        return frozenset()


def spelling_of(root: str, path: str, names_in: NamesIn = names_in) -> Spelling | None:
    """How the disk spells `path`, relative to `root`; None where nothing has such a name.

    Where the very name is there, that is the one, whatever else differs from it in case alone.
    `names_in` may remember what it listed, for who asks for many paths.
    """
    found, is_asked_for = root, True
    for name in path.split("/") if path else []:
        spelled = _spelled_in(found, name, names_in(found))
        if spelled is None:
            return None
        found = f"{found}/{spelled.path}"
        is_asked_for = is_asked_for and spelled.is_asked_for
    return Spelling(found[len(root) + 1 :], is_asked_for)


def is_alike(one: str, other: str) -> bool:
    """Whether the two are the same but for case and the form of accented letters."""
    return _folded(one) == _folded(other)


def _spelled_in(folder: str, name: str, names: frozenset[str]) -> Spelling | None:
    if name in names:
        return Spelling(name, is_asked_for=True)
    alike = sorted(each for each in names if is_alike(each, name))
    asked_for = f"{folder}/{name}"
    if not os.path.lexists(asked_for):
        return Spelling(alike[0], is_asked_for=False) if alike else None
    own = (each for each in alike if _is_same(f"{folder}/{each}", asked_for))
    # An automounter lists a folder only after somebody opened it, and a folder may forbid listing.
    return Spelling(next(own, name), is_asked_for=True)


def _is_same(one: str, other: str) -> bool:
    try:
        return os.path.samestat(os.lstat(one), os.lstat(other))
    except OSError:
        return False


def _folded(name: str) -> str:
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())
