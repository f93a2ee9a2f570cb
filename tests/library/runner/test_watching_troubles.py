"""What a server that watches does when something is in the way of its scans."""

import os
import shutil
import signal
import subprocess
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.audio_files import make_audio
from tests.library.runner.house import House, wait_until
from tests.library.runner.test_watching import ids, paths, watch_scans

WATCHES = {"WATCH": "true", "SCAN_INTERVAL_SECONDS": "86400"}
EVENTS_OF_A_FULL_QUEUE = 17_000
END = "UPDATE library_scan SET started_at = ?, finished_at = ?, state = 'completed' WHERE id = 2"
TIME = "%Y-%m-%d %H:%M:%S.%f"
SCAN_ELSEWHERE = """
from library.models.scan import Scan
from library.scanning import ScanOptions
from library.scanning.lease import acquire
scan = acquire(ScanOptions(trigger="api")).scan_id
Scan.objects.filter(pk=scan).update(host_name="elsewhere")
"""

pytestmark = pytest.mark.server


@pytest.fixture
def music(house: House) -> Path:
    """The music folder of the house."""
    return house.folder / "music"


@pytest.fixture
def house(small_house: House) -> House:
    return small_house


def test_a_queue_of_events_that_overflows(house: House, music: Path, tmp_path: Path) -> None:
    """The server does not read it for a while, as on a machine under load."""
    make_audio(tmp_path / "new.mp3", title="new")
    with house.serve(**WATCHES) as server:
        wait_until(house.is_over)
        server.process.send_signal(signal.SIGSTOP)
        for number in range(EVENTS_OF_A_FULL_QUEUE):  # equal ones in a row would count as one
            os.utime(music / f"{number % 2}" / f"{number % 2}.mp3")
        (music / "unseen" / "deep").mkdir(parents=True)
        shutil.copy2(tmp_path / "new.mp3", music / "unseen" / "deep")
        server.process.send_signal(signal.SIGCONT)
        wait_until(lambda: "unseen/deep/new.mp3" in paths(house))
        assert "Too many files changed at once" in server.output()
        shutil.copy2(tmp_path / "new.mp3", music / "unseen" / "deep" / "later.mp3")
        wait_until(lambda: "unseen/deep/later.mp3" in paths(house))


@pytest.mark.parametrize("began_after_change", [True, False])
def test_a_scan_of_another_server(house: House, music: Path, *, began_after_change: bool) -> None:
    """The folders wait for its end, and for no other scan if it has seen the change."""
    with house.serve(**WATCHES) as server:
        wait_until(house.is_over)
        server.python(SCAN_ELSEWHERE)
        make_audio(music / "0" / "new.mp3", title="new")
        time.sleep(4)
        assert len(house.scans()) == 2
        now = datetime.now(UTC)
        began = now - timedelta(seconds=2 if began_after_change else 20)
        house.execute(END, f"{began:{TIME}}", f"{now:{TIME}}")
        if began_after_change:
            time.sleep(6)
            assert len(house.scans()) == 2
        else:
            wait_until(lambda: "0/new.mp3" in paths(house))
            assert len(house.scans()) == 3


def test_a_scan_that_fails_is_tried_again(house: House, music: Path) -> None:
    with house.serve(**WATCHES):
        wait_until(house.is_over)
        house.execute("ALTER TABLE library_genre RENAME TO away")
        make_audio(music / "New" / "new.mp3", title="new", genre="Jazz")
        wait_until(lambda: watch_scans(house) and house.is_over())
        house.execute("ALTER TABLE away RENAME TO library_genre")
        wait_until(lambda: "New/new.mp3" in paths(house) and house.is_over())
    assert [scan["state"] for scan in watch_scans(house)] == ["failed", "completed"]


def test_a_root_that_goes_and_comes_back(house: House, music: Path) -> None:
    with house.serve(**WATCHES) as server:
        wait_until(house.is_over)
        before = ids(house)
        away = music.rename(music.with_name("away"))
        time.sleep(7)
        make_audio(away / "0" / "new.mp3", title="new")
        assert watch_scans(house) == []
        away.rename(music)
        wait_until(lambda: "0/new.mp3" in paths(house))
        make_audio(music / "0" / "later.mp3", title="later")
        wait_until(lambda: "0/later.mp3" in paths(house))
        assert before.items() <= ids(house).items()
        assert "Traceback" not in server.output()


def test_a_root_that_is_replaced(house: House, music: Path) -> None:
    with house.serve(**WATCHES):
        wait_until(house.is_over)
        shutil.copytree(music, music.with_name("copy"))
        make_audio(music.with_name("copy") / "0" / "new.mp3", title="new")
        music.rename(music.with_name("away"))
        music.with_name("copy").rename(music)
        wait_until(lambda: "0/new.mp3" in paths(house))
        make_audio(music / "0" / "later.mp3", title="later")
        wait_until(lambda: "0/later.mp3" in paths(house))


def test_a_root_that_is_not_there_yet(house: House, music: Path) -> None:
    later = house.folder / "later"
    with house.serve(**WATCHES, MUSIC_DIR=f"{music}:{later}"):
        wait_until(house.is_over)
        make_audio(later / "new.mp3", title="new")
        wait_until(lambda: "new.mp3" in paths(house))


def test_a_folder_that_came_and_went_costs_the_others_nothing(house: House, music: Path) -> None:
    with house.serve(**WATCHES):
        wait_until(house.is_over)
        make_audio(music / "temporary" / "song.mp3", title="temporary")
        make_audio(music / "0" / "new.mp3", title="new")
        shutil.rmtree(music / "temporary")
        wait_until(lambda: "0/new.mp3" in paths(house))
        time.sleep(3)
        assert len(watch_scans(house)) == 1


def test_a_database_that_is_away_for_a_while(house: House, music: Path) -> None:
    with house.serve(**WATCHES) as server:
        wait_until(house.is_over)
        house.execute("ALTER TABLE library_scan RENAME TO away")
        make_audio(music / "0" / "new.mp3", title="new")
        wait_until(lambda: "Changed folders could not be scanned" in server.output())
        make_audio(music / "1" / "new.mp3", title="new")
        time.sleep(6)
        assert server.output().count("Changed folders could not be scanned") == 1
        house.execute("ALTER TABLE away RENAME TO library_scan")
        wait_until(lambda: {"0/new.mp3", "1/new.mp3"} <= paths(house))


def test_a_disk_that_is_mounted_in_a_root(house: House, music: Path, tmp_path: Path) -> None:
    (music / "disk").mkdir()
    with house.serve(**WATCHES):
        wait_until(house.is_over)
        command = ["mount", "-t", "tmpfs", "tmpfs", str(music / "disk")]
        if os.geteuid() or subprocess.run(command, check=False, capture_output=True).returncode:
            pytest.skip("needs the right to mount")
        try:
            make_audio(music / "disk" / "album" / "new.mp3", title="new")
            wait_until(lambda: "disk/album/new.mp3" in paths(house))
            make_audio(music / "disk" / "album" / "later.mp3", title="later")
            wait_until(lambda: "disk/album/later.mp3" in paths(house))
        finally:
            subprocess.run(["umount", "-l", music / "disk"], check=True)
        time.sleep(6)
        assert "disk/album/new.mp3" in paths(house)


def test_without_a_schedule_or_with_no_scan(house: House, music: Path) -> None:
    with house.serve("--no-scan", WATCH="true"):
        make_audio(music / "0" / "new.mp3", title="new")
        time.sleep(6)
        assert house.scans() == []


def test_a_server_with_changes_that_wait_ends_at_once(house: House, music: Path) -> None:
    with house.serve(**WATCHES) as server:
        wait_until(house.is_over)
        make_audio(music / "0" / "new.mp3", title="new")
        time.sleep(1)
        code, seconds = server.end()
    assert code == 0
    assert seconds < 30
