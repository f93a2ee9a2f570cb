"""Finds how a path is spelled on disk, when somebody gives it with another spelling.

The library stores the exact names of files. Some file systems, such as those of macOS and of
Windows shares, ignore case: they open `inbox` although the folder is named `Inbox`. Some also treat
the composed and the decomposed form of an accented letter as equal. On other file systems the wrong
spelling does not open anything.
"""

import os
import unicodedata
from collections.abc import Callable
from typing import NamedTuple

NamesIn = Callable[[str], frozenset[str]]


class Spelling(NamedTuple):
    """A path as it is spelled on disk. `opens_as_given`: the given spelling opens it too."""

    path: str
    opens_as_given: bool


def names_in(folder: str) -> frozenset[str]:
    """The names of all entries of `folder`; empty if it cannot be listed."""
    try:
        return frozenset(os.listdir(folder))
    except OSError:
        return frozenset()


def spelling_of(root: str, path: str, names_in: NamesIn = names_in) -> Spelling | None:
    """The spelling on disk of `path`, which is relative to `root`; None if no entry is alike.

    An entry with exactly the given name is preferred to others that differ only in case. A caller
    with many paths may pass a `names_in` that caches.
    """
    found, opens_as_given = root, True
    for name in path.split("/") if path else []:
        spelled = _spelled_in(found, name, names_in(found))
        if spelled is None:
            return None
        found = f"{found}/{spelled.path}"
        opens_as_given = opens_as_given and spelled.opens_as_given
    return Spelling(found[len(root) + 1 :], opens_as_given)


def is_alike(one: str, other: str) -> bool:
    """Whether two names differ at most in case and in the Unicode form of accented letters."""
    return _folded(one) == _folded(other)


def _spelled_in(folder: str, name: str, names: frozenset[str]) -> Spelling | None:
    if name in names:
        return Spelling(name, opens_as_given=True)
    alike = sorted(each for each in names if is_alike(each, name))
    asked_for = f"{folder}/{name}"
    if not os.path.lexists(asked_for):
        return Spelling(alike[0], opens_as_given=False) if alike else None
    own = (each for each in alike if _is_same(f"{folder}/{each}", asked_for))
    # The path opens, but no entry with such a name may be listed: an automounter lists a folder
    # only after somebody opened it, and a folder may forbid listing. Then the given name is taken.
    return Spelling(next(own, name), opens_as_given=True)


def _is_same(one: str, other: str) -> bool:
    try:
        return os.path.samestat(os.lstat(one), os.lstat(other))
    except OSError:
        return False


def _folded(name: str) -> str:
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())
