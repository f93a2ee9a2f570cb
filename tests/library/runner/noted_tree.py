"""A tree of watched folders that notes what it is told, for tests of what the kernel tells."""

from pathlib import Path

from library.runner.watched_roots import Mounts
from library.runner.watched_tree import Place, WatchedTree


class Noted:
    """Remembers what a tree tells, by the names of folders below the root."""

    def __init__(self, root: Path) -> None:
        self._root = str(root)
        self.folders: set[str] = set()
        self.moves: set[tuple[str, str]] = set()

    def changed(self, place: Place) -> None:
        self.folders.add(self._name(place))

    def moved(self, origin: Place, target: Place) -> None:
        self.moves.add((self._name(origin), self._name(target)))

    def _name(self, place: Place) -> str:
        assert place.root == self._root
        return place.folder.removeprefix(self._root).strip("/")


def tree_of(
    root: Path, noted: Noted, excluded: tuple[str, ...] = (), mounts: Mounts | None = None
) -> WatchedTree:
    tree = WatchedTree([str(root)], excluded, mounts or {}, noted)
    tree.add_root(str(root))
    return tree


def watched(tree: WatchedTree, path: Path) -> bool:
    """Whether what happens in the folder at `path` is noticed."""
    tree.take_events()
    (path / "probe.mp3").write_bytes(b"x")
    (path / "probe.mp3").unlink()
    return tree.take_events() > 0


def write(path: Path) -> None:
    path.write_bytes(b"x")
