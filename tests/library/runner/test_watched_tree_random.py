"""Folders are made, moved, exchanged and deleted at random, faster than events are read. Afterwards
each folder is watched under its own path, and nothing else is."""

import os
import random
import shutil
import sys
from pathlib import Path

import pytest

from library.runner.watched_tree import WatchedTree
from tests.library.runner.noted_tree import Noted, tree_of

if sys.platform != "linux":
    pytest.skip("needs inotify", allow_module_level=True)

CHANGES = 60


@pytest.mark.parametrize("seed", range(40))
def test_each_folder_is_watched_in_the_end(tmp_path: Path, seed: int) -> None:
    root = tmp_path / "music"
    root.mkdir()
    noted = Noted(root)
    tree = tree_of(root, noted)
    shaken = _Shaken(root, random.Random(seed))
    for _ in range(CHANGES):
        shaken.change(tree)
    tree.take_events()
    folders = shaken.folders()
    assert len(tree) == len(folders)
    for folder in folders:
        noted.folders.clear()
        (folder / "song.mp3").write_bytes(b"x")
        tree.take_events()
        assert noted.folders == {str(folder.relative_to(root)).strip(".")}
    tree.close()


class _Shaken:
    """The folders below `root`. New names are numbered, so that none is used twice."""

    def __init__(self, root: Path, chance: random.Random) -> None:
        self._root = root
        self._chance = chance
        self._made = 0

    def folders(self) -> list[Path]:
        return sorted(Path(above) for above, _, _ in os.walk(self._root))

    def change(self, tree: WatchedTree) -> None:
        kinds = (self._make, self._move, self._exchange, self._delete, tree.take_events)
        self._chance.choices(kinds, weights=(3, 4, 1, 1, 1))[0]()

    def _make(self) -> None:
        folder = self._new(self.folders())
        folder.mkdir()
        if self._chance.random() < 0.5:
            self._new([folder]).mkdir()

    def _move(self) -> None:
        """Often into a folder that is made for it."""
        if not (moving := self._any()):
            return
        target = self._new([each for each in self.folders() if not each.is_relative_to(moving)])
        if self._chance.random() < 0.5:
            target.mkdir()
            target = self._new([target])
        moving.rename(target)

    def _exchange(self) -> None:
        one, other = self._any(), self._any()
        if one is None or other is None:
            return
        if one.is_relative_to(other) or other.is_relative_to(one):
            return
        aside = self._new([self._chance.choice([self._root, self._root.parent])])
        one.rename(aside)
        other.rename(one)
        aside.rename(other)

    def _delete(self) -> None:
        if folder := self._any():
            shutil.rmtree(folder)

    def _any(self) -> Path | None:
        folders = [each for each in self.folders() if each != self._root]
        return self._chance.choice(folders) if folders else None

    def _new(self, above: list[Path]) -> Path:
        self._made += 1
        return self._chance.choice(above) / str(self._made)
