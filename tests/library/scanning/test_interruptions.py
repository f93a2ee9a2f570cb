"""Scans that are killed, cancelled, or met by another one."""

import os
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from library.models.catalogue import Track
from library.models.scan import Scan, ScanState
from library.scanning import ScanAlreadyRuns, ScanOptions, scan_library
from library.scanning.closing import EXPIRES_AFTER
from library.scanning.lease import acquire
from tests.audio_files import make_audio
from tests.databases import is_being_written
from tests.library.scanning.conftest import Installation
from tests.library.scanning.conftest import Scan as ScanCall

Process = subprocess.Popen[str]
Keep = Callable[[Process], Process]
BATCH_SIZE = 25


def fill(folder: Path, count: int) -> None:
    for number in range(count):
        make_audio(folder / f"{number % 10}" / f"{number:04}.mp3", title=f"Song {number}")


def wait_until(condition: Callable[[], bool], seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.01)


def stored(installation: Installation) -> int:
    return int(installation.query("SELECT count(*) FROM library_track")[0][0])


def stop_between_batches(installation: Installation, process: Process) -> None:
    """Stop the process where it holds no lock on the database."""
    while True:
        process.send_signal(signal.SIGSTOP)
        if not is_being_written(installation.database):
            return
        process.send_signal(signal.SIGCONT)
        time.sleep(0.005)


def start_and_wait_for_first_batch(installation: Installation, keep: Keep) -> Process:
    process = keep(installation.start("scan_tracks", "--json", "--batch-size", str(BATCH_SIZE)))
    wait_until(lambda: stored(installation) > 0)
    return process


def test_a_killed_scan_leaves_whole_batches_and_the_next_one_finishes_the_work(
    installation: Installation, ended: Keep
) -> None:
    fill(installation.music, 1000)
    process = start_and_wait_for_first_batch(installation, ended)
    readers = psutil.Process(process.pid).children(recursive=True)
    process.kill()
    process.wait()
    kept = stored(installation)
    assert 0 < kept < 1000
    assert kept % BATCH_SIZE == 0
    assert installation.query(
        "SELECT count(*) FROM library_track WHERE id NOT IN "
        "(SELECT track_id FROM library_trackartist)"
    ) == [(0,)]
    wait_until(lambda: not any(reader.is_running() for reader in readers), 5)
    report = installation.scan()
    assert report["counts"]["added"] == 1000 - kept
    assert installation.query("SELECT state, error != '' FROM library_scan ORDER BY id") == [
        ("failed", 1),
        ("completed", 0),
    ]


@pytest.mark.parametrize("signal_number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_a_scan_within_a_second_with_what_it_had_stored(
    installation: Installation, ended: Keep, signal_number: signal.Signals
) -> None:
    fill(installation.music, 1000)
    process = start_and_wait_for_first_batch(installation, ended)
    process.send_signal(signal_number)
    began = time.monotonic()
    process.wait(timeout=10)
    assert process.returncode == 7
    assert time.monotonic() - began < 5  # a second on a machine that does nothing else
    assert stored(installation) % BATCH_SIZE == 0
    assert installation.query("SELECT state FROM library_scan") == [("cancelled",)]


@pytest.mark.parametrize("signal_number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_to_the_whole_process_group_is_a_clean_end_too(
    installation: Installation, signal_number: signal.Signals
) -> None:
    """As a terminal or systemd sends it: the readers get it as well."""
    fill(installation.music, 1000)
    process = installation.start(
        "scan_tracks", "--json", "--batch-size", str(BATCH_SIZE), before=("setsid",)
    )
    try:
        wait_until(lambda: stored(installation) > 0)
        os.killpg(process.pid, signal_number)
        assert process.wait(timeout=10) == 7
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate()
    assert installation.query("SELECT state FROM library_scan") == [("cancelled",)]
    assert installation.query("SELECT path FROM library_scanfailure") == []


def test_a_cancel_request_on_the_row_ends_the_scan(music: Path, scan: ScanCall) -> None:
    fill(music, 5)

    def request() -> bool:
        Scan.objects.update(cancel_requested=True)
        time.sleep(0.5)
        return False

    report = scan(workers=0, is_cancelled=request)
    assert report.state == ScanState.CANCELLED
    assert Scan.objects.get().state == "cancelled"


def test_a_cancel_request_is_seen_however_quickly_batches_follow_each_other(
    music: Path, scan: ScanCall
) -> None:
    fill(music, 60)

    def request() -> bool:
        # The row of the music folder, the first that a scan stores, is in a commit of its own.
        Scan.objects.update(cancel_requested=Track.objects.exists())
        time.sleep(0.02)
        return False

    report = scan(workers=0, batch_size=1, is_cancelled=request)
    assert report.state == ScanState.CANCELLED
    assert 0 < report.counts.added < 60


def test_two_scans_at_once_in_two_processes(installation: Installation, ended: Keep) -> None:
    fill(installation.music, 1000)
    process = start_and_wait_for_first_batch(installation, ended)
    stop_between_batches(installation, process)  # or it might be over before the second begins
    second = installation.manage("scan_tracks")
    process.send_signal(signal.SIGCONT)
    assert second.returncode == 4
    assert "Another scan runs" in second.stderr
    process.communicate(timeout=60)
    assert process.returncode == 0
    assert stored(installation) == 1000


def test_many_scans_started_at_the_same_moment_are_one(
    installation: Installation, ended: Keep
) -> None:
    fill(installation.music, 200)
    processes = [ended(installation.start("scan_tracks", "--quiet")) for _ in range(4)]
    codes = sorted(process.wait(timeout=60) for process in processes)
    assert set(codes) <= {0, 4}
    assert 0 in codes
    assert stored(installation) == 200


def test_a_lease_is_refused_while_its_holder_lives(music: Path, db: None) -> None:
    acquire(ScanOptions())
    with pytest.raises(ScanAlreadyRuns, match=f"process {os.getpid()}"):
        scan_library(ScanOptions(workers=0))


def test_a_lease_of_another_host_expires_with_its_heartbeat(music: Path, db: None) -> None:
    lease = acquire(ScanOptions())
    held = Scan.objects.filter(pk=lease.scan_id)
    held.update(host_name="elsewhere", process_id=1)
    with pytest.raises(ScanAlreadyRuns):
        scan_library(ScanOptions(workers=0))
    held.update(heartbeat_at=held.get().heartbeat_at - EXPIRES_AFTER * 2)
    assert scan_library(ScanOptions(workers=0)).state == ScanState.COMPLETED
    assert held.get().state == ScanState.FAILED


def test_a_scan_that_lost_its_lease_writes_nothing_more(music: Path, scan: ScanCall) -> None:
    fill(music, 5)

    def lose() -> bool:
        Scan.objects.filter(state="running").update(
            state="failed", finished_at="2026-01-01T00:00Z", error="taken over"
        )
        return False

    report = scan(workers=0, is_cancelled=lose)
    assert report.state == ScanState.FAILED
    assert not Track.objects.exists()
    assert Scan.objects.get().error == "taken over"
