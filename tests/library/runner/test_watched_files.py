"""Which changes in real folders the kernel tells, and which folders are noted for them."""

import os
import shutil
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from library.runner.watched_tree import UNCLOSED_S, WatchedTree
from tests.library.runner.noted_tree import Noted, write

if sys.platform != "linux":
    pytest.skip("needs inotify", allow_module_level=True)


def replace(path: Path) -> None:
    """As rsync and taggers do that write a copy first."""
    write(path.with_name(f".{path.name}.Xy12"))
    path.with_name(f".{path.name}.Xy12").replace(path)


def rename_by_link(path: Path, pause_s: float = 0.02) -> None:
    """As OpenSSH's SFTP server renames a file when its upload is complete."""
    unfinished = path.with_name(f"{path.name}.filepart")
    write(unfinished)
    time.sleep(pause_s)  # by default longer than the steps of the clock of file systems
    os.link(unfinished, path)
    unfinished.unlink()


CHANGES: dict[str, tuple[Callable[[Path], object], set[str]]] = {
    "a new file": (lambda root: write(root / "a" / "new.mp3"), {"a"}),
    "a file written again": (lambda root: write(root / "a" / "song.mp3"), {"a"}),
    "a touch": (lambda root: os.utime(root / "a" / "song.mp3", (1, 1)), {"a"}),
    "other rights": (lambda root: (root / "a" / "song.mp3").chmod(0o600), {"a"}),
    "a tagger that replaces the file": (lambda root: replace(root / "a" / "song.mp3"), {"a"}),
    "a file that goes": (lambda root: (root / "a" / "song.mp3").unlink(), {"a"}),
    "a file in the root": (lambda root: write(root / "song.flac"), {""}),
    "a cover": (lambda root: write(root / "a" / "cover.jpg"), {"a"}),
    "lyrics": (lambda root: write(root / "a" / "song.lrc"), {"a"}),
    "a hard link": (lambda root: os.link(root / "a/song.mp3", root / "b/song.mp3"), {"b"}),
    "an upload by SFTP": (lambda root: rename_by_link(root / "b" / "new.mp3"), {"b"}),
    "a link to a file": (lambda root: os.symlink("../a/song.mp3", root / "b/song.mp3"), {"b"}),
    "a folder with music": (
        lambda root: shutil.copytree(root / "a", root / "b" / "c" / "a"),
        {"b/c"},
    ),
    "a folder that goes": (lambda root: shutil.rmtree(root / "a" / "deep"), {"a/deep"}),
    "an unfinished download": (lambda root: write(root / "a" / "song.mp3.part"), set()),
    "a hidden file": (lambda root: write(root / "a" / ".song.mp3.x1Y2z3"), set()),
    "a file of Syncthing": (lambda root: write(root / "a/.syncthing.song.mp3.tmp"), set()),
    "a playlist": (lambda root: write(root / "a" / "list.m3u8"), {"a"}),
    "a playlist of another kind": (lambda root: write(root / "a" / "list.pls"), set()),
    "a log": (lambda root: write(root / "a" / "rip.log"), set()),
    "a file of macOS": (lambda root: write(root / "a" / "._song.mp3"), set()),
    "a hidden folder": (lambda root: write(root / ".hidden" / "song.mp3"), set()),
    "a folder of a NAS": (lambda root: write(root / "@eaDir" / "song.mp3"), set()),
    "a new hidden folder": (lambda root: (root / ".new").mkdir(), set()),
    "an empty folder": (lambda root: (root / "empty" / "emptier").mkdir(parents=True), set()),
    "a folder of pages": (lambda root: shutil.copytree("docs/decisions", root / "docs"), set()),
    "reading": (lambda root: (root / "a" / "song.mp3").read_bytes(), set()),
    "listing": (lambda root: os.listdir(root / "a"), set()),
    "looking": (lambda root: os.stat(root / "a" / "song.mp3"), set()),
    "a touched folder": (lambda root: os.utime(root / "a", (1, 1)), set()),
}


@pytest.mark.parametrize("change", CHANGES)
def test_changes(root: Path, tree: WatchedTree, noted: Noted, change: str) -> None:
    act, folders = CHANGES[change]
    act(root)
    tree.take_events()
    if change == "a folder with music":  # told once for each level that was seen to come
        assert {name.removesuffix("/a").removesuffix("/deep") for name in noted.folders} == folders
    elif change == "a folder that goes":
        assert folders <= noted.folders <= {"a/deep", "a/deep/deeper"}
    else:
        assert noted.folders == folders
    assert noted.moves == set()


def test_playlists_are_not_noticed_if_scans_leave_them(
    root: Path, tree: WatchedTree, noted: Noted, settings: Settings
) -> None:
    settings.PLAYLISTS_FROM_FOLDERS = False
    write(root / "a" / "list.m3u8")
    tree.take_events()
    assert noted.folders == set()


def test_a_file_renamed_by_a_link_at_once_is_noted_later(
    root: Path, tree: WatchedTree, noted: Noted
) -> None:
    """Right after it was written, its times are those of a file that is still being written."""
    rename_by_link(root / "b" / "new.mp3", pause_s=0)
    tree.take_events()
    tree.note_unclosed(time.time())
    tree.note_unclosed(time.time() + UNCLOSED_S)
    assert noted.folders == {"b"}
    noted.folders.clear()
    tree.note_unclosed(time.time() + UNCLOSED_S)
    assert noted.folders == set()


def test_a_file_that_is_written_slowly_is_not_noted_before_it_rests(
    root: Path, tree: WatchedTree, noted: Noted
) -> None:
    with (root / "a" / "new.mp3").open("wb", buffering=0) as file:
        file.write(b"x")
        tree.take_events()
        tree.note_unclosed(time.time() + UNCLOSED_S / 2)
        assert noted.folders == set()
    tree.take_events()
    assert noted.folders == {"a"}
    noted.folders.clear()
    tree.note_unclosed(time.time() + UNCLOSED_S)
    assert noted.folders == set()


def test_an_open_file_is_noted_when_it_is_closed(
    root: Path, tree: WatchedTree, noted: Noted
) -> None:
    with (root / "a" / "new.mp3").open("wb") as file:
        for _ in range(100):
            file.write(b"x" * 100_000)
            file.flush()
        assert tree.take_events() == 1
        assert noted.folders == set()
    tree.take_events()
    assert noted.folders == {"a"}
