"""Playlists by the API: made, changed, shared, deleted, sorted into folders and searched."""

import pytest
from django.contrib.auth.models import User
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from events.marks import mark_numbers
from listening.models import Playlist, PlaylistFolder
from listening.playlists import editing
from listening.playlists import folders as folder_rules
from listening.playlists import rows as row_rules
from tests.api.library import ROOT, error, get, make_album, on_album
from tests.api.playlists import add, change, entry_ids, make, post, send, titles
from tests.web.library_rows import make_track

pytestmark = pytest.mark.django_db


@pytest.fixture
def other(db: None) -> Client:
    client = Client()
    client.force_login(User.objects.create_user("olga"))
    return client


def names(client: Client, query: str = "") -> list[str]:
    return [row["name"] for row in get(client, f"playlists{query}")["results"]]


def refused(client: Client, method: str, path: str, status: int, body: object = None) -> str:
    code = {403: "not_allowed", 404: "not_found", 422: "invalid"}[status]
    answer = getattr(client, method)(ROOT + path, body, content_type="application/json")
    return error(answer, status, code)


def test_a_playlist_is_made_changed_deleted_and_restored(api: Client) -> None:
    playlist = make(api, "  Road songs ", "AB", description="Loud.")
    row = get(api, f"playlists/{playlist}")
    assert (row["name"], row["description"], row["owner"]) == ("Road songs", "Loud.", "lee")
    assert (row["is_own"], row["can_write"], row["sharing"]) == (True, True, "private")
    changed = send(api, "patch", f"playlists/{playlist}", {"name": "Sea songs"})
    assert (changed["name"], changed["description"]) == ("Sea songs", "Loud.")
    assert changed["version"] == row["version"] + 1
    send(api, "delete", f"playlists/{playlist}", status=204)
    assert names(api) == []
    refused(api, "get", f"playlists/{playlist}", 404)
    refused(api, "get", f"playlists/{playlist}/entries", 404)
    assert names(api, "?deleted=true") == ["Sea songs"]
    assert post(api, f"playlists/{playlist}/restore")["deleted_at"] is None
    assert titles(api, playlist) == "A B"


@pytest.mark.parametrize("name", ["", "  ", "x" * 501, "a\0b"])
def test_a_name_that_cannot_be_is_refused(api: Client, name: str) -> None:
    assert "name" in refused(api, "post", "playlists", 422, {"name": name})
    assert names(api) == []


def test_lists_are_sorted_filtered_and_paged(api: Client) -> None:
    folder = post(api, "playlist-folders", {"name": "F"}, 201)["id"]
    make(api, "The Zebra", "ABC")
    make(api, "apple", "A", description="Fruit", folder_id=folder)
    make(api, "Émile")
    assert names(api) == ["apple", "Émile", "The Zebra"]
    assert names(api, "?sort=-entries") == ["The Zebra", "apple", "Émile"]
    assert names(api, "?sort=-created&limit=1&offset=1") == ["apple"]
    assert names(api, "?q=emile") == ["Émile"]
    assert names(api, "?q=fruit") == ["apple"]
    assert names(api, f"?folder={folder}") == ["apple"]
    assert get(api, "playlists?limit=1")["count"] == 3
    refused(api, "get", "playlists?sort=size", 422)


def test_a_private_playlist_is_nobody_elses_business(
    api: Client, other: Client, staff: Client
) -> None:
    playlist = make(api, "Mine", "A")
    entry = {"entry_ids": entry_ids(api, playlist)}
    for client in (other, staff):
        assert names(client) == []
        assert get(client, "search?q=mine")["playlists"]["count"] == 0
        for path in ("", "/entries", "/track-ids"):
            refused(client, "get", f"playlists/{playlist}{path}", 404)
        for path in ("entries/remove", "entries/move", "entries/restore"):
            refused(client, "post", f"playlists/{playlist}/{path}", 404, entry)
        refused(client, "post", f"playlists/{playlist}/entries", 404, {"track_ids": [1]})
        refused(client, "post", f"playlists/{playlist}/restore", 404)
        refused(client, "patch", f"playlists/{playlist}", 404, {"name": "Theirs"})
        refused(client, "delete", f"playlists/{playlist}", 404)
        theirs = make(client, "Copy")
        answer = {"playlist_ids": [playlist]}
        refused(client, "post", f"playlists/{theirs}/entries", 422, answer)
    assert titles(api, playlist) == "A"


def test_a_playlist_shared_to_read_is_played_but_not_changed(api: Client, other: Client) -> None:
    playlist = make(api, "Ours", "AB", sharing="read")
    row = get(other, f"playlists/{playlist}")
    assert (row["owner"], row["is_own"], row["can_write"]) == ("lee", False, False)
    assert names(other, "?own=false") == ["Ours"]
    assert names(other, "?writable=true") == []
    assert titles(other, playlist) == "A B"
    entries = entry_ids(other, playlist)
    for path in ("entries/remove", "entries/move", "entries/restore"):
        refused(other, "post", f"playlists/{playlist}/{path}", 403, {"entry_ids": entries})
    refused(other, "post", f"playlists/{playlist}/entries", 403, {"track_ids": [1]})
    for body in ({"name": "Theirs"}, {"sharing": "write"}, {"folder_id": None}):
        refused(other, "patch", f"playlists/{playlist}", 403, body)
    refused(other, "delete", f"playlists/{playlist}", 403)
    assert get(api, f"playlists/{playlist}")["version"] == row["version"]


def test_a_playlist_shared_to_write_is_changed_together(api: Client, other: Client) -> None:
    playlist = make(api, "Ours", "A", sharing="write")
    mine = entry_ids(api, playlist)
    track = make_track(title="B").pk
    theirs = add(other, playlist, track_ids=[track], before=mine[0])["entry_ids"]
    assert titles(api, playlist) == "B A"
    added_by = [row["added_by"] for row in get(api, f"playlists/{playlist}/entries")["results"]]
    assert added_by == ["olga", "lee"]
    change(other, playlist, "remove", mine)
    change(api, playlist, "move", theirs)
    send(other, "patch", f"playlists/{playlist}", {"name": "Everybody's"})
    assert names(api) == names(other, "?writable=true") == ["Everybody's"]
    refused(other, "patch", f"playlists/{playlist}", 403, {"sharing": "private"})
    refused(other, "delete", f"playlists/{playlist}", 403)
    send(api, "patch", f"playlists/{playlist}", {"sharing": "private"})
    refused(other, "get", f"playlists/{playlist}", 404)


def test_changes_are_marked_for_everybody_who_sees_them(
    api: Client, other: Client, listener: User
) -> None:
    olga = User.objects.get(username="olga").pk

    def marks() -> tuple[int, int]:
        return tuple(mark_numbers(pk).get("playlists", 0) for pk in (listener.pk, olga))  # type: ignore[return-value]

    playlist = make(api, "Mine", "A")
    own, theirs = marks()
    assert (own > 0, theirs) == (True, 0)
    send(api, "patch", f"playlists/{playlist}", {"sharing": "write"})
    assert marks() == (own + 1, 1)
    change(other, playlist, "remove", entry_ids(other, playlist))
    assert marks() == (own + 2, 2)
    send(api, "patch", f"playlists/{playlist}", {"sharing": "private"})  # it vanishes from theirs
    assert marks() == (own + 3, 3)
    send(api, "delete", f"playlists/{playlist}", status=204)
    assert marks() == (own + 4, 3)


def test_an_etag_is_that_of_what_the_user_sees(api: Client, other: Client) -> None:
    playlist = make(api, "Ours", "A", sharing="read")
    paths = ("playlists", f"playlists/{playlist}", f"playlists/{playlist}/entries", "search?q=ours")
    for path in paths:
        etag = other.get(ROOT + path)["ETag"]
        assert other.get(ROOT + path, headers={"If-None-Match": etag}).status_code == 304
        assert api.get(ROOT + path, headers={"If-None-Match": etag}).status_code == 200
        add(api, playlist, track_ids=[make_track().pk])
        assert other.get(ROOT + path, headers={"If-None-Match": etag}).status_code == 200


def test_folders_are_made_nested_renamed_and_deleted(api: Client, other: Client) -> None:
    top = post(api, "playlist-folders", {"name": "Top"}, 201)["id"]
    inner = post(api, "playlist-folders", {"name": "Inner", "parent_id": top}, 201)["id"]
    playlist = make(api, "Mix", folder_id=inner, sharing="read")
    assert get(other, f"playlists/{playlist}")["folder_id"] is None
    assert get(other, "playlist-folders") == {"count": 0, "results": []}
    for body in ({"parent_id": inner}, {"parent_id": top}, {"parent_id": 10**6}, {"name": " "}):
        refused(api, "patch", f"playlist-folders/{top}", 422, body)
    refused(other, "patch", f"playlist-folders/{top}", 404, {"name": "Theirs"})
    refused(other, "delete", f"playlist-folders/{top}", 404)
    refused(api, "patch", f"playlists/{playlist}", 422, {"folder_id": 10**6})
    send(api, "delete", f"playlist-folders/{inner}", status=204)
    assert get(api, f"playlists/{playlist}")["folder_id"] == top
    etag = api.get(f"{ROOT}playlists/{playlist}")["ETag"]
    (row,) = get(api, "playlist-folders")["results"]
    assert (row["name"], row["playlist_count"]) == ("Top", 1)
    send(api, "delete", f"playlist-folders/{top}", status=204)
    shown = api.get(f"{ROOT}playlists/{playlist}", headers={"If-None-Match": etag})
    assert shown.json()["folder_id"] is None
    assert not PlaylistFolder.objects.exists()


def test_there_is_a_limit_of_playlists_and_folders(
    api: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(editing, "MOST_PLAYLISTS", 1)
    monkeypatch.setattr(folder_rules, "MOST_FOLDERS", 1)
    monkeypatch.setattr(folder_rules, "MOST_DEPTH", 0)
    make(api)
    told = post(api, "playlists", {"name": "Two"}, 409)["error"]["code"]
    assert told == "too_many_playlists"
    refused(api, "post", "playlist-folders", 422, {"name": "Too deep"})
    monkeypatch.setattr(folder_rules, "MOST_DEPTH", 8)
    post(api, "playlist-folders", {"name": "One"}, 201)
    assert (
        post(api, "playlist-folders", {"name": "Two"}, 409)["error"]["code"] == "too_many_folders"
    )


def test_a_cover_is_made_of_four_albums(api: Client) -> None:
    albums = [make_album(f"Album {number}") for number in range(6)]
    tracks = [
        on_album(album, has_cover=number != 1, cover_id=f"picture {number}" if number != 1 else "")
        for number, album in enumerate(albums)
        for _ in range(20)
    ]
    playlist = make(api)
    add(api, playlist, track_ids=[each.pk for each in tracks])
    wanted = [tracks[number].pk for number in (0, 40, 60, 80)]
    assert get(api, f"playlists/{playlist}")["cover_track_ids"] == wanted
    change(api, playlist, "remove", entry_ids(api, playlist)[:60])
    assert get(api, "playlists")["results"][0]["cover_track_ids"] == [
        tracks[number].pk for number in (60, 80, 100)
    ]


def test_the_number_of_queries_does_not_depend_on_the_number_of_playlists(
    api: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    album = make_album("Album")
    track = on_album(album, has_cover=True, cover_id="picture").pk
    for number in range(30):
        playlist = make(api, f"Mix {number}")
        add(api, playlist, track_ids=[track] * 20)
        if number in (0, 29):
            row_rules.forget_covers()
            with django_assert_num_queries(9):
                rows = get(api, "playlists")["results"]
            assert rows[-1]["cover_track_ids"] == [track]
            with django_assert_num_queries(7):  # the covers are kept
                get(api, "playlists")


def test_playlists_are_found_by_the_search_of_everything(api: Client, other: Client) -> None:
    make(api, "Rainy day", description="For the window seat")
    make(other, "Rainy", sharing="read")
    make(other, "Rainy and secret")
    make_track(title="Rainy Monday")
    found = get(api, "search?q=rainy")
    assert [row["name"] for row in found["playlists"]["results"]] == ["Rainy", "Rainy day"]
    assert found["best"] == {"kind": "playlist", "id": found["playlists"]["results"][0]["id"]}
    assert found["tracks"]["count"] == 1
    found = get(api, "search?q=window")
    assert [row["name"] for row in found["playlists"]["results"]] == ["Rainy day"]
    assert found["best"] is None
    assert (found["playlists"]["count"], found["corrected_q"]) == (1, None)
    send(api, "delete", f"playlists/{found['playlists']['results'][0]['id']}", status=204)
    assert get(api, "search?q=window")["playlists"]["results"] == []


def test_a_playlist_of_a_user_who_may_not_log_in_any_more_is_not_shown(
    api: Client, other: Client
) -> None:
    playlist = make(other, "Theirs", sharing="read")
    User.objects.filter(username="olga").update(is_active=False)
    refused(api, "get", f"playlists/{playlist}", 404)
    assert Playlist.objects.filter(pk=playlist).exists()
