"""`scans/{id}/joins`, `joins` and `joins/{id}/part`: what administrators see and undo."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from library.media.cover_rows import FINDERS
from library.media.lyrics import _find_source
from library.media.tracks import find_track
from library.models.catalogue import Track
from library.models.joins import Join
from library.models.scan import Scan, ScanKind, ScanTrigger
from library.scanning import purge_missing
from tests.api.library import error, get
from tests.audio_files import JPEG, make_audio
from tests.library.scanning.conftest import Scan as ScanCall
from tests.library.scanning.conftest import scan

__all__ = ["scan"]


def part(client: Client, join_id: int) -> Any:
    return client.post(f"/api/v1/joins/{join_id}/part")


@pytest.fixture
def join(music: Path, scan: ScanCall) -> Join:
    make_audio(music / "other.mp3", title="Other")
    make_audio(music / "in" / "a.flac", cover=JPEG, title="Army of Me", artist="Björk")
    scan()
    (music / "out").mkdir()
    shutil.copy2(music / "in" / "a.flac", music / "out" / "b\udcff.flac")
    scan()
    (music / "in" / "a.flac").unlink()
    assert scan().counts.joined == 1
    return Join.objects.get()


def test_an_administrator_sees_what_was_joined_with_what_and_why(
    staff: Client, music: Path, join: Join
) -> None:
    found = get(staff, f"scans/{join.scan_id}/joins")
    assert found["count"] == 1
    (row,) = found["results"]
    assert row.pop("joined_at")
    assert row == {
        "id": join.pk,
        "scan_id": join.scan_id,
        "reason": "same tags",
        "why": "One is a copy of the other with the same tags.",
        "track_id": join.track_id,
        "replaced_id": join.replaced_id,
        "title": "Army of Me",
        "artist": "Björk",
        "lost_title": "Army of Me",
        "lost_artist": "Björk",
        "lost_root": str(music),
        "lost_path": "in/a.flac",
        "replaced_root": str(music),
        "replaced_path": "out/b\ufffdff.flac",
        "ended_at": None,
        "ended_by": "",
    }
    assert get(staff, "joins")["results"][0]["id"] == join.pk
    assert get(staff, "joins?offset=1") == {"count": 1, "results": []}
    assert get(staff, f"scans/{Scan.objects.earliest('pk').pk}/joins")["count"] == 0
    assert get(staff, f"scans/{join.scan_id}")["joined"] == 1


def test_listeners_see_and_part_nothing(api: Client, join: Join) -> None:
    for path in (f"scans/{join.scan_id}/joins", "joins"):
        error(api.get(f"/api/v1/{path}"), 403, "not_staff")
    error(part(api, join.pk), 403, "not_staff")


def test_what_is_not_there_is_not_found(staff: Client, join: Join) -> None:
    error(staff.get("/api/v1/scans/9999/joins"), 404, "not_found")
    error(part(staff, join.pk + 1), 404, "not_found")
    error(part(staff, 2**63 - 1), 404, "not_found")


def test_they_are_parted_once(staff: Client, join: Join) -> None:
    response = part(staff, join.pk)
    assert response.status_code == 200
    said = f"Tracks {join.replaced_id} and {join.track_id} are two again."
    assert response.json() == {"id": join.pk, "message": said}
    assert Scan.objects.get(kind=ScanKind.EDIT).trigger == ScanTrigger.API
    assert get(staff, "joins")["results"][0]["ended_by"] == "hand"
    assert "somebody has parted them" in error(part(staff, join.pk), 409, "cannot_part")


def test_a_running_scan_is_in_the_way(staff: Client, join: Join) -> None:
    Scan.objects.create(trigger=ScanTrigger.API, host_name="elsewhere")
    assert "try again later" in error(part(staff, join.pk), 409, "scan_runs")


def test_parting_needs_the_token_of_the_session(join: Join, admin_user: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(admin_user)
    assert part(client, join.pk).status_code == 403
    assert Join.objects.live().exists()


def test_a_purged_track_has_the_title_of_the_lost_file(
    staff: Client, music: Path, scan: ScanCall, join: Join
) -> None:
    for path in (music / "out").iterdir():
        path.unlink()
    scan()
    purge_missing()
    (row,) = get(staff, "joins")["results"]
    assert (row["title"], row["ended_by"]) == ("Army of Me", "purge")
    error(staff.get(f"/api/v1/tracks/{join.replaced_id}"), 404, "not_found")


def test_a_list_takes_a_fixed_number_of_queries(
    staff: Client, join: Join, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(5):
        Join.objects.create(
            **{
                field.attname: getattr(join, field.attname)
                for field in Join._meta.concrete_fields
                if field.name not in {"id", "track_id"}
            },
            track_id=1000 + number,
        )
    with django_assert_num_queries(6):  # session, user, the page, tracks, tombstones, the count
        assert get(staff, "joins")["count"] == 6


def test_the_newer_id_is_answered_with_the_track_that_lives_on(api: Client, join: Join) -> None:
    assert get(api, f"tracks/{join.replaced_id}")["id"] == join.track_id
    assert [row["id"] for row in get(api, f"tracks?ids={join.replaced_id}")["results"]] == [
        join.track_id
    ]
    path = Track.objects.get(pk=join.track_id).path
    assert find_track(join.replaced_id).path == path
    assert FINDERS["tracks"](join.replaced_id).what == f"track {join.track_id}"
    assert _find_source(join.replaced_id) is not None


def test_a_player_that_saves_the_newer_id_stands_at_the_track_that_lives_on(
    api: Client, join: Join
) -> None:
    body = json.dumps({"current_track_id": join.replaced_id, "progress_seconds": 3})
    response = api.put("/api/v1/player/state", body, content_type="application/json")
    assert response.status_code == 200
    assert response.json()["current_track_id"] == join.track_id
    assert get(api, "player/state")["current_track_id"] == join.track_id
    body = json.dumps({"current_track_id": 999_999})
    refused = api.put("/api/v1/player/state", body, content_type="application/json")
    assert "there is no track 999999" in error(refused, 422, "invalid")
