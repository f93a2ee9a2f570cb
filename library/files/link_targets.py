"""Whether a symbolic link leads to what the walk finds anyway, or out of the music folders."""

import os
from collections.abc import Sequence
from functools import partial

from library.files.names import is_ignored_folder


def leads_back(root: str, folder: str) -> bool:
    """Whether `folder`, relative to `root`, is a link to what the walk of `root` finds without that
    link, or lies below one."""
    targets = LinkTargets(root, ())
    real = os.path.realpath(f"{root}/{folder}")
    return real != f"{targets.reached[0].rstrip('/')}/{folder}" and targets.is_reached(real)


class LinkTargets:
    """The real paths that the walk of `root` reaches. `other_roots` are the other music folders.

    `reached` are the real paths of the folders that the walk starts from: it finds everything below
    them without following a link.
    """

    def __init__(self, root: str, other_roots: Sequence[str]) -> None:
        self.reached = [os.path.realpath(root)]
        self._root = root
        self._real_roots = [os.path.realpath(each).rstrip("/") for each in (root, *other_roots)]
        self._folders_outside: set[str] = set()

    def is_in_roots(self, target: str) -> bool:
        """Whether a real path lies in a music folder."""
        return any(target == root or target.startswith(f"{root}/") for root in self._real_roots)

    def note_if_outside(self, folder: str) -> None:
        """Remember `folder`, a path relative to the root that may be or contain a link, if it leads
        out of the music folders. Called for each folder that a walk starts from."""
        if not self.is_in_roots(os.path.realpath(f"{self._root}/{folder}")):
            self._folders_outside.add(folder)

    def is_outside(self, folder: str) -> bool:
        """Whether `folder`, or a folder above it, is a link out of the music folders."""
        while folder and self._folders_outside:
            if folder in self._folders_outside:
                return True
            folder = folder.rpartition("/")[0]
        return False

    def is_reached(self, folder: str) -> bool:
        """Whether the walk finds this real folder without following another link."""
        return any(self._is_below(tree, folder) for tree in self.reached)

    def _is_below(self, tree: str, folder: str) -> bool:
        """Whether `folder` is in `tree`, and no folder between them is ignored."""
        if folder == tree:
            return True
        above = tree.rstrip("/")
        if not folder.startswith(f"{above}/"):
            return False
        for name in folder[len(above) + 1 :].split("/"):
            if is_ignored_folder(name, partial(self._is_a_root, above), {}):
                return False
            above = f"{above}/{name}"
        return True

    def _is_a_root(self, real_folder: str) -> bool:
        return real_folder == self.reached[0] or os.path.ismount(real_folder)
