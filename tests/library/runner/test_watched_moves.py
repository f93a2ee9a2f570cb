"""What the kernel tells of files and folders that move, and of links to folders."""

import shutil
import sys
from pathlib import Path

import pytest

from library.runner.watched_tree import WatchedTree
from tests.library.runner.noted_tree import Noted, tree_of, watched, write

if sys.platform != "linux":
    pytest.skip("needs inotify", allow_module_level=True)


class TestMoves:
    def test_of_a_file(self, root: Path, tree: WatchedTree, noted: Noted) -> None:
        (root / "a" / "song.mp3").rename(root / "b" / "song.mp3")
        tree.take_events()
        assert noted.moves == {("a", "b")}

    def test_of_a_folder(self, root: Path, tree: WatchedTree, noted: Noted) -> None:
        (root / "a").rename(root / "b" / "moved")
        tree.take_events()
        assert noted.moves == {("a", "b/moved")}
        write(root / "b" / "moved" / "deep" / "deeper" / "song.mp3")
        tree.take_events()
        assert "b/moved/deep/deeper" in noted.folders

    def test_into_a_folder_that_is_just_made(
        self, root: Path, tree: WatchedTree, noted: Noted
    ) -> None:
        """As taggers file an album under a new artist. The listing of the new folder finds what
        was moved before its own event, which must not end the watch."""
        (root / "late").mkdir()
        tree.take_events()
        shutil.copytree(root / "a" / "deep", root / "late" / "deep")
        tree.take_events()
        (root / "artist").mkdir()
        (root / "late").rename(root / "artist" / "album")
        tree.take_events()
        assert {"late", "artist"} <= noted.folders
        assert watched(tree, root / "artist" / "album")
        assert watched(tree, root / "artist" / "album" / "deep")

    def test_out_of_the_library_and_in(
        self, root: Path, tree: WatchedTree, noted: Noted, tmp_path: Path
    ) -> None:
        (root / "a").rename(tmp_path / "away")
        tree.take_events()
        assert noted.folders == {"a"}
        assert not watched(tree, tmp_path / "away" / "deep")
        (tmp_path / "away").rename(root / "back")
        tree.take_events()
        assert noted.folders == {"a", "back"}
        assert watched(tree, root / "back" / "deep")

    def test_of_an_unfinished_download_to_its_name(
        self, root: Path, tree: WatchedTree, noted: Noted
    ) -> None:
        write(root / "a" / "new.mp3.part")
        (root / "a" / "new.mp3.part").rename(root / "b" / "new.mp3")
        tree.take_events()
        assert noted.folders == {"b"}
        assert noted.moves == set()

    def test_two_at_once(self, root: Path, tree: WatchedTree, noted: Noted) -> None:
        (root / "a" / "song.mp3").rename(root / "a" / "aside.mp3")
        (root / "a" / "deep" / "song.mp3").rename(root / "b" / "song.mp3")
        tree.take_events()
        assert noted.moves == {("a", "a"), ("a/deep", "b")}

    def test_a_folder_that_was_hidden(self, root: Path, tree: WatchedTree, noted: Noted) -> None:
        write(root / ".hidden" / "song.mp3")
        (root / ".hidden").rename(root / "shown")
        tree.take_events()
        assert noted.folders == {"shown"}
        assert watched(tree, root / "shown")


class TestLinks:
    def test_what_a_link_leads_to_is_watched(
        self, root: Path, tmp_path: Path, noted: Noted
    ) -> None:
        (tmp_path / "elsewhere" / "album").mkdir(parents=True)
        (root / "b" / "link").symlink_to(tmp_path / "elsewhere")
        tree = tree_of(root, noted)
        write(tmp_path / "elsewhere" / "album" / "song.mp3")
        tree.take_events()
        assert noted.folders == {"b/link/album"}
        tree.close()

    def test_a_link_that_comes_and_goes(
        self, root: Path, tmp_path: Path, tree: WatchedTree, noted: Noted
    ) -> None:
        (tmp_path / "elsewhere" / "album").mkdir(parents=True)
        write(tmp_path / "elsewhere" / "song.mp3")
        (root / "link").symlink_to(tmp_path / "elsewhere")
        tree.take_events()
        assert noted.folders == {"link"}
        (root / "link").rename(root / "renamed")
        tree.take_events()
        assert noted.moves == {("link", "renamed")}
        assert watched(tree, tmp_path / "elsewhere" / "album")
        (root / "renamed").unlink()
        tree.take_events()
        assert not watched(tree, tmp_path / "elsewhere" / "album")

    def test_what_a_link_led_to_goes(self, root: Path, tmp_path: Path, noted: Noted) -> None:
        (tmp_path / "elsewhere").mkdir()
        (root / "b" / "link").symlink_to(tmp_path / "elsewhere")
        tree = tree_of(root, noted)
        (tmp_path / "elsewhere").rmdir()
        tree.take_events()
        assert noted.folders == {"b"}
        tree.close()

    def test_a_link_into_the_library(self, root: Path, tree: WatchedTree, noted: Noted) -> None:
        (root / "b" / "link").symlink_to(root / "a")
        tree.take_events()
        assert noted.folders == set()

    def test_a_loop(self, root: Path, noted: Noted) -> None:
        (root / "a" / "loop").symlink_to(root)
        (root / "a" / "itself").symlink_to("itself")
        tree = tree_of(root, noted)
        assert len(tree) == 5
        write(root / "a" / "loop" / "b" / "song.mp3")
        tree.take_events()
        assert noted.folders == {"b"}
        tree.close()
