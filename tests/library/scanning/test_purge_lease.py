"""A purge and a scan never run beside each other, and a purge is a row of its own kind."""

import json
import signal
import subprocess
from datetime import timedelta
from pathlib import Path

import pytest
from django.db.models import Q
from django.utils import timezone
from django_eventstream.models import Event

from events.storage import latest_id
from library.models.catalogue import Track
from library.models.revision import Revision
from library.models.scan import Scan, ScanKind, ScanState, ScanTrigger
from library.runner.scan_process import request_cancel
from library.runner.schedule import is_due
from library.scanning import (
    LeaseLost,
    PurgeCounts,
    ScanAlreadyRuns,
    close_dead_scans,
    count_purgeable,
    purge,
    purge_missing,
)
from library.scanning.closing import EXPIRES_AFTER
from library.scanning.lease import acquire
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
delete = purge._Purge.delete
def delete_slowly(*arguments):
    count = delete(*arguments)
    time.sleep(0.05)
    return count
purge._Purge.delete = delete_slowly
print(purge.purge_missing())
"""

PRUNE = PURGE.replace(
    "print(purge.purge_missing())",
    "from django.core.management import call_command\n"
    "call_command('scan_tracks', '--prune-missing')",
)


def shell(installation: Installation, code: str) -> subprocess.CompletedProcess[str]:
    return installation.manage("shell", "--no-imports", "-c", code)


def tracks(installation: Installation) -> int:
    return int(installation.query("SELECT count(*) FROM library_track")[0][0])


def scans(installation: Installation) -> list[tuple[str, str]]:
    return installation.query("SELECT kind, state FROM library_scan ORDER BY id")


def said(installation: Installation) -> list[str]:
    """The messages of all events."""
    rows = installation.query("SELECT data FROM django_eventstream_event WHERE eid > 0 ORDER BY id")
    return [json.loads(data)["message_to_show"] for (data,) in rows]


def events(installation: Installation) -> int:
    return len(said(installation))


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
    assert tracks(installation) == 1
    assert scans(installation) == [("purge", "completed"), ("scan", "completed")]
    assert events(installation) == 2


def test_a_purge_that_is_killed_blocks_no_scan_and_is_recorded(
    installation: Installation, purging: Process
) -> None:
    purging.kill()
    purging.wait()
    left = tracks(installation)
    assert installation.scan()["exit_code"] == 0
    assert scans(installation) == [("purge", "failed"), ("scan", "completed")]
    rows = installation.query("SELECT purged, message FROM library_scan ORDER BY id")
    assert rows[0] == (MANY - left, "The purge of missing tracks was interrupted.")
    assert said(installation)[0] == (
        f"The purge of missing tracks failed. Purged {MANY - left:,} missing tracks."
    )
    assert installation.scan("--prune-missing")["purged"]["tracks"] == left
    assert tracks(installation) == 1


def test_a_purge_after_its_scan_has_a_row_and_an_event_of_its_own(
    installation: Installation,
) -> None:
    for name in ("a", "b"):
        make_audio(installation.music / f"{name}.mp3")
    installation.scan()
    (installation.music / "a.mp3").unlink()
    assert installation.scan("--prune-missing")["purged"]["tracks"] == 1
    assert [kind for kind, _ in scans(installation)] == ["scan", "scan", "purge"]
    assert said(installation)[2] == "Purged 1 missing track."
    assert installation.scan("--prune-missing")["purged"]["tracks"] == 0
    assert len(scans(installation)) == len(said(installation)) == 4


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


def test_its_row_is_no_scan(music: Path, scan: ScanCall) -> None:
    make_audio(music / "a.mp3")
    report = scan()
    with held_for(ScanKind.PURGE, PURGING) as lease:
        assert [each.pk for each in Scan.objects.scans()] == [report.scan_id]
        assert not is_due(timezone.now() + timedelta(days=1), timezone.now())
        with pytest.raises(ScanAlreadyRuns, match=PURGING):
            scan()
        with pytest.raises(ScanAlreadyRuns, match=PURGING):
            purge_missing()
        lease.give_back()
    assert purge_missing() == PurgeCounts()
    assert [each.pk for each in Scan.objects.all()] == [report.scan_id]


def test_the_schedule_takes_no_purge_for_the_last_scan(music: Path, scan: ScanCall) -> None:
    make_audio(music / "a.mp3")
    scan()
    began = timezone.now() - timedelta(days=2)
    a_day_ago = timezone.now() - timedelta(days=1)
    Scan.objects.update(started_at=a_day_ago, finished_at=a_day_ago)
    Track.objects.update(missing_since=timezone.now())
    assert purge_missing().tracks == 1
    assert Scan.objects.latest("pk").kind == ScanKind.PURGE
    assert is_due(timezone.now(), began)


def test_its_row_says_why_it_failed(music: Path, db: None) -> None:
    def fail() -> None:
        with held_for(ScanKind.PURGE, PURGING):
            raise RuntimeError("the disk is full")

    with pytest.raises(RuntimeError):
        fail()
    row = Scan.objects.get()
    assert (row.kind, row.state, row.error) == ("purge", "failed", "the disk is full")
    assert row.message == "The purge of missing tracks failed: the disk is full"
    assert latest_id() == 0


def test_a_purge_is_an_audit_record_with_one_event(music: Path, scan: ScanCall) -> None:
    make_audio(music / "a.mp3", album="Album")
    scan()
    before = Revision.objects.get().number
    Track.objects.update(missing_since=timezone.now())
    counts = purge_missing(trigger=ScanTrigger.ADMIN)
    row = Scan.objects.get(kind=ScanKind.PURGE)
    assert (row.state, row.trigger, row.purged) == ("completed", "admin", 1)
    assert row.message == (
        "Purged 1 missing track, and 1 album and 1 artist that have no tracks left."
    )
    assert row.revision == Revision.objects.get().number > before
    assert counts.event_id == latest_id()
    assert json.loads(Event.objects.get(eid=counts.event_id).data) == {
        "message_to_show": "Purged 1 missing track.",
        "message_level": "success",
        "action_key": "reload_tracks",
        "action_payload": {"revision": row.revision, "counts": {"purged": 1}},
    }


def test_a_purge_can_be_cancelled_between_two_portions(
    music: Path, scan: ScanCall, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(purge, "BATCH_SIZE", 2)
    for number in range(5):
        make_audio(music / f"{number}.mp3", title=f"{number}")
    scan()
    Track.objects.update(missing_since=timezone.now())
    with held_for(ScanKind.PURGE, PURGING) as lease:
        deleting = purge._Purge(lease)
        ids = list(Track.objects.values_list("pk", flat=True))
        deleting.delete(Track.objects.filter(pk__in=ids[:2]))
        assert request_cancel(lease.scan_id)
        deleting.run(ids[2:], Q())
        counts = deleting.close([])
    assert (counts.tracks, counts.was_cancelled, Track.objects.count()) == (2, True, 3)
    row = Scan.objects.get(kind=ScanKind.PURGE)
    assert (row.state, row.purged) == ("cancelled", 2)
    assert json.loads(Event.objects.get(eid=latest_id()).data)["message_to_show"] == (
        "The purge of missing tracks was cancelled. Purged 2 missing tracks."
    )


@pytest.mark.parametrize("by", ["SIGTERM", "an administrator"])
def test_the_command_ends_with_a_code_of_its_own_when_its_purge_is_cancelled(
    installation: Installation, ended: Keep, by: str
) -> None:
    make_audio(installation.music / "a.mp3")
    assert installation.scan()["exit_code"] == 0
    assert shell(installation, FILL).returncode == 0
    process = ended(installation.start("shell", "--no-imports", "-c", PRUNE))
    wait_until(lambda: tracks(installation) < MANY)
    if by == "SIGTERM":
        process.terminate()
    else:
        cancel = "from library.runner.scan_process import request_cancel\nrequest_cancel({})"
        [(running,)] = installation.query("SELECT id FROM library_scan WHERE state = 'running'")
        assert shell(installation, cancel.format(running)).returncode == 0
    out, err = process.communicate(timeout=60)
    assert process.returncode == 7, err
    assert "The purge was cancelled. Purged " in out
    assert 1 < tracks(installation) < MANY
    assert scans(installation)[-1] == ("purge", "cancelled")


def test_a_purge_that_has_been_silent_for_too_long_loses_its_lease(
    music: Path, scan: ScanCall
) -> None:
    make_audio(music / "a.mp3")
    for _ in range(2):
        acquire(ScanOptions(), ScanKind.PURGE, PURGING)
        running = Scan.objects.filter(state=ScanState.RUNNING)
        running.update(heartbeat_at=timezone.now() - 2 * EXPIRES_AFTER)
        assert close_dead_scans() == []
    assert {row.state for row in Scan.objects.all()} == {"failed"}
    acquire(ScanOptions(), ScanKind.PURGE, PURGING)
    running.update(heartbeat_at=timezone.now() - 2 * EXPIRES_AFTER)
    assert scan().state == ScanState.COMPLETED
    assert [row.kind for row in Scan.objects.order_by("pk")] == [*["purge"] * 3, "scan"]


def test_a_purge_whose_lease_was_taken_over_deletes_nothing_more(
    music: Path, scan: ScanCall
) -> None:
    make_audio(music / "a.mp3")
    scan()
    Track.objects.update(missing_since=timezone.now())
    with held_for(ScanKind.PURGE, PURGING) as lease:
        Scan.objects.filter(pk=lease.scan_id).delete()
        with pytest.raises(LeaseLost):
            purge._Purge(lease).delete(Track.objects.all())
    assert Track.objects.count() == 1
