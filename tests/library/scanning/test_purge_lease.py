"""A purge and a scan never run beside each other, and a purge leaves no trace among the scans."""

import signal
import subprocess
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from library.models.catalogue import Track
from library.models.scan import Scan, ScanState
from library.runner.schedule import is_due
from library.scanning import (
    LeaseLost,
    ScanAlreadyRuns,
    close_dead_scans,
    count_purgeable,
    purge,
    purge_missing,
)
from library.scanning.lease import EXPIRES_AFTER, acquire
from library.scanning.other_work import held_for
from library.scanning.purge import PURGING
from library.scanning.report import ScanOptions
from tests.audio_files import make_audio
from tests.library.scanning.conftest import Installation
from tests.library.scanning.conftest import Scan as ScanCall
from tests.library.scanning.test_interruptions import (
    Keep,
    Process,
    stop_between_batches,
    wait_until,
)

MANY = 10_000
FILL = f"""
from django.utils import timezone
from library.models.catalogue import Track
Track.objects.bulk_create(
    (Track(root="/music", path=f"gone {{n}}.mp3", mtime_ns=0, size_bytes=1, title="t", artist="a",
           title_key="t", artist_key="a", search_text="t", missing_since=timezone.now(), revision=1)
     for n in range({MANY})), batch_size=1000,
)
"""
# With a pause after each batch, in which it can be stopped without a lock on the database.
PURGE = """
import time
from library.scanning import purge
delete = purge._delete_tracks
def delete_slowly(*arguments):
    count = delete(*arguments)
    time.sleep(0.05)
    return count
purge._delete_tracks = delete_slowly
print(purge.purge_missing())
"""


def shell(installation: Installation, code: str) -> subprocess.CompletedProcess[str]:
    return installation.manage("shell", "--no-imports", "-c", code)


def tracks(installation: Installation) -> int:
    return int(installation.query("SELECT count(*) FROM library_track")[0][0])


def scans(installation: Installation) -> list[tuple[str]]:
    return installation.query("SELECT state FROM library_scan ORDER BY id")


def events(installation: Installation) -> int:
    return int(
        installation.query("SELECT count(*) FROM django_eventstream_event WHERE eid > 0")[0][0]
    )


@pytest.fixture
def purging(installation: Installation, ended: Keep) -> Process:
    """A process in the midst of its purge, stopped where it holds no lock."""
    make_audio(installation.music / "a.mp3")
    assert shell(installation, FILL).returncode == 0
    process = ended(installation.start("shell", "--no-imports", "-c", PURGE))
    wait_until(lambda: tracks(installation) < MANY)
    stop_between_batches(installation, process)
    assert 0 < tracks(installation) < MANY
    return process


def test_a_scan_that_begins_while_tracks_are_purged_is_refused(
    installation: Installation, purging: Process
) -> None:
    refused = installation.manage("scan_tracks")
    assert refused.returncode == 4
    assert PURGING in refused.stderr
    assert f"(process {purging.pid})" in refused.stderr
    purging.send_signal(signal.SIGCONT)
    out, err = purging.communicate(timeout=60)
    assert f"tracks={MANY}" in out, err
    assert installation.scan()["exit_code"] == 0
    assert (tracks(installation), scans(installation)) == (1, [("completed",)])
    assert events(installation) == 1


def test_a_purge_that_is_killed_blocks_no_scan_and_is_none_itself(
    installation: Installation, purging: Process
) -> None:
    purging.kill()
    purging.wait()
    left = tracks(installation)
    assert installation.scan()["exit_code"] == 0
    assert scans(installation) == [("completed",)]
    assert events(installation) == 1
    assert installation.scan("--prune-missing")["purged"]["tracks"] == left
    assert tracks(installation) == 1


def test_a_purge_after_its_scan_makes_one_event_with_it(installation: Installation) -> None:
    for name in ("a", "b"):
        make_audio(installation.music / f"{name}.mp3")
    installation.scan()
    (installation.music / "a.mp3").unlink()
    assert installation.scan("--prune-missing")["purged"]["tracks"] == 1
    assert scans(installation) == [("completed",)] * 2
    assert events(installation) == 2


def test_a_purge_that_another_scan_keeps_from_beginning_is_said_after_the_scan(
    installation: Installation,
) -> None:
    make_audio(installation.music / "a.mp3")
    code = (
        "from django.core.management import call_command\n"
        "from library.management.commands import scan_tracks\n"
        "from library.scanning.lease import acquire\n"
        "from library.scanning import ScanOptions\n"
        "purge = scan_tracks.purge_missing\n"
        "def begun_meanwhile(**what): acquire(ScanOptions()); return purge(**what)\n"
        "scan_tracks.purge_missing = begun_meanwhile\n"
        "call_command('scan_tracks', prune_missing=True, json=True, workers=0)\n"
    )
    done = shell(installation, code)
    assert done.returncode == 4
    assert '"purged": null' in done.stdout
    assert "its purge is not: Another scan runs" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_purge_beside_a_scan_is_refused(music: Path, scan: ScanCall) -> None:
    make_audio(music / "a.mp3")
    scan()
    Track.objects.update(missing_since=timezone.now())
    lease = acquire(ScanOptions())
    with pytest.raises(ScanAlreadyRuns, match=rf"number {lease.scan_id},.*purge when it is over"):
        purge_missing()
    assert count_purgeable().tracks == 1


def test_its_row_is_no_scan_while_it_runs_and_gone_afterwards(music: Path, scan: ScanCall) -> None:
    make_audio(music / "a.mp3")
    report = scan()
    with held_for(PURGING):
        assert [each.pk for each in Scan.objects.scans()] == [report.scan_id]
        assert not is_due(timezone.now() + timedelta(days=1), timezone.now())
        with pytest.raises(ScanAlreadyRuns, match=PURGING):
            scan()
        with pytest.raises(ScanAlreadyRuns, match=PURGING):
            purge_missing()
    assert [each.pk for each in Scan.objects.all()] == [report.scan_id]


def test_its_row_is_gone_when_it_fails(music: Path, db: None) -> None:
    def fail() -> None:
        with held_for(PURGING):
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert not Scan.objects.exists()


def test_a_purge_that_has_been_silent_for_too_long_loses_its_lease(
    music: Path, scan: ScanCall
) -> None:
    make_audio(music / "a.mp3")
    acquire(ScanOptions(), PURGING)
    Scan.objects.update(heartbeat_at=timezone.now() - 2 * EXPIRES_AFTER)
    assert close_dead_scans() == []
    assert not Scan.objects.exists()
    acquire(ScanOptions(), PURGING)
    Scan.objects.update(heartbeat_at=timezone.now() - 2 * EXPIRES_AFTER)
    assert scan().state == ScanState.COMPLETED
    assert Scan.objects.count() == 1


def test_a_purge_whose_lease_was_taken_over_deletes_nothing_more(
    music: Path, scan: ScanCall
) -> None:
    make_audio(music / "a.mp3")
    scan()
    Track.objects.update(missing_since=timezone.now())
    with held_for(PURGING) as lease:
        Scan.objects.filter(pk=lease.scan_id).delete()
        with pytest.raises(LeaseLost):
            purge._delete_tracks(lease, list(Track.objects.values_list("pk", flat=True)), Counter())
    assert Track.objects.count() == 1
