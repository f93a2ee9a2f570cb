"""Where symbolic links lead: to what the walk finds anyway, or out of the music folders."""

import os
from collections.abc import Sequence
from functools import partial

from library.files.names import is_ignored_folder


class LinkTargets:
    """What the walk of `root` reaches. `other_roots` are the other music folders.

    `reached` are the real paths of the trees that are walked: no link is needed to find what lies
    in them.
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
        """`folder`, relative to the root, is to be walked, and may be a link or lie behind one."""
        if not self.is_in_roots(os.path.realpath(f"{self._root}/{folder}")):
            self._folders_outside.add(folder)

    def is_outside(self, folder: str) -> bool:
        """Whether `folder`, or one that it is in, is a link out of the music folders."""
        while folder and self._folders_outside:
            if folder in self._folders_outside:
                return True
            folder = folder.rpartition("/")[0]
        return False

    def is_reached(self, folder: str) -> bool:
        """Whether the walk comes to this real folder without a link to it."""
        return any(self._is_below(tree, folder) for tree in self.reached)

    def _is_below(self, tree: str, folder: str) -> bool:
        """Whether the walk of `tree` comes to `folder`."""
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
