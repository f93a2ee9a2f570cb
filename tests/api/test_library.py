"""`GET library`, the tracks that a play queue names, and all failures."""

from pathlib import Path

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries
from pytest_django.fixtures import Settings

from library.scanning.read_with import current_version
from tests.api.library import ROOT, error, get
from tests.web.library_rows import make_failure, make_scan, make_track, make_tracks


def test_the_library_says_where_it_looks_and_what_it_has(
    api: Client, staff: Client, tmp_path: Path, settings: Settings
) -> None:
    settings.MUSIC_DIRS = [tmp_path, tmp_path / "unmounted"]
    (tmp_path / "a.mp3").touch()
    make_tracks(3)
    make_track(missing=True)
    make_failure(path="broken.mp3", scan=make_scan())
    seen = get(staff, "library")
    assert seen == {
        "folders": [
            {"path": str(tmp_path), "problem": ""},
            {"path": str(tmp_path / "unmounted"), "problem": "is not there"},
        ],
        "track_count": 3,
        "missing_count": 1,
        "failure_count": 1,
        "rereading": {"done": 0, "total": 3, "is_waiting": False},
    }
    names = [
        {"path": tmp_path.name, "problem": ""},
        {"path": "unmounted", "problem": "is not there"},
    ]
    assert get(api, "library") == {**seen, "folders": names}


def test_named_tracks_come_in_the_order_of_their_names_without_those_that_are_gone(
    api: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    first, gone, last = make_track(), make_track(missing=True), make_track()
    with django_assert_num_queries(5):  # session, user, revision, rows; what became of others
        body = get(api, f"tracks?ids={last.pk},{gone.pk},{first.pk},99999,{last.pk}")
    assert [row["id"] for row in body["results"]] == [last.pk, first.pk, last.pk]
    assert body["count"] == 3


@pytest.mark.parametrize("ids", ["", "x", "1,", "0", "-1", "1.5", ",".join(["1"] * 501)])
def test_what_are_no_ids_is_refused(api: Client, ids: str) -> None:
    error(api.get(f"{ROOT}tracks?ids={ids}"), 422, "invalid")


def test_ids_go_with_no_other_parameter(api: Client) -> None:
    message = error(api.get(f"{ROOT}tracks?ids=1&sort=title"), 422, "invalid")
    assert message == "ids can be combined with own, file, gain and groups only."


def test_staff_sees_all_failures_whichever_scan_met_them(staff: Client, api: Client) -> None:
    make_failure(path="b.mp3", scan=make_scan())
    make_failure(path="a.mp3", scan=make_scan())
    body = get(staff, "failures?limit=1")
    assert body["count"] == 2
    assert [row["path"] for row in body["results"]] == ["a.mp3"]
    error(api.get(f"{ROOT}failures"), 403, "not_staff")


def test_the_library_says_nothing_of_rereading_where_every_track_is_up_to_date(
    staff: Client, tmp_path: Path, settings: Settings
) -> None:
    settings.MUSIC_DIRS = [tmp_path]
    make_tracks(3, read_with=current_version())
    assert get(staff, "library")["rereading"] is None
    make_track(read_with="")
    assert get(staff, "library")["rereading"] == {"done": 3, "total": 4, "is_waiting": False}
