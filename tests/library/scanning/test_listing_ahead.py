"""Folders are listed ahead of the walk, several at once on a slow disk; one that hangs holds nobody
up for longer than it takes to cancel."""

import os
import shutil
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from library.files import listings, walk
from library.files.listings import Unlisted
from library.files.walk import FoundFolder, count_audio_files
from library.models.scan import ScanState
from tests.audio_files import JPEG, make_audio
from tests.library.scanning.conftest import PROJECT_DIR, Installation
from tests.library.scanning.conftest import Scan as ScanCall

FOLDERS = 300


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """Many folders, and everything unusual in one of them."""
    root = tmp_path / "tree"
    track = make_audio(tmp_path / "track.mp3")
    for number in range(FOLDERS):
        folder = root / f"{number % 7}" / f"{number}"
        folder.mkdir(parents=True)
        os.link(track, folder / "a.mp3")
        (folder / "notes.txt").touch()
    (root / "1" / "1" / "Folder.JPG").write_bytes(JPEG)
    (root / "1" / ".hidden").mkdir()
    os.link(track, root / "1" / ".hidden" / "a.mp3")
    (root / "2" / "#recycle").mkdir()
    os.link(track, root / "2" / "#recycle" / "a.mp3")
    os.mkfifo(root / "3" / "pipe.mp3")
    (root / "3" / "folder.mp3").mkdir()
    (root / "4" / "broken.mp3").symlink_to("nowhere")
    (root / "4" / "loop").symlink_to(root)
    elsewhere = tmp_path / "elsewhere"
    shutil.copytree(root / "5", elsewhere)
    (root / "5" / "linked").symlink_to(elsewhere)
    (root / "5" / "cover.jpg").symlink_to(root / "1" / "1" / "Folder.JPG")
    (root / "5" / "linked.mp3").symlink_to(track)
    os.link(track, os.fsencode(root / "6") + b"/\xff.mp3")
    return root


@pytest.mark.parametrize("at_once", [1, 2, 50, 1000])
def test_the_walk_is_the_same_however_many_are_listed_ahead(
    tree: Path, monkeypatch: pytest.MonkeyPatch, at_once: int
) -> None:
    ignored: dict[str, int] = {}
    found = list(walk.walk(str(tree), ignored=ignored))
    monkeypatch.setattr(walk, "FOLDERS_AT_ONCE", at_once)
    assert list(walk.walk(str(tree))) == found
    paths = [folder.path for folder in found if isinstance(folder, FoundFolder)]
    by_depth = [path for path in paths if not path.startswith("5/linked")]
    assert by_depth == sorted(by_depth, key=lambda path: path.split("/"))
    assert len(paths) > FOLDERS
    files = [
        stat[0] for folder in found if isinstance(folder, FoundFolder) for stat in folder.files
    ]
    assert len(files) == len(set(files))
    assert {"5/linked.mp3", "5/linked/5/a.mp3", os.fsdecode(b"6/\xff.mp3")} <= set(files)
    assert ignored == {
        "broken_links": 1, "hidden_folders": 1, "known_links": 1, "special_files": 1,
        "system_folders": 1,
    }  # fmt: skip
    assert count_audio_files(str(tree)) == len(files) + 2  # the names alone: a pipe, a broken link


def test_on_a_slow_disk_several_folders_are_listed_at_once(
    tree: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_work, most = 0, 0
    lock = threading.Lock()

    def slowly(root: str, folder: str) -> listings.FolderListing:
        nonlocal at_work, most
        with lock:
            at_work += 1
            most = max(most, at_work)
        time.sleep(0.003)
        with lock:
            at_work -= 1
        return listings.list_folder(root, folder)

    found = list(walk.walk(str(tree)))
    monkeypatch.setattr(walk, "list_folder", slowly)
    assert list(walk.walk(str(tree))) == found
    assert most > 1


def test_a_folder_that_cannot_be_listed_leaves_the_others(
    tree: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scandir = os.scandir

    def fail(path: str) -> Any:
        if path.endswith("/3"):
            raise OSError(5, "Input/output error")
        return scandir(path)

    monkeypatch.setattr(os, "scandir", fail)
    found = list(walk.walk(str(tree)))
    unlisted = [each for each in found if isinstance(each, Unlisted)]
    assert unlisted == [Unlisted("3", "The folder cannot be listed: Input/output error.")]
    assert not any(each.path.startswith("3") for each in found if isinstance(each, FoundFolder))
    assert any(each.path == "4/4" for each in found)


def test_a_scan_whose_disk_hangs_can_be_cancelled(
    music: Path, scan: ScanCall, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_audio(music / "Album" / "a.mp3")
    hangs, released = threading.Event(), threading.Event()

    def hang(root: str, folder: str) -> listings.FolderListing:
        hangs.set()
        released.wait(60)
        return listings.list_folder(root, folder)

    monkeypatch.setattr(walk, "list_folder", hang)
    try:
        report = scan(is_cancelled=hangs.is_set)
    finally:
        released.set()
    assert report.state == ScanState.CANCELLED


# The whole command; its disk hangs at the first folder, and SIGTERM comes meanwhile.
HANG = """
import os, signal, sys, threading, time
from library.files import walk
def hang(root, folder):
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(600)
walk.list_folder = hang
from musproject.command_line import main
sys.argv = ["manage.py", "scan_tracks", "--quiet"]
main()
"""


def test_a_command_whose_disk_hangs_ends_at_sigterm(installation: Installation) -> None:
    make_audio(installation.music / "a.mp3")
    done = subprocess.run(
        [sys.executable, "-c", HANG],
        cwd=PROJECT_DIR, env=installation.environment, capture_output=True, text=True, timeout=60,
        check=False,
    )  # fmt: skip
    assert done.returncode == 7, done.stderr
    assert installation.query("SELECT state FROM library_scan") == [("cancelled",)]
