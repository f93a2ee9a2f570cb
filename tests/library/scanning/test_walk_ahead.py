"""What a process that walks ahead finds is what a scan finds alone; else it does not count."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from itertools import islice
from pathlib import Path

import pytest
from django.utils import timezone

from library.files import walk_ahead
from library.files.listings import look
from library.files.walk import FoundFolder, LookAt, Unlisted, walk
from library.files.walk_ahead import WalkAhead
from library.models.catalogue import Track
from library.models.scan import Scan, ScanState
from library.scanning import looking
from library.scanning.compare import Scope
from library.scanning.errors import ScanCancelled
from library.scanning.looking import WORTH_A_PROCESS_FILES, Looking
from library.scanning.scopes import root_identity
from musproject.command_line import _scans_everything
from tests.audio_files import JPEG, make_audio
from tests.library.scanning.conftest import PROJECT_DIR, Installation
from tests.library.scanning.conftest import Scan as ScanCall

FOLDERS = 300


def nothing() -> None:
    pass


@contextmanager
def walking_ahead(*scopes: Scope) -> Iterator[WalkAhead]:
    ahead = WalkAhead([(scope.root, scope.folder) for scope in scopes])
    try:
        yield ahead
    finally:
        ahead.end()


def begin(root: Path) -> None:
    """And let it be done, so that what it found is older than whatever comes now."""
    walk_ahead.begin([(str(root), "")])
    (ahead,) = walk_ahead._begun
    while not ahead._portions.poll(1):
        assert ahead._starter.is_alive() or ahead.process.is_alive()
    time.sleep(0.1)


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
    return list(walk(str(root), look_at=look_at))


def identity(root: Path) -> tuple[int, int]:
    return root_identity(Scope(str(root), ""), allow_empty=True)


@pytest.mark.django_db
def test_it_finds_the_same(tree: Path, listed: list[str]) -> None:
    alone = found(tree, look)
    assert sum(len(each.facts) for each in alone if isinstance(each, FoundFolder)) > FOLDERS
    listed.clear()
    scope = Scope(str(tree), "")
    with closing(Looking([scope], 0, 1, nothing)) as folders:
        look_at = folders.at(scope, identity(tree), WORTH_A_PROCESS_FILES)
        assert found(tree, look_at) == alone
    # All but what a link leads to, a seventh of them, it left to the process.
    assert len(listed) < FOLDERS / 5


@pytest.mark.parametrize("at_once", [1, 2, 50, 1000])
def test_its_order_is_that_of_the_walk(
    tree: Path, monkeypatch: pytest.MonkeyPatch, at_once: int
) -> None:
    monkeypatch.setattr(walk_ahead, "FOLDERS_AT_ONCE", at_once)
    (tree / "4" / "loop").unlink()  # links are the scan's own to follow
    (tree / "5" / "linked").unlink()
    there = [each.path for each in found(tree, look) if isinstance(each, FoundFolder)]
    assert [path for path, _ in walk_ahead._walk(str(tree), "")] == there


@pytest.mark.parametrize("told", [0, 1, 100])
def test_what_it_does_not_tell_the_scan_finds_out_itself(tree: Path, told: int) -> None:
    some = islice(walk_ahead._walk(str(tree), ""), told)
    assert found(tree, looking._Follower(some)) == found(tree, look)


def test_nobody_waits_for_a_process_that_died(tree: Path) -> None:
    with walking_ahead(*[Scope(str(tree), "")] * 1000) as ahead:  # more than it may be ahead
        ahead._starter.join()
        assert ahead.process.pid
        os.kill(ahead.process.pid, signal.SIGKILL)
        assert list(ahead.folders(("another", ""), (0, 0), nothing)) == []


def test_a_scan_that_is_cancelled_meanwhile_leaves_no_process(tree: Path) -> None:
    def cancel() -> None:
        raise ScanCancelled

    with walking_ahead(*[Scope(str(tree), "")] * 1000) as ahead:
        ahead._starter.join()
        assert ahead.process.pid
        os.kill(ahead.process.pid, signal.SIGSTOP)
        with pytest.raises(ScanCancelled):
            for _ in ahead.folders(("another", ""), (0, 0), cancel):
                pass
    assert not ahead.process.is_alive()


def test_of_several_folders_each_is_told_in_its_turn(tmp_path: Path) -> None:
    roots = [tmp_path / name for name in ("one", "two", "three")]
    for root in roots:
        make_audio(root / root.name / "a.mp3")
    one, two, three = ((str(root), "") for root in roots)
    with walking_ahead(*(Scope(*each) for each in (one, two, three))) as ahead:
        assert [path for path, _ in ahead.folders(one, identity(roots[0]), nothing)] == ["", "one"]
        # The second one's place is taken by another, say a disk that has just been mounted there.
        assert list(ahead.folders(two, (0, 0), nothing)) == []
        found_there = ahead.folders(three, identity(roots[2]), nothing)
        assert [path for path, _ in found_there] == ["", "three"]


@pytest.mark.django_db
def test_a_small_library_is_not_worth_a_process(tree: Path) -> None:
    for files, workers in ((WORTH_A_PROCESS_FILES - 1, 2), (WORTH_A_PROCESS_FILES, 0)):
        scope = Scope(str(tree), "")
        with closing(Looking([scope], 0, workers, nothing)) as folders:
            assert folders.at(scope, identity(tree), files) is look
            assert folders.ahead is None


def test_a_rescan_sees_every_change(
    music: Path, scan: ScanCall, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(12):
        make_audio(music / f"{number % 3}" / f"{number}.mp3", title=f"Track {number}")
    scan()
    monkeypatch.setattr(looking, "WORTH_A_PROCESS_FILES", 1)
    assert scan().counts.changed == 0
    (music / "0" / "0.mp3").unlink()
    (music / "1" / "1.mp3").rename(music / "2" / "moved.mp3")
    make_audio(music / "2" / "2.mp3", title="Another")
    make_audio(music / "new" / "12.mp3", title="New")
    counts = scan().counts
    assert (counts.missing, counts.moved, counts.updated, counts.added) == (1, 1, 1, 1)
    assert Track.objects.present().count() == 12


def test_a_scan_takes_the_walk_that_was_begun(
    music: Path, scan: ScanCall, listed: list[str]
) -> None:
    make_audio(music / "Album" / "a.mp3")
    begin(music)
    assert scan().counts.added == 1
    assert str(music / "Album") not in listed


def test_what_was_found_before_another_scan_ended_does_not_count(
    music: Path, scan: ScanCall
) -> None:
    make_audio(music / "Album" / "a.mp3")
    begin(music)
    ahead = walk_ahead.take()
    make_audio(music / "Album" / "b.mp3")
    assert scan().counts.added == 2  # of somebody else, meanwhile
    assert ahead
    walk_ahead._begun.append(ahead)
    report = scan()
    assert report.state == ScanState.COMPLETED
    assert report.counts.missing == 0
    assert not ahead.process.is_alive()


@pytest.mark.parametrize(("ended_s_ago", "counts"), [(30, False), (90, True)])
def test_the_clock_of_another_host_may_be_off_by_a_minute(
    music: Path, scan: ScanCall, listed: list[str], ended_s_ago: int, *, counts: bool
) -> None:
    make_audio(music / "Album" / "a.mp3")
    scan()
    moment = timezone.now() - timedelta(seconds=ended_s_ago)
    Scan.objects.update(host_name="elsewhere", heartbeat_at=moment)
    listed.clear()
    begin(music)
    assert scan().state == ScanState.COMPLETED
    assert (str(music / "Album") not in listed) is counts


def test_a_walk_of_something_else_is_ended(music: Path, scan: ScanCall, tmp_path: Path) -> None:
    make_audio(music / "Album" / "a.mp3")
    walk_ahead.begin([(str(tmp_path), "")])
    (ahead,) = walk_ahead._begun
    assert scan().counts.added == 1
    assert not ahead.process.is_alive()


@pytest.mark.parametrize(
    "arguments",
    [
        "scan_tracks",
        "scan_tracks --quiet --full --batch-size=10",
        "scan_tracks --json --adopt=7 --trigger=api --",
    ],
)
def test_it_begins_where_everything_is_scanned(arguments: str) -> None:
    assert _scans_everything(arguments.split())


@pytest.mark.parametrize(
    "arguments",
    [
        "scan_tracks Album",
        "scan_tracks --quiet -- -Album",
        "scan_tracks --workers 2",  # 2 may be a folder, for all that is known by then
        "scan_tracks --workers=0",
        "scan_tracks --help",
        "migrate",
        "",
    ],
)
def test_it_does_not_begin_where_that_is_not_sure(arguments: str) -> None:
    assert not _scans_everything(arguments.split())


# The whole command, in a process that tells which folders it listed itself.
SCAN = """
import os, sys
listed = []
sys.addaudithook(lambda event, paths: event == "os.scandir" and listed.append(str(paths[0])))
from musproject.command_line import main
sys.argv = ["manage.py", "scan_tracks", *sys.argv[1:]]
try:
    main()
finally:
    print(sum(os.environ["MUSIC_DIR"] + "/" in path for path in listed))
"""


@pytest.mark.parametrize(("options", "listed"), [(["--quiet"], 0), (["--quiet", "--workers=0"], 3)])
def test_the_command_has_its_folders_looked_at(
    installation: Installation, options: list[str], listed: int
) -> None:
    for name in ("a", "b"):
        make_audio(installation.music / name / "a.mp3", title=name)
    done = subprocess.run(
        [sys.executable, "-c", SCAN, *options],
        cwd=PROJECT_DIR, env=installation.environment, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert int(done.stdout) == listed
    assert len(installation.query("SELECT title FROM library_track")) == 2


def test_a_command_that_scans_nothing_ends_with_its_walk(installation: Installation) -> None:
    done = subprocess.run(
        [sys.executable, "manage.py", "scan_tracks", "--batch-size=0"],
        cwd=PROJECT_DIR, env=installation.environment, capture_output=True, text=True, timeout=60,
        check=False,
    )  # fmt: skip
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
