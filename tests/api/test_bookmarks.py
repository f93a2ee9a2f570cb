"""`GET, PUT, DELETE bookmarks`."""

import json
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from listening.models import Bookmark, LostItem, RemovedItem
from tests.api.library import error, get
from tests.web.library_rows import join_tracks, make_track

HOUR = 3600.0


def put(client: Client, track_id: int, **fields: object) -> Any:
    url = f"/api/v1/bookmarks/{track_id}"
    return client.put(url, json.dumps(fields), content_type="application/json")


def positions(client: Client) -> dict[int, float]:
    rows = get(client, "bookmarks")["results"]
    return {row["track"]["id"]: row["position_s"] for row in rows}


def test_a_bookmark_is_set_changed_and_removed(api: Client, staff: Client) -> None:
    track, short = make_track(duration_s=HOUR), make_track(duration_s=10)
    first = put(api, track.pk, position_s=100.5, comment="Chapter 2").json()
    assert (first["position_s"], first["comment"], first["is_by_hand"]) == (
        100.5,
        "Chapter 2",
        True,
    )
    assert put(api, track.pk, position_s=200).json()["comment"] == "Chapter 2"
    assert put(api, short.pk, position_s=99).json()["position_s"] == 10
    assert positions(api) == {short.pk: 10, track.pk: 200}
    assert get(api, f"bookmarks/{track.pk}")["created_at"] == first["created_at"]
    assert positions(staff) == {}
    for _ in range(2):
        assert api.delete(f"/api/v1/bookmarks/{track.pk}").status_code == 204
    error(api.get(f"/api/v1/bookmarks/{track.pk}"), 404, "not_found")
    assert positions(api) == {short.pk: 10}


def test_the_player_keeps_where_long_tracks_were_left(api: Client) -> None:
    long, short = make_track(duration_s=HOUR), make_track(duration_s=1199)
    assert put(api, long.pk, position_s=900, is_by_hand=False).json()["is_by_hand"] is False
    assert "shorter than 20 minutes" in error(
        put(api, short.pk, position_s=900, is_by_hand=False), 422, "invalid"
    )
    assert put(api, long.pk, position_s=HOUR - 30, is_by_hand=False).status_code == 204
    assert positions(api) == {}


def test_the_player_leaves_bookmarks_set_by_hand(api: Client) -> None:
    track = make_track(duration_s=HOUR)
    put(api, track.pk, position_s=1800, comment="here")
    for position_s in (900, HOUR):
        answer = put(api, track.pk, position_s=position_s, is_by_hand=False)
        assert answer.json()["position_s"] == 1800
    put(api, track.pk, position_s=HOUR)
    assert positions(api) == {track.pk: HOUR}


def test_clients_with_a_copy_learn_of_what_is_gone(api: Client, listener: User) -> None:
    track = make_track(duration_s=HOUR)
    put(api, track.pk, position_s=1)
    api.delete(f"/api/v1/bookmarks/{track.pk}")
    removed = RemovedItem.objects.get(what="bookmark", item_id=track.pk, user=listener)
    assert removed.number == 2
    put(api, track.pk, position_s=1)
    assert not RemovedItem.objects.exists()
    assert Bookmark.objects.get().number == 3


def test_joined_missing_and_lost_tracks(api: Client, listener: User) -> None:
    living, gone, missing = make_track(), make_track(), make_track(missing=True)
    join_tracks({gone.pk: living.pk})
    assert put(api, gone.pk, position_s=5).json()["track"]["id"] == living.pk
    assert put(api, missing.pk, position_s=5).json()["is_missing"] is True
    lost = LostItem.objects.create(title="Purged", former_id=1)
    Bookmark.objects.create(user=listener, lost=lost, position_s=7)
    assert [row["is_missing"] for row in get(api, "bookmarks")["results"]] == [True, True, False]
    error(put(api, 12345, position_s=5), 404, "not_found")


def test_a_bookmark_in_a_purged_track_is_removed_by_the_id_that_it_had(
    api: Client, listener: User
) -> None:
    lost = LostItem.objects.create(title="Purged", former_id=4711)
    Bookmark.objects.create(user=listener, lost=lost, position_s=7)
    album = LostItem.objects.create(kind="album", title="Purged", former_id=4712)
    assert get(api, "bookmarks")["results"][0]["lost"]["title"] == album.title
    assert api.delete("/api/v1/bookmarks/4711").status_code == 204
    assert get(api, "bookmarks")["results"] == []
    assert (RemovedItem.objects.get().item_id, RemovedItem.objects.get().what) == (4711, "bookmark")
    for gone in (4711, 4712):
        assert api.delete(f"/api/v1/bookmarks/{gone}").status_code == 404


@pytest.mark.parametrize(
    "fields", [{"position_s": -1}, {}, {"position_s": 1, "comment": "\0"}, {"position_s": "1"}]
)
def test_what_is_no_bookmark_is_422(api: Client, fields: dict[str, object]) -> None:
    error(put(api, make_track().pk, **fields), 422, "invalid")


def test_the_list_is_304_until_a_bookmark_changes(api: Client) -> None:
    track = make_track()
    etag = api.get("/api/v1/bookmarks")["ETag"]
    assert api.get("/api/v1/bookmarks", headers={"If-None-Match": etag}).status_code == 304
    put(api, track.pk, position_s=1)
    assert api.get("/api/v1/bookmarks", headers={"If-None-Match": etag}).status_code == 200
