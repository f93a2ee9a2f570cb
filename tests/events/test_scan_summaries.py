"""What a scan says at its end, exactly once, whatever its end was."""

import json
import threading
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone
from django_eventstream.models import Event

from events.storage import latest_id
from library.models.catalogue import Track
from library.models.scan import Scan, ScanState
from library.queries.revision import library_revision
from library.queries.scan_changes import ScanNews
from library.scanning import ScanOptions, ScanReport, scan_library
from library.scanning.closing import close_dead_scans, record_end
from library.scanning.lease import acquire
from library.scanning.report import ScanCounts, ScanEnding
from tests.audio_files import make_audio
from tests.databases import refused_inserts
from tests.library.scanning.conftest import Installation

pytestmark = pytest.mark.django_db

FAILED = "Music library scan failed. The scan's page in the admin says why."
NO_PROCESS = 2**22 + 1  # above the highest process id that Linux gives


def scan(**options: Any) -> ScanReport:
    return scan_library(ScanOptions(workers=0, **options))


def stored() -> list[dict[str, Any]]:
    """The payloads of all events but the placeholder."""
    events = Event.objects.filter(channel="track-updates", eid__gt=0).order_by("eid")
    return [json.loads(data) for data in events.values_list("data", flat=True)]


def only_event(report: ScanReport) -> dict[str, Any]:
    (payload,) = stored()
    assert report.event_id == latest_id()
    assert report.message == Scan.objects.get().message
    if report.state != ScanState.FAILED:
        assert payload["message_to_show"] == report.message
    return payload


def make_dead_scan(**facts: Any) -> Scan:
    long_ago = timezone.now() - timedelta(hours=1)
    return Scan.objects.create(
        **{"trigger": "command", "process_id": NO_PROCESS, "heartbeat_at": long_ago, **facts}
    )


def test_a_scan_that_changed_something_asks_to_reload_with_revision_and_counts(music: Path) -> None:
    make_audio(music / "a.flac", title="a")
    report = scan()
    assert only_event(report) == {
        "message_to_show": "Music library scan completed. 1 items processed.",
        "message_level": "success",
        "action_key": "reload_tracks",
        "action_payload": {
            "revision": library_revision()[0],
            "counts": {
                **asdict(ScanCounts(seen=1, added=1)),
                **asdict(ScanNews(albums=0, added_alone=1, damaged=0)),
            },
        },
    }


def test_a_scan_that_changed_nothing_says_so_and_asks_for_nothing(music: Path) -> None:
    make_audio(music / "a.flac", title="a")
    scan()
    scan()
    assert stored()[1] == {
        "message_to_show": "Music library scan completed. 1 items processed.",
        "message_level": "info",
        "action_key": None,
        "action_payload": None,
    }


def test_a_track_that_went_missing_is_a_reason_to_reload(music: Path) -> None:
    for name in ("a", "b"):
        make_audio(music / f"{name}.flac", title=name)
    scan()
    (music / "a.flac").unlink()
    scan()
    payload = stored()[1]
    assert (payload["message_level"], payload["action_key"]) == ("success", "reload_tracks")
    assert payload["action_payload"]["counts"]["missing"] == 1


def test_files_that_failed_are_a_warning_with_their_number(music: Path) -> None:
    make_audio(music / "a.flac", title="a")
    (music / "b.flac").write_bytes(b"no audio at all")
    payload = only_event(scan())
    assert payload["message_level"] == "warning"
    assert "1 failed" in payload["message_to_show"]
    assert payload["action_key"] == "reload_tracks"


def test_a_scan_that_failed_is_an_error_whose_reason_stands_on_its_row_alone(music: Path) -> None:
    music.rmdir()
    payload = only_event(scan())
    assert payload["message_level"] == "error"
    assert payload["message_to_show"] == FAILED
    assert str(music) in Scan.objects.get().message
    assert payload["action_key"] is None


def test_a_cancelled_scan_asks_to_reload_for_what_it_had_stored(music: Path) -> None:
    for number in range(20):
        make_audio(music / f"{number}.flac", title=str(number))
    report = scan(batch_size=1, is_cancelled=lambda: Track.objects.count() > 4)
    assert report.state == ScanState.CANCELLED
    assert 0 < report.counts.added < 20
    payload = only_event(report)
    assert (payload["message_level"], payload["action_key"]) == ("info", "reload_tracks")


def test_a_fault_in_the_scan_is_an_event_too(music: Path) -> None:
    make_audio(music / "a.mp3")

    def fail() -> bool:
        raise ZeroDivisionError("a bug")

    with pytest.raises(ZeroDivisionError):
        scan(is_cancelled=fail)
    (payload,) = stored()
    assert payload["message_level"] == "error"
    assert payload["message_to_show"] == FAILED
    assert "a bug" in Scan.objects.get().message


@pytest.mark.parametrize(
    ("state", "told"),
    [
        (ScanState.FAILED, FAILED),
        (
            ScanState.CANCELLED,
            "Music library scan cancelled. 5 items seen; what was stored is kept.",
        ),
    ],
)
def test_why_a_process_ended_stands_on_the_row_alone(state: ScanState, told: str) -> None:
    scan = make_dead_scan(seen=5)
    reason = "Its process could not be started: [Errno 13] Permission denied: '/opt/mus/python'."
    assert record_end(scan.pk, state, reason) == latest_id()
    (payload,) = stored()
    assert payload["message_to_show"] == told
    assert reason in Scan.objects.get().message


def test_many_batches_are_one_event(music: Path) -> None:
    for number in range(10):
        make_audio(music / f"{number}.flac", title=str(number))
    report = scan(batch_size=1)
    assert report.transactions >= 10
    assert only_event(report)["action_payload"]["counts"]["added"] == 10


def test_a_lost_lease_stores_nothing() -> None:
    lease = acquire(ScanOptions())
    Scan.objects.update(process_id=NO_PROCESS)
    (buried,) = close_dead_scans()
    ending = ScanEnding(
        state=ScanState.COMPLETED,
        counts=ScanCounts(),
        message="done",
        error="",
        ignored={},
        emptied=[],
    )
    assert lease.close(ending) is None
    assert latest_id() == buried
    assert Scan.objects.get().state == ScanState.FAILED


@pytest.mark.django_db(transaction=True)
def test_where_the_event_cannot_be_stored_the_row_stays_open(music: Path) -> None:
    make_audio(music / "a.flac", title="a")
    with refused_inserts(connection, "django_eventstream_event"):
        report = scan()
    assert report.event_id is None
    assert (Scan.objects.get().state, Scan.objects.get().finished_at) == ("running", None)
    assert latest_id() == 0
    assert stored() == []


def test_a_scan_that_died_is_buried_once_with_an_event_that_says_what_happened() -> None:
    dead = make_dead_scan(added=3, seen=5)
    assert close_dead_scans() == [latest_id()]
    assert close_dead_scans() == []
    dead.refresh_from_db()
    (payload,) = stored()
    assert dead.state == ScanState.FAILED
    assert payload["message_to_show"] == dead.message
    assert "interrupted" in payload["message_to_show"]
    assert (payload["message_level"], payload["action_key"]) == ("error", "reload_tracks")
    assert payload["action_payload"]["revision"] == library_revision()[0]


def test_the_next_scan_buries_a_dead_one_with_its_event(music: Path) -> None:
    make_dead_scan()
    scan()
    assert [payload["message_level"] for payload in stored()] == ["error", "info"]


def test_a_scan_that_lives_is_not_buried() -> None:
    acquire(ScanOptions())
    assert close_dead_scans() == []
    assert Scan.objects.get().state == ScanState.RUNNING


@pytest.mark.django_db(transaction=True)
def test_of_two_who_bury_the_same_scan_one_stores_an_event() -> None:
    make_dead_scan()
    together = threading.Barrier(4)
    buried: list[int] = []

    def bury() -> None:
        together.wait()
        buried.extend(close_dead_scans())
        connection.close()

    threads = [threading.Thread(target=bury) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(buried) == len(stored()) == 1


def test_looking_for_dead_scans_is_one_query(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        close_dead_scans()


def test_the_command_prints_the_number_of_its_event(installation: Installation) -> None:
    make_audio(installation.music / "a.flac", title="a")
    assert installation.scan()["event_id"] == 1
    assert installation.query(
        "SELECT eid, type FROM django_eventstream_event WHERE eid > 0 AND channel = 'track-updates'"
    ) == [(1, "message")]
