"""Filters and orders of lists by the user's own things, and `own=true`."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from library.models.catalogue import ArtistRole, Track
from library.models.folders import Folder
from library.queries import lists
from listening.favourites import change_favourites
from listening.models import PlayCount
from listening.ratings import change_ratings
from tests.api.library import credit, error, get, make_album, make_artist, on_album
from tests.api.opinions import sent
from tests.web.library_rows import make_track, make_tracks


def ids(client: Client, path: str) -> list[int]:
    """Those of the first page, which the list of all ids has to confirm if it is of tracks."""
    found = [row["id"] for row in get(client, path)["results"]]
    if path.startswith("tracks?"):
        assert get(client, path.replace("tracks?", "tracks/ids?"))["ids"] == found
    return found


@pytest.fixture
def five(listener: User) -> list[int]:
    """The ids of five tracks: the 2nd and 4th are favourites, the 1st has 2 stars, the 2nd and 5th
    have 5."""
    five = [make_track(title=f"Song {number}").pk for number in range(5)]
    for pk in (five[3], five[1]):
        change_favourites(listener.pk, {"track": [pk]}, {})
    change_ratings(listener.pk, {"track": {five[0]: 2, five[1]: 5, five[4]: 5}}, {})
    return five


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("favourite=true", [1, 3]),
        ("favourite=false", [0, 2, 4]),
        ("rating=5", [1, 4]),
        ("rating=1-3", [0]),
        ("rating=2-", [0, 1, 4]),
        ("rating=0", [2, 3]),
        ("rating=0-4", [0, 2, 3]),
        ("rating=3-4", []),
        ("favourite=true&rating=5", [1]),
        ("favourite=true&q=song 3", [3]),
        ("sort=favourited", [0, 2, 4, 3, 1]),
        ("sort=-favourited", [1, 3, 4, 2, 0]),
        ("sort=rating", [2, 3, 0, 1, 4]),
        ("sort=-rating", [4, 1, 0, 3, 2]),
        ("sort=-favourited&favourite=true", [1, 3]),
        ("sort=-rating&favourite=false&q=song", [4, 0, 2]),
    ],
)
@pytest.mark.parametrize("few", [True, False])
def test_filters_and_orders_of_tracks(  # noqa: PLR0917  # fixtures
    api: Client,
    five: list[int],
    query: str,
    expected: list[int],
    few: bool,  # noqa: FBT001
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Also as long lists are found."""
    if not few:
        monkeypatch.setattr(lists, "_FEW", 0)
    wanted = query if "sort" in query else f"{query}&sort=title"
    assert ids(api, f"tracks?{wanted}") == [five[number] for number in expected]
    pages = [get(api, f"tracks?{wanted}&limit=2&offset={at}")["results"] for at in (0, 2, 4)]
    assert [row["id"] for page in pages for row in page] == [five[number] for number in expected]


def test_albums_artists_composers_and_folders(api: Client, listener: User) -> None:
    folders = [
        Folder.objects.create(
            root="/music", path=name, name=name, name_key=name, total_track_count=1
        )
        for name in ("a", "b")
    ]
    inner = Folder.objects.create(
        root="/music", path="a/c", name="c", name_key="c", parent=folders[0], total_track_count=1
    )
    albums = [make_album(title) for title in ("Debut", "Post")]
    artists = [make_artist(name) for name in ("Ada", "Björk")]
    for album, artist in zip(albums, artists, strict=True):
        track = on_album(album, folder=inner)
        credit(track, artist)
        credit(track, artist, ArtistRole.COMPOSER)
    wanted = {"album": albums[1].pk, "artist": artists[1].pk, "folder": inner.pk}
    change_favourites(listener.pk, {kind: [pk] for kind, pk in wanted.items()}, {})
    change_ratings(listener.pk, {kind: {pk: 4} for kind, pk in wanted.items()}, {})
    for plural, rows in (("albums", albums), ("artists", artists), ("composers", artists)):
        one, other = (row.pk for row in rows)
        assert ids(api, f"{plural}?favourite=true") == [other]
        assert ids(api, f"{plural}?favourite=false&rating=0") == [one]
        assert ids(api, f"{plural}?rating=3-4") == [other]
        assert ids(api, f"{plural}?sort=-favourited") == [other, one]
        assert ids(api, f"{plural}?sort=rating") == [one, other]
    assert ids(api, "folders?favourite=true") == [inner.pk]
    assert ids(api, "folders?favourite=false") == [folder.pk for folder in folders]
    assert ids(api, f"folders?parent={folders[0].pk}&rating=4") == [inner.pk]
    assert ids(api, f"folders?parent={folders[0].pk}&rating=0") == []


def test_a_list_with_own_things_is_of_this_user_and_of_this_moment(
    api: Client, five: list[int]
) -> None:
    other = Client()
    other.force_login(User.objects.create_user("ada"))
    for path in ("tracks?favourite=true", "tracks?sort=-rating", "tracks?own=true"):
        first = api.get(f"/api/v1/{path}")
        headers = {"If-None-Match": first["ETag"]}
        assert api.get(f"/api/v1/{path}", headers=headers).status_code == 304
        assert other.get(f"/api/v1/{path}", headers=headers).status_code == 200
        sent(api, "POST", "favourites", {"remove": {"tracks": five}})
        sent(api, "POST", "ratings", {"tracks": {str(five[2]): 1}})
        changed = api.get(f"/api/v1/{path}", headers=headers)
        assert changed.status_code == 200
        assert changed.json() != first.json()
        sent(api, "POST", "favourites", {"add": {"tracks": five}})
        sent(api, "POST", "ratings", {"tracks": {str(five[2]): None}})


def test_a_list_without_own_things_does_not_ask_for_them(
    api: Client, five: list[int], django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    first = api.get("/api/v1/tracks")
    sent(api, "PUT", f"favourites/tracks/{five[0]}")
    with django_assert_num_queries(3):  # session, user, revision
        again = api.get("/api/v1/tracks", headers={"If-None-Match": first["ETag"]})
    assert again.status_code == 304
    assert "own" not in first.json()["results"][0]


def heard(user: User, track: Track, count: int, day: int) -> None:
    at = datetime(2026, 3, day, tzinfo=UTC)
    PlayCount.objects.create(user=user, track=track, count=count, last_played_at=at)


def test_rows_tell_what_the_user_made_of_them(api: Client, listener: User) -> None:
    album, artist = make_album("Post"), make_artist("Björk")
    tracks = [credit(on_album(album), artist) for _ in range(2)]
    credit(tracks[0], artist, ArtistRole.ALBUM_ARTIST)
    credit(tracks[1], artist, ArtistRole.COMPOSER)
    heard(listener, tracks[0], 3, 1)
    heard(listener, tracks[1], 4, 2)
    heard(User.objects.create_user("ada"), tracks[1], 40, 3)
    for kind, pk in (("track", tracks[0].pk), ("album", album.pk), ("artist", artist.pk)):
        change_favourites(listener.pk, {kind: [pk]}, {}, datetime(2026, 1, 1, tzinfo=UTC))
        change_ratings(listener.pk, {kind: {pk: 4}}, {})
    whole: dict[str, Any] = {"favourited_at": "2026-01-01T00:00:00Z", "rating": 4}
    of_both = {**whole, "play_count": 7, "last_played_at": "2026-03-02T00:00:00Z"}
    found = get(api, f"tracks?ids={tracks[0].pk},{tracks[1].pk}&own=true")["results"]
    assert [row["own"] for row in found] == [
        {**whole, "play_count": 3, "last_played_at": "2026-03-01T00:00:00Z"},
        {
            "favourited_at": None,
            "rating": None,
            "play_count": 4,
            "last_played_at": "2026-03-02T00:00:00Z",
        },
    ]
    assert [row["own"] for row in get(api, "albums?own=true")["results"]] == [of_both]
    assert [row["own"] for row in get(api, "artists?own=true")["results"]] == [of_both]


def test_what_rows_tell_takes_no_query_a_row(
    api: Client, listener: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    make_tracks(60)
    get(api, "tracks?own=true&limit=1")
    for limit in (2, 50):
        with django_assert_num_queries(9):  # session, user, marks, revision, page, rows, own (3)
            get(api, f"tracks?own=true&limit={limit}")


@pytest.mark.parametrize(
    "query",
    ["rating=6", "rating=5-3", "rating=-3", "rating=", "rating=x", "favourite=2", "sort=stars"],
)
def test_other_values_are_refused(api: Client, query: str) -> None:
    for plural in ("tracks", "albums", "artists"):
        error(api.get(f"/api/v1/{plural}?{query}"), 422, "invalid")
