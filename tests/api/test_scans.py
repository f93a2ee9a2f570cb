"""`scans`: the history and progress from rows, and a real server that scans."""

import os
import socket
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from library.models.scan import Scan, ScanFailure, ScanKind, ScanState
from library.scanning.other_work import held_for
from library.scanning.purge import PURGING
from tests.api.library import error, get
from tests.api.visitors import Visitor, log_in
from tests.audio_files import make_audio
from tests.web.library_rows import make_failure, make_scan
from tests.web.served import ServedMus, serve

LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)


def running_scan(**fields: Any) -> Scan:
    """One that this very process would be running."""
    own = {"host_name": socket.gethostname(), "process_id": os.getpid()}
    return make_scan(state=ScanState.RUNNING, **{**own, **fields})


def test_the_history_has_the_latest_first_in_pages(api: Client) -> None:
    ids = [make_scan(added=number).pk for number in range(5)]
    found = get(api, "scans?limit=2&offset=1")
    assert found["count"] == 5
    assert [(row["id"], row["added"]) for row in found["results"]] == [(ids[3], 3), (ids[2], 2)]


def test_a_scan_tells_how_far_it_is(staff: Client) -> None:
    counts = {"seen": 20, "to_read": 15, "read": 10, "total": 30, "added": 9, "failed": 1}
    scan = running_scan(**counts, folders=["/music/jazz"], is_full=True)
    found = get(staff, "scans/latest")
    assert {name: found[name] for name in counts} == counts
    assert found["id"] == scan.pk
    assert found["state"] == "running"
    assert found["trigger"] == "command"
    assert found["folders"] == ["/music/jazz"]
    assert found["is_full"] is True
    assert found["finished_at"] is None
    assert get(staff, f"scans/{scan.pk}") == found


PATH = "/srv/music/secret"
ERROR = f"{PATH} is not there (host attic, process 4711)"


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        (
            {"state": ScanState.FAILED, "message": f"Music library scan failed: {ERROR}"},
            "Music library scan failed. The scan's page in the admin says why.",
        ),
        (
            {"state": ScanState.CANCELLED, "message": f"cancelled. {ERROR}", "seen": 3},
            "Music library scan cancelled. 3 items seen; what was stored is kept.",
        ),
        (
            {"state": ScanState.COMPLETED, "message": f"completed. {ERROR}", "seen": 3},
            "Music library scan completed. 3 items processed.",
        ),
    ],
)
def test_only_administrators_see_paths_and_errors_of_scans(
    api: Client, staff: Client, fields: dict[str, Any], told: str
) -> None:
    own = {"host_name": socket.gethostname(), "process_id": os.getpid()}
    scan = make_scan(folders=[PATH], error=ERROR, **own, **fields)
    for path in ("scans/latest", f"scans/{scan.pk}"):
        seen_by_all, seen = get(api, path), get(staff, path)
        assert (seen_by_all["message"], seen_by_all["error"], seen_by_all["folders"]) == (
            told,
            "",
            [],
        )
        assert (seen["message"], seen["error"], seen["folders"]) == (scan.message, ERROR, [PATH])
        assert {name for name in seen if seen[name] != seen_by_all[name]} == {
            "message",
            "error",
            "folders",
            "ignored",
            "emptied",
        }
    rows = api.get("/api/v1/scans").content.decode()
    assert PATH not in rows
    assert "4711" not in rows


def test_what_was_passed_over_and_kept_is_for_administrators(api: Client, staff: Client) -> None:
    ignored, emptied = {"hidden_folders": 3}, [{"path": "/music/nas", "tracks": 40}]
    scan = make_scan(ignored=ignored, emptied=emptied)
    for path in ("scans/latest", f"scans/{scan.pk}"):
        assert (get(staff, path)["ignored"], get(staff, path)["emptied"]) == (ignored, emptied)
        assert (get(api, path)["ignored"], get(api, path)["emptied"]) == (None, None)
    assert get(staff, "scans")["results"][0]["ignored"] == ignored
    assert get(api, "scans")["results"][0]["emptied"] is None


def test_a_scan_whose_process_died_has_failed(api: Client) -> None:
    scan = make_scan(state=ScanState.RUNNING, started_at=LONG_AGO, heartbeat_at=LONG_AGO)
    for path in ("scans/latest", f"scans/{scan.pk}"):
        found = get(api, path)
        assert found["state"] == "failed"
        assert "interrupted" in found["message"]
        assert found["finished_at"] == found["heartbeat_at"]
    assert get(api, "scans")["results"][0]["state"] == "failed"


def test_without_a_scan_there_is_no_latest_one(api: Client) -> None:
    error(api.get("/api/v1/scans/latest"), 404, "not_found")
    assert "scan 7" in error(api.get("/api/v1/scans/7"), 404, "not_found")
    assert get(api, "scans") == {"count": 0, "results": []}


def test_staff_may_read_what_failed_as_readable_text(staff: Client) -> None:
    scan = make_scan()
    make_failure(scan=scan, path="b\udce9.mp3", reason="is not an audio file", size_bytes=3)
    make_failure(scan=scan, path="a.mp3", stage=ScanFailure.Stage.OPEN)
    make_failure(path="of another scan.mp3")
    found = get(staff, f"scans/{scan.pk}/failures")
    assert found["count"] == 2
    assert [row["path"] for row in found["results"]] == ["a.mp3", "b\ufffde9.mp3"]
    second = found["results"][1]
    assert (second["root"], second["stage"], second["size_bytes"]) == ("/music", "read", 3)
    assert second["reason"] == "is not an audio file"
    rest = get(staff, f"scans/{scan.pk}/failures?limit=1&offset=1")
    assert rest == {"count": 2, "results": [second]}
    error(staff.get("/api/v1/scans/999/failures"), 404, "not_found")


def test_who_is_not_staff_may_neither_begin_nor_end_a_scan_nor_see_failures(api: Client) -> None:
    scan = running_scan()
    for response in (
        api.post("/api/v1/scans"),
        api.post(f"/api/v1/scans/{scan.pk}/cancel"),
        api.get(f"/api/v1/scans/{scan.pk}/failures"),
    ):
        assert "administrators" in error(response, 403, "not_staff")
    scan.refresh_from_db()
    assert not scan.cancel_requested


def test_a_running_scan_can_be_cancelled(staff: Client) -> None:
    scan = running_scan()
    response = staff.post(f"/api/v1/scans/{scan.pk}/cancel")
    assert response.status_code == 202
    assert response.json() == {"id": scan.pk}
    scan.refresh_from_db()
    assert scan.cancel_requested


def test_only_a_scan_that_runs_can_be_cancelled(staff: Client) -> None:
    over, dead = make_scan(), make_scan(state=ScanState.RUNNING, heartbeat_at=LONG_AGO)
    for scan in (over, dead):
        response = staff.post(f"/api/v1/scans/{scan.pk}/cancel")
        assert str(scan.pk) in error(response, 409, "scan_is_over")
    error(staff.post("/api/v1/scans/999/cancel"), 404, "not_found")


def test_a_purge_is_no_scan_but_keeps_one_from_beginning(staff: Client) -> None:
    scan = make_scan()
    with held_for(ScanKind.PURGE, PURGING) as lease:
        assert get(staff, "scans/latest")["id"] == scan.pk
        rows = get(staff, "scans")["results"]
        assert [(row["id"], row["kind"]) for row in rows] == [
            (lease.scan_id, "purge"),
            (scan.pk, "scan"),
        ]
        for kind, pk in (("scan", scan.pk), ("purge", lease.scan_id)):
            assert [row["id"] for row in get(staff, f"scans?kind={kind}")["results"]] == [pk]
        assert get(staff, f"scans/{lease.scan_id}")["message"] == PURGING
        response = staff.post("/api/v1/scans", content_type="application/json")
        assert PURGING in error(response, 409, "scan_runs")
    assert list(Scan.objects.all()) == [scan]


def test_a_purge_can_be_cancelled_and_a_restore_not(staff: Client) -> None:
    for kind, status in ((ScanKind.PURGE, 202), (ScanKind.RESTORE, 409)):
        row = make_scan(state=ScanState.RUNNING, kind=kind)
        response = staff.post(f"/api/v1/scans/{row.pk}/cancel")
        assert response.status_code == status
        row.refresh_from_db()
        assert row.cancel_requested is (status == 202)
        row.delete()
    assert "restore cannot be cancelled" in error(response, 409, "not_cancellable")


def test_listeners_read_what_a_purge_did_but_not_why_it_failed(api: Client) -> None:
    row = make_scan(kind="purge", state="failed", purged=2, revision=9, message="x: /secret")
    assert get(api, f"scans/{row.pk}")["message"] == (
        "The purge of missing tracks failed. Purged 2 missing tracks."
    )
    Scan.objects.update(revision=0, purged=0)
    assert get(api, f"scans/{row.pk}")["message"] == "The purge of missing tracks failed."


def test_a_second_scan_is_409_and_names_the_one_that_runs(staff: Client) -> None:
    scan = running_scan()
    response = staff.post("/api/v1/scans", content_type="application/json")
    message = error(response, 409, "scan_runs")
    assert f"number {scan.pk}" in message
    assert Scan.objects.count() == 1


@pytest.mark.parametrize(
    ("body", "complaint"),
    [
        ('{"folders": ["/elsewhere"]}', "/elsewhere is not in a music folder"),
        ('{"folders": ["%(music)s/../elsewhere"]}', "elsewhere is not in a music folder"),
        ('{"folders": ["%(music)s/nowhere"]}', "There is no folder"),
        ('{"folders": ["jazz"]}', "jazz is not absolute"),
        ('{"folders": [""]}', "folders.0: "),
        ('{"folders": ["/a\\u0000b"]}', "folders.0: a NUL character is not allowed"),
        ('{"folders": "/music"}', "folders: input should be a valid list"),
        ('{"folders": [1]}', "folders.0: input should be a valid string"),
        ('{"full": "yes"}', "full: input should be a valid boolean"),
        ('{"fully": true}', "fully: there is no field of this name"),
        ("[]", "The body: "),
    ],
)
def test_a_scan_of_what_cannot_be_scanned_is_422_and_does_not_begin(
    staff: Client, music: Path, body: str, complaint: str
) -> None:
    filled = body % {"music": music} if "%(" in body else body
    response = staff.post("/api/v1/scans", filled, content_type="application/json")
    assert complaint in error(response, 422, "invalid")
    assert not Scan.objects.exists()


def test_a_body_of_another_type_is_415(staff: Client) -> None:
    error(staff.post("/api/v1/scans", {"full": "true"}), 415, "unsupported_type")


def test_a_body_that_is_no_json_is_400(staff: Client) -> None:
    response = staff.post("/api/v1/scans", "{", content_type="application/json")
    error(response, 400, "malformed")


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory, database: Path) -> Iterator[ServedMus]:
    folder = tmp_path_factory.mktemp("served")
    make_audio(folder / "music" / "jazz" / "so what.flac", title="So What")
    make_audio(folder / "music" / "rock" / "black dog.flac", title="Black Dog")
    with serve(folder, database, "--no-scan") as server:
        yield server


@pytest.fixture(scope="module")
def visitor(served: ServedMus) -> Iterator[Visitor]:
    with log_in(served, is_administrator=True) as somebody:
        yield somebody


def finished(visitor: Visitor, location: str) -> Any:
    deadline = time.monotonic() + 60
    while (scan := visitor.get(location).json())["state"] == "running":
        assert time.monotonic() < deadline, scan
        time.sleep(0.05)
    return scan


@pytest.mark.server
def test_a_scan_begins_at_once_and_ends_with_the_tracks_in_the_list(visitor: Visitor) -> None:
    music = visitor.served.variables["MUSIC_DIR"]
    response = visitor.post("/api/v1/scans", json={"folders": [f"{music}/jazz"], "full": True})
    assert response.status_code == 202, response.text
    location = response.headers["Location"]
    assert location == f"/api/v1/scans/{response.json()['id']}"
    scan = finished(visitor, location)
    assert (scan["state"], scan["trigger"], scan["added"]) == ("completed", "api", 1)
    assert scan["folders"] == [f"{music}/jazz"]
    assert scan["is_full"] is True
    tracks = visitor.get("/api/v1/tracks").json()
    assert [track["title"] for track in tracks["results"]] == ["So What"]
    assert tracks["revision"] == scan["revision"] > 0


@pytest.mark.server
def test_a_scan_without_a_body_is_one_of_everything(visitor: Visitor) -> None:
    etag = visitor.get("/api/v1/tracks").headers["ETag"]
    response = visitor.post("/api/v1/scans")
    assert response.status_code == 202, response.text
    finished(visitor, response.headers["Location"])
    found = visitor.get("/api/v1/tracks?q=black", headers={"If-None-Match": etag})
    assert found.json()["count"] == 1


@pytest.mark.server
def test_allow_empty_says_that_an_empty_folder_is_meant_so(visitor: Visitor) -> None:
    music = Path(visitor.served.variables["MUSIC_DIR"])
    for number in range(20):
        make_audio(music / "emptied" / f"{number}.mp3", title=f"Emptied {number}")
    finished(visitor, visitor.post("/api/v1/scans").headers["Location"])
    for path in (music / "emptied").iterdir():
        path.unlink()
    kept = finished(visitor, visitor.post("/api/v1/scans").headers["Location"])
    assert kept["emptied"] == [{"path": f"{music}/emptied", "tracks": 20}]
    assert (kept["state"], kept["missing"]) == ("completed", 0)
    response = visitor.post("/api/v1/scans", json={"allow_empty": True})
    meant = finished(visitor, response.headers["Location"])
    assert (meant["emptied"], meant["missing"]) == ([], 20)


@pytest.mark.server
def test_saves_of_different_fields_at_the_same_moment_lose_nothing(visitor: Visitor) -> None:
    url = "/api/v1/player/state"
    states: list[dict[str, Any]] = [
        {"volume_level": 0.5},
        {"is_muted": True},
        {"is_repeat": True},
        {"is_shuffle": True},
    ]
    visitor.put_at_once(url, states * 5)
    state = visitor.get(url).json()
    assert {name: state[name] for each in states for name in each} == {
        name: value for each in states for name, value in each.items()
    }
