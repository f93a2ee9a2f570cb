"""`GET home`: what people land on, in one answer."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from library.models.albums import Album
from library.models.catalogue import Track
from library.models.revision import NextRevision
from listening.favourites import change_favourites
from listening.plays import NewPlay, store_plays
from tests.api.library import ROOT, get, make_album, on_album
from tests.web.library_rows import make_failure, make_scan

NOW = timezone.now().replace(microsecond=0)


@pytest.fixture
def albums(db: None) -> list[Album]:
    """Twenty albums of three tracks each, added one after the other."""
    made = [make_album(f"Album {number:02}") for number in range(20)]
    for number, album in enumerate(made):
        for track in range(3):
            at = NOW - timedelta(days=400 - number)
            on_album(album, track_number=track + 1, title=f"{album.title}-{track}", added_at=at)
    return made


def tracks_of(album: Album) -> list[Track]:
    return [*album.tracks.order_by("track_number")]


def hear(user: User, at: datetime, *tracks: Track) -> None:
    """One after the other, a minute each."""
    plays = [
        NewPlay(
            track_id=track.pk, started_at=at + timedelta(minutes=n), heard_s=60.0, client="test"
        )
        for n, track in enumerate(tracks)
    ]
    assert store_plays(user.pk, plays).refused == []


def titles(rows: list[dict[str, Any]]) -> list[str]:
    return [row["title"] for row in rows]


def test_shelves_are_the_first_pages_of_the_lists(
    api: Client, listener: User, albums: list[Album]
) -> None:
    other = User.objects.create_user("other")
    hear(other, NOW - timedelta(hours=9), *tracks_of(albums[9]))
    hear(listener, NOW - timedelta(hours=3), *tracks_of(albums[2])[:1], *tracks_of(albums[5]))
    hear(listener, NOW - timedelta(hours=2), *tracks_of(albums[7])[:2])
    marked = {"album": [albums[3].pk], "track": [tracks_of(albums[4])[0].pk]}
    change_favourites(listener.pk, marked, {})
    body = get(api, "home?seed=5&limit=6")
    lists = {
        "added": "sort=-added",
        "played": "sort=-played&played=true",
        "most_played": "sort=-plays&played=true",
        "favourites": "sort=-favourited&favourite=true",
        "random": "sort=random&seed=5",
    }
    for name, query in lists.items():
        listed = get(api, f"albums?{query}&limit=6")
        assert body[name] == {key: listed[key] for key in ("count", "results")}, name
    assert titles(body["added"]["results"])[0] == "Album 19"
    assert titles(body["played"]["results"]) == ["Album 07", "Album 05", "Album 02"]
    assert titles(body["favourite_tracks"]["results"]) == ["Album 04-0"]
    assert get(api, "home?seed=5&limit=6") == body
    begun = [(each["album"]["title"], each["next_place"]) for each in body["begun"]]
    assert begun == [("Album 07", 3)]  # one is heard to its end, of one a single track was heard
    assert body["begun"][0]["next_track_id"] == tracks_of(albums[7])[2].pk


def test_tracks_in_any_order_do_not_begin_an_album(
    api: Client, listener: User, albums: list[Album]
) -> None:
    first, second, third = tracks_of(albums[0])
    hear(listener, NOW - timedelta(hours=5), second, first)
    hear(listener, NOW - timedelta(hours=4), tracks_of(albums[1])[0], third)
    hear(listener, NOW - timedelta(days=90), *tracks_of(albums[6])[:2])
    assert get(api, "home")["begun"] == []


def test_what_was_liked_and_not_heard_for_long_is_forgotten(
    api: Client, listener: User, albums: list[Album]
) -> None:
    long_ago, lately = NOW - timedelta(days=300), NOW - timedelta(days=3)
    for number in (0, 1, 2):
        for again in range(4):
            hear(listener, long_ago + timedelta(days=again), *tracks_of(albums[number]))
    hear(listener, lately, tracks_of(albums[1])[0])
    hear(listener, long_ago, *tracks_of(albums[3]), *tracks_of(albums[4]))
    change_favourites(listener.pk, {"album": [albums[4].pk]}, {}, at=lately)
    change_favourites(listener.pk, {"album": [albums[5].pk]}, {}, at=long_ago)
    change_favourites(listener.pk, {"album": [albums[6].pk]}, {}, at=lately)
    expected = ["Album 00", "Album 02", "Album 04", "Album 05"]
    assert sorted(titles(get(api, "home?seed=1")["forgotten"])) == expected
    albums[2].tracks.update(missing_since=NOW)
    Album.objects.filter(pk=albums[2].pk).update(track_count=0)
    assert NextRevision().number
    assert "Album 02" not in titles(get(api, "home?seed=1")["forgotten"])


def test_changes_are_told_by_the_days_of_the_zone(api: Client, albums: list[Album]) -> None:
    late = (NOW - timedelta(days=2)).replace(hour=23, minute=30, tzinfo=UTC)
    span = {"started_at": late - timedelta(minutes=5), "finished_at": late}
    make_scan(added=7, missing=1, revision=4, **span)
    make_scan(added=2, restored=2, revision=5, started_at=late, finished_at=late)
    make_scan(added=0, failed=9, **span)
    make_scan(updated=9, revision=3, started_at=NOW - timedelta(days=50), finished_at=NOW)
    make_failure(first_seen_at=late)
    for album in albums[:8]:
        on_album(album, added_at=late - timedelta(minutes=1))
        of_one_track = {"first_added_at": late - timedelta(minutes=1), "track_count": 1}
        Album.objects.filter(pk=album.pk).update(**of_one_track)
    first, second = get(api, "home?tz=Europe/Vienna")["changes"]
    assert (first["day"], first["updated"]) == (
        str(NOW.astimezone(ZoneInfo("Europe/Vienna")).date()),
        9,
    )
    assert second.pop("day") == str(late.date() + timedelta(days=1))
    assert len(second.pop("new_albums")) == 6
    counts = {"added": 9, "updated": 0, "moved": 0, "restored": 2, "missing": 1, "damaged": 1}
    assert second == {**counts, "albums": 8, "added_alone": 1}
    assert get(api, "home")["changes"][1]["day"] == str(late.date())


def test_an_answer_stays_until_something_of_it_changes(
    api: Client, listener: User, albums: list[Album]
) -> None:
    def etag() -> str:
        return str(api.get(f"{ROOT}home").headers["ETag"])

    first = etag()
    response = api.get(f"{ROOT}home", headers={"If-None-Match": first})
    assert response.status_code == 304
    seen = {first}
    hear(listener, NOW - timedelta(hours=1), *tracks_of(albums[0])[:2])
    seen.add(etag())
    change_favourites(listener.pk, {"album": [albums[3].pk]}, {})
    seen.add(etag())
    make_scan(failed=1)
    seen.add(etag())
    assert len(seen) == 4


def test_an_empty_library_has_empty_shelves(api: Client) -> None:
    body = get(api, "home")
    assert [body[name] for name in ("begun", "forgotten", "changes")] == [[], [], []]
    assert body["added"] == body["random"] == {"count": 0, "results": []}
    response = api.get(f"{ROOT}home?tz=Nowhere/Land")
    assert response.status_code == 422


def test_the_number_of_queries_does_not_rise_with_what_is_shown(
    api: Client, listener: User, albums: list[Album]
) -> None:
    def asked(seed: int) -> int:
        get(api, f"home?seed={seed}")  # keeps what is kept
        with CaptureQueriesContext(connection) as queries:
            get(api, f"home?seed={seed + 1}")
        return len(queries)

    hear(listener, NOW - timedelta(hours=9), *tracks_of(albums[0])[:2])
    change_favourites(
        listener.pk, {"album": [albums[0].pk], "track": [tracks_of(albums[0])[0].pk]}, {}
    )
    few = asked(1)
    for number, album in enumerate(albums):
        hear(listener, NOW - timedelta(hours=8 - number / 10), *tracks_of(album)[:2])
    change_favourites(
        listener.pk,
        {
            "album": [each.pk for each in albums],
            "track": [tracks_of(each)[0].pk for each in albums],
        },
        {},
    )
    assert asked(3) == few <= 28
