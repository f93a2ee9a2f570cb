"""Smart playlists in the API: made, listed, tried, taken away as files."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from library.models.catalogue import Track
from tests.api.library import error, get
from tests.web.library_rows import make_track

ROCK = {"all": [{"field": "genre", "operator": "is", "value": "Rock"}], "sort": ["title"]}


@pytest.fixture(autouse=True)
def tracks(db: None) -> None:
    for title in ("One", "Two", "Three"):
        make_track(title=title, genre="Rock", duration_s=60, cover_id="1", has_cover=True)
    make_track(title="Other", genre="Jazz")


def post(api: Client, path: str, body: Any) -> Any:
    return api.post(f"/api/v1/{path}", body, "application/json")


def make(api: Client, rules: Any = ROCK) -> dict[str, Any]:
    response = post(api, "playlists", {"name": "Rock", "rules": rules})
    assert response.status_code == 201, response.content
    row: dict[str, Any] = response.json()
    return row


def test_it_is_made_counted_and_listed(api: Client) -> None:
    row = make(api)
    assert (row["is_smart"], row["rules"], row["entry_count"]) == (True, ROCK, 3)
    assert (row["duration_s"], len(row["cover_track_ids"])) == (180, 1)
    entries = get(api, f"playlists/{row['id']}/entries?limit=2")
    assert (entries["count"], entries["results"][0]["entry_id"]) == (3, None)
    assert [each["track"]["title"] for each in entries["results"]] == ["One", "Three"]
    assert len(get(api, f"playlists/{row['id']}/track-ids")["ids"]) == 3
    (listed,) = get(api, "playlists")["results"]
    assert (listed["entry_count"], listed["is_smart"]) == (None, True)


def test_an_etag_names_what_the_rules_ask_for(api: Client, listener: User) -> None:
    loved = {"all": [{"field": "favourite", "operator": "is", "value": True}]}
    row = make(api, loved)
    path = f"/api/v1/playlists/{row['id']}/entries"
    etag = api.get(path)["ETag"]
    assert api.get(path, headers={"If-None-Match": etag}).status_code == 304
    track_id = get(api, "tracks")["results"][0]["id"]
    assert api.put(f"/api/v1/favourites/tracks/{track_id}").status_code < 300
    response = api.get(path, headers={"If-None-Match": etag})
    assert [each["track"]["id"] for each in response.json()["results"]] == [track_id]


def test_rules_can_be_changed_but_not_the_kind(api: Client) -> None:
    row = make(api)
    path = f"/api/v1/playlists/{row['id']}"
    changed = api.patch(path, {"rules": {**ROCK, "limit": 2}}, "application/json")
    assert changed.json()["entry_count"] == 2
    assert error(api.patch(path, {"rules": None}, "application/json"), 409, "other_kind")
    plain = post(api, "playlists", {"name": "Plain"}).json()
    refused = api.patch(f"/api/v1/playlists/{plain['id']}", {"rules": ROCK}, "application/json")
    assert error(refused, 409, "other_kind")
    track_id = Track.objects.values_list("pk", flat=True)[0]
    added = post(api, f"playlists/{row['id']}/entries", {"track_ids": [track_id]})
    assert "smart" in error(added, 409, "is_smart")


def test_bad_rules_are_refused_with_a_reason(api: Client) -> None:
    bad = {"all": [{"field": "colour", "operator": "is", "value": "red"}]}
    for path, body in (("playlists", {"name": "x", "rules": bad}), ("playlists/preview", {})):
        response = post(api, path, body or {"rules": bad})
        assert "no field" in error(response, 422, "invalid")


def test_a_preview_stores_nothing(api: Client) -> None:
    found = post(api, "playlists/preview", {"rules": ROCK, "limit": 1}).json()
    assert (found["count"], found["duration_s"]) == (3, 180)
    assert [each["title"] for each in found["results"]] == ["One"]
    assert get(api, "playlists")["count"] == 0


def test_the_fields_of_rules_are_listed(api: Client) -> None:
    found = get(api, "playlists/rules")
    genre = next(each for each in found["fields"] if each["name"] == "genre")
    assert (genre["label"], genre["kind"]) == ("Genre", "text")
    assert "random" in found["sorts"]


def test_it_goes_out_and_comes_in_as_a_file(api: Client) -> None:
    row = make(api)
    file = api.get(f"/api/v1/playlists/{row['id']}/export.nsp")
    assert file["Content-Disposition"] == 'attachment; filename="Rock.nsp"'
    path = "/api/v1/playlists/import?name=Again"
    imported = api.post(path, file.content, "application/octet-stream").json()
    assert (imported["playlist"]["name"], imported["playlist"]["rules"]) == ("Again", ROCK)
    as_m3u = api.get(f"/api/v1/playlists/{row['id']}/export.m3u8").content.decode()
    assert as_m3u.count("#EXTINF") == 3


def test_what_is_no_smart_playlist_has_no_such_file(api: Client) -> None:
    plain = post(api, "playlists", {"name": "Plain"}).json()
    assert error(api.get(f"/api/v1/playlists/{plain['id']}/export.nsp"), 409, "not_exportable")


def test_a_file_with_rules_that_are_not_known_is_refused(api: Client) -> None:
    data = b'{"all": [{"is": {"library_id": 1}}]}'
    response = api.post("/api/v1/playlists/import", data, "application/octet-stream")
    assert "library_id" in error(response, 422, "bad_playlist_file")
