"""The watcher of systems without inotify, which works here, too."""

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from library.runner.file_events import FileEventsWatcher
from library.runner.pending_folders import PendingFolders
from tests.library.runner.house import wait_until


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "music"
    for folder in ("a", "b", ".hidden"):
        (root / folder).mkdir(parents=True)
    (root / "a" / "song.mp3").write_bytes(b"x")
    return root


@pytest.fixture
def pending() -> PendingFolders:
    return PendingFolders()


@pytest.fixture(autouse=True)
def watcher(root: Path, pending: PendingFolders) -> Iterator[FileEventsWatcher]:
    watcher = FileEventsWatcher([root, root.with_name("later")], [root / "b" / "data"], pending)
    watcher.start()
    assert watcher.wait_until_ready(30)
    yield watcher
    watcher.stop()
    wait_until(lambda: not watcher.is_alive)


def noted(pending: PendingFolders) -> set[str]:
    return set(pending.due(time.monotonic() + 60))


def test_a_file_that_moves_is_noted_at_both_ends(root: Path, pending: PendingFolders) -> None:
    (root / "a" / "song.mp3").rename(root / "b" / "song.mp3")
    wait_until(lambda: noted(pending) == {str(root / "a"), str(root / "b")})


def test_a_folder_that_moves_is_noted_at_both_ends(root: Path, pending: PendingFolders) -> None:
    (root / "a").rename(root / "b" / "moved")
    wait_until(lambda: noted(pending) == {str(root / "a"), str(root / "b" / "moved")})


def test_what_scans_ignore_is_not_noted(root: Path, pending: PendingFolders) -> None:
    (root / "a" / "song.mp3.part").write_bytes(b"x")
    (root / ".hidden" / "song.mp3").write_bytes(b"x")
    (root / "b" / "data").mkdir()
    (root / "b" / "data" / "cover.webp").write_bytes(b"x")
    (root / "a" / "new.mp3").write_bytes(b"x")
    wait_until(lambda: str(root / "a") in noted(pending))
    assert noted(pending) == {str(root / "a")}


def test_a_root_that_comes_later_is_scanned(root: Path, pending: PendingFolders) -> None:
    os.rename(root / "a", root.with_name("later"))
    wait_until(lambda: str(root.with_name("later")) in noted(pending))


def test_a_name_that_is_no_utf_8_does_not_end_it(
    root: Path, pending: PendingFolders, watcher: FileEventsWatcher
) -> None:
    """The library fails there; such names do not exist on macOS."""
    with open(os.fsencode(root) + b"/\xff.mp3", "wb"):
        pass
    time.sleep(2)
    assert watcher.is_alive
