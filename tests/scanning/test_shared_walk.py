"""What several processes find together is what one finds alone."""

import os
import shutil
import signal
from pathlib import Path

import pytest

from library.models import Track
from library.scanning import shared_walk
from library.scanning.errors import ScanCancelled
from library.scanning.shared_walk import WORTH_SHARING_FILES, looking
from library.scanning.walk import FoundFolder, LookAt, Unlisted, one_by_one, walk
from tests.audio_files import JPEG, make_audio
from tests.scanning.conftest import Scan as ScanCall

FOLDERS = 300


def nothing() -> None:
    pass


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """Many folders, and all that may be out of the ordinary in one."""
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


def found(root: Path, look_at: LookAt) -> list[FoundFolder | Unlisted]:
    return sorted(walk(str(root), look_at=look_at), key=lambda each: each.path)


def test_it_finds_the_same(tree: Path) -> None:
    alone = found(tree, one_by_one)
    assert sum(len(each.facts) for each in alone if isinstance(each, FoundFolder)) > FOLDERS
    with looking(WORTH_SHARING_FILES, 2, nothing) as look_at:
        assert look_at is not one_by_one
        assert found(tree, look_at) == alone


def test_processes_that_die_cost_no_folder(tree: Path) -> None:
    alone = found(tree, one_by_one)
    with looking(WORTH_SHARING_FILES, 2, nothing) as look_at:
        assert isinstance(look_at, shared_walk._Shared)
        seen: list[FoundFolder | Unlisted] = []
        for each in walk(str(tree), look_at=look_at):
            if not seen:
                for pid in list(look_at.executor._processes):
                    os.kill(pid, signal.SIGKILL)
            seen.append(each)
    assert sorted(seen, key=lambda each: each.path) == alone


def test_a_scan_that_is_cancelled_meanwhile_leaves_no_process(tree: Path) -> None:
    def cancel() -> None:
        raise ScanCancelled

    with looking(WORTH_SHARING_FILES, 2, cancel) as look_at:
        assert isinstance(look_at, shared_walk._Shared)
        processes = look_at.executor._processes
        with pytest.raises(ScanCancelled):
            found(tree, look_at)
    assert processes
    assert not any(process.is_alive() for process in processes.values())


def test_a_small_library_is_not_worth_a_process() -> None:
    for files, workers in ((WORTH_SHARING_FILES - 1, 2), (WORTH_SHARING_FILES, 0)):
        with looking(files, workers, nothing) as look_at:
            assert look_at is one_by_one


def test_a_rescan_sees_every_change(
    music: Path, scan: ScanCall, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(12):
        make_audio(music / f"{number % 3}" / f"{number}.mp3", title=f"Track {number}")
    scan()
    monkeypatch.setattr(shared_walk, "WORTH_SHARING_FILES", 1)
    assert scan().counts.changed == 0
    (music / "0" / "0.mp3").unlink()
    (music / "1" / "1.mp3").rename(music / "2" / "moved.mp3")
    make_audio(music / "2" / "2.mp3", title="Another")
    make_audio(music / "new" / "12.mp3", title="New")
    counts = scan().counts
    assert (counts.missing, counts.moved, counts.updated, counts.added) == (1, 1, 1, 1)
    assert Track.objects.present().count() == 12
