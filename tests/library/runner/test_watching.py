"""Servers that scan what has changed, because the kernel tells them."""

import json
import os
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest

from tests.audio_files import make_audio
from tests.library.runner.conftest import FEW_FILES
from tests.library.runner.house import House, wait_until

NO_SCHEDULE = {"SCAN_INTERVAL_SECONDS": "0", "WATCH": "true"}

pytestmark = pytest.mark.server


@pytest.fixture
def music(house: House) -> Path:
    """The music folder of the house."""
    return house.folder / "music"


@pytest.fixture
def house(small_house: House) -> House:
    return small_house


@pytest.fixture
def watched(house: House) -> Iterator[House]:
    """A house whose server has scanned everything once, and from now on only watches."""
    with house.serve(WATCH="true", SCAN_INTERVAL_SECONDS="86400"):
        wait_until(house.is_over)
        yield house


def paths(house: House) -> set[str]:
    rows = house.query("SELECT path FROM library_track WHERE missing_since IS NULL")
    return {row["path"] for row in rows}


def ids(house: House) -> dict[str, int]:
    rows = house.query("SELECT id, path FROM library_track WHERE missing_since IS NULL")
    return {row["path"]: row["id"] for row in rows}


def watch_scans(house: House) -> list[dict[str, Any]]:
    return [scan for scan in house.scans() if scan["trigger"] == "watch"]


def folders_of(scan: dict[str, Any]) -> list[str]:
    folders = scan["folders"]
    return sorted(json.loads(folders) if isinstance(folders, str) else folders)


def test_a_file_that_comes(watched: House, music: Path) -> None:
    make_audio(music / "New" / "song.mp3", title="song")
    wait_until(lambda: "New/song.mp3" in paths(watched))
    assert [folders_of(scan) for scan in watch_scans(watched)] == [[str(music / "New")]]


def test_a_file_that_changes(watched: House, music: Path) -> None:
    make_audio(music / "0" / "0.mp3", title="another title")
    sql = "SELECT 1 FROM library_track WHERE title = 'another title'"
    wait_until(lambda: watched.query(sql))


def test_a_file_that_moves_keeps_its_id(watched: House, music: Path) -> None:
    before = ids(watched)
    (music / "0" / "0.mp3").rename(music / "1" / "moved.mp3")
    wait_until(lambda: "1/moved.mp3" in paths(watched))
    assert ids(watched)["1/moved.mp3"] == before["0/0.mp3"]
    (scan,) = watch_scans(watched)
    assert folders_of(scan) == [str(music / "0"), str(music / "1")]
    assert (scan["moved"], scan["added"], scan["missing"]) == (1, 0, 0)


def test_a_folder_that_moves_keeps_the_ids(watched: House, music: Path) -> None:
    before = ids(watched)
    (music / "0").rename(music / "1" / "Moved")
    wait_until(lambda: "1/Moved/0.mp3" in paths(watched))
    assert ids(watched)["1/Moved/0.mp3"] == before["0/0.mp3"]
    make_audio(music / "1" / "Moved" / "later.mp3", title="later")
    wait_until(lambda: "1/Moved/later.mp3" in paths(watched))


def test_a_file_that_goes(watched: House, music: Path) -> None:
    (music / "0" / "0.mp3").unlink()
    wait_until(lambda: "0/0.mp3" not in paths(watched))


def test_a_thousand_files_are_one_or_two_scans(watched: House, music: Path, tmp_path: Path) -> None:
    for number in range(1000):
        make_audio(tmp_path / "copy" / f"{number % 20}" / f"new {number}.mp3", title=f"{number}")
    shutil.copytree(tmp_path / "copy", music, dirs_exist_ok=True)
    wait_until(lambda: len(paths(watched)) == FEW_FILES + 1000)
    assert len(watch_scans(watched)) <= 2


def test_two_servers_make_one_scan_of_one_change(house: House, music: Path) -> None:
    with house.serve(**NO_SCHEDULE), house.serve(**NO_SCHEDULE):
        time.sleep(1)
        make_audio(music / "New" / "song.mp3", title="song")
        wait_until(lambda: "New/song.mp3" in paths(house))
        time.sleep(6)
    assert len(house.scans()) == 1


def test_names_of_any_bytes(watched: House, music: Path) -> None:
    make_audio(music / "plain.mp3", title="bytes")
    folder = os.fsencode(music) + b"/new\nline \xff"
    os.mkdir(folder)
    os.rename(music / "plain.mp3", folder + b"/\xfe.mp3")
    sql = "SELECT 1 FROM library_track WHERE title = 'bytes' AND missing_since IS NULL"
    wait_until(lambda: watched.query(sql))
    os.unlink(folder + b"/\xfe.mp3")
    wait_until(lambda: not watched.query(sql))


def test_what_scans_ignore_starts_none(watched: House, music: Path) -> None:
    (music / "0" / "song.mp3.part").write_bytes(b"x")
    (music / "0" / ".hidden.mp3").write_bytes(b"x")
    (music / "0" / "._song.mp3").write_bytes(b"x")
    (music / ".Trash").mkdir()
    (music / ".Trash" / "song.mp3").write_bytes(b"x")
    (music / "@eaDir").mkdir()
    (music / "@eaDir" / "song.mp3").write_bytes(b"x")
    (music / "empty").mkdir()
    for song in music.glob("1/*.mp3"):
        song.read_bytes()
    time.sleep(6)
    assert watch_scans(watched) == []
    make_audio(music / "unfinished.mp3", title="finished")
    (music / "unfinished.mp3").rename(music / "2" / "unfinished.part")
    (music / "2" / "unfinished.part").rename(music / "2" / "finished.mp3")
    wait_until(lambda: "2/finished.mp3" in paths(watched))


def test_metrics_and_threads(house: House, music: Path) -> None:
    (music / "a" / "b").mkdir(parents=True)
    token = "secret-token-of-metrics"
    threads = []
    for watch in ("false", "true"):
        with house.serve(METRICS_TOKEN=token, WATCH=watch, SCAN_INTERVAL_SECONDS="0") as server:
            bearer = {"Authorization": f"Bearer {token}"}
            answer = httpx.get(f"{server.url}/metrics", headers=bearer, timeout=60).text
            threads.append(psutil.Process(server.process.pid).num_threads())
            assert ("mus_watcher_up 1.0" in answer) is (watch == "true")
    folders = len([path for path in music.rglob("*") if path.is_dir()]) + 1
    assert f"mus_watched_folders {folders}.0" in answer
    assert "mus_pending_folders 0.0" in answer
    assert threads[1] - threads[0] == 2
