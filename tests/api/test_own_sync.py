"""What belongs to the user, as GET sync tells it to a client that keeps a copy."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from library.models.revision import Revision
from listening.changes import Area, change
from listening.models import Bookmark, LostItem, PlayCount
from tests.api.library import ROOT, error, get
from tests.api.playlists import add, make, post, send
from tests.api.syncing import SyncedCopy
from tests.web.library_rows import join_tracks, make_track

pytestmark = pytest.mark.django_db(transaction=True)

KEYS: dict[str, Callable[[Any], Any]] = {
    "favourites": lambda row: (row["kind"], row["id"]),
    "ratings": lambda row: (row["kind"], row["id"]),
    "play_counts": lambda row: row["track_id"],
    "bookmarks": lambda row: row["track_id"],
    "playlists": lambda row: row["id"],
    "playlist_folders": lambda row: row["id"],
}
REMOVED_FROM = {"favourite": "favourites", "rating": "ratings"}


class OwnCopy:
    """A copy of the user's own things, kept as the document says."""

    def __init__(self, api: Client, limit: int = 1000) -> None:
        self.api = api
        self.limit = limit
        self.token: str | None = None
        self.parts: dict[str, dict[Any, Any]] = {part: {} for part in KEYS}
        self.pages: list[Any] = []

    def sync(self) -> "OwnCopy":
        self.pages = [self._page(f"since={self.token}" if self.token else "")]
        while cursor := self.pages[-1]["cursor"]:
            self.pages.append(self._page(f"cursor={cursor}"))
        own = self.pages[0]["own"]
        for part, key in KEYS.items():
            found = {key(row): row for page in self.pages for row in page["own"][part]}
            is_playlist = part.startswith("playlist")
            is_whole = own["playlists_are_whole" if is_playlist else "is_whole"]
            self.parts[part] = found if is_whole else self.parts[part] | found
        for each in (each for page in self.pages for each in page["own"]["removed"]):
            rows = self.parts[REMOVED_FROM[each["what"]]]
            rows.pop((each["kind"], each["item_id"]), None)
        self.token = self.pages[0]["token"]
        return self

    def _page(self, query: str) -> Any:
        page = get(self.api, f"sync?limit={self.limit}&{query}")
        for part in KEYS:
            assert len(page["own"][part]) <= self.limit
        return page

    @property
    def received(self) -> int:
        return sum(len(page["own"][part]) for page in self.pages for part in (*KEYS, "removed"))


@pytest.fixture
def copy(api: Client) -> OwnCopy:
    Revision.objects.begin()
    return OwnCopy(api)


def play(user: User, track: int, count: int) -> None:
    def work(number: int) -> None:
        PlayCount.objects.update_or_create(
            user=user, track_id=track, defaults={"count": count, "number": number}
        )

    change(user.pk, work, Area.PLAYS)


def test_all_that_belongs_to_the_user_comes_and_then_what_changed(
    api: Client, listener: User, copy: OwnCopy
) -> None:
    tracks = [make_track().pk for _ in range(3)]
    send(api, "put", f"favourites/tracks/{tracks[0]}")
    send(api, "put", f"ratings/tracks/{tracks[1]}", {"stars": 4})
    play(listener, tracks[2], 7)
    playlist = make(api, "Mix", "A")
    folder = post(api, "playlist-folders", {"name": "F"}, 201)["id"]
    Bookmark.objects.create(user=listener, track_id=tracks[0], position_s=9.5, number=1)
    copy.sync()
    assert copy.pages[0]["own"]["is_whole"] is True
    assert {part: [*rows] for part, rows in copy.parts.items()} == {
        "favourites": [("track", tracks[0])],
        "ratings": [("track", tracks[1])],
        "play_counts": [tracks[2]],
        "bookmarks": [tracks[0]],
        "playlists": [playlist],
        "playlist_folders": [folder],
    }
    assert copy.parts["ratings"]["track", tracks[1]]["stars"] == 4
    assert copy.parts["playlists"][playlist] == get(api, f"playlists/{playlist}")
    assert copy.sync().received == 0
    play(listener, tracks[2], 8)
    send(api, "delete", f"favourites/tracks/{tracks[0]}")
    assert copy.sync().received == 2
    assert copy.pages[0]["own"]["playlists_are_whole"] is False
    assert copy.parts["play_counts"][tracks[2]]["count"] == 8
    assert copy.parts["favourites"] == {}
    assert [*copy.parts["playlists"]] == [playlist]


def test_playlists_that_others_change_share_or_delete_are_brought_up_to_date(
    api: Client, staff: Client, copy: OwnCopy
) -> None:
    theirs = make(staff, "Theirs", sharing="read")
    secret = make(staff, "Secret")
    copy.sync()
    assert [*copy.parts["playlists"]] == [theirs]
    add(staff, theirs, track_ids=[make_track().pk])
    version = copy.parts["playlists"][theirs]["version"]
    assert copy.sync().parts["playlists"][theirs]["version"] == version + 1
    add(staff, secret, track_ids=[make_track().pk])
    assert copy.sync().received == 0
    send(staff, "patch", f"playlists/{secret}", {"sharing": "read"})
    send(staff, "patch", f"playlists/{theirs}", {"sharing": "private"})
    assert [*copy.sync().parts["playlists"]] == [secret]
    send(staff, "delete", f"playlists/{secret}", status=204)
    assert copy.sync().parts["playlists"] == {}


@pytest.mark.parametrize("limit", [1, 2, 7])
def test_pages_of_any_length_bring_all(
    api: Client, listener: User, copy: OwnCopy, limit: int
) -> None:
    for number in range(5):
        track = make_track().pk
        send(api, "put", f"favourites/tracks/{track}")
        PlayCount.objects.create(user=listener, track_id=track, count=1, number=1)
        make(api, f"Mix {number}")
    copy.limit = limit
    copy.sync()
    assert [len(copy.parts[part]) for part in ("favourites", "play_counts", "playlists")] == [5] * 3
    assert copy.received == 15
    assert len(copy.pages) >= 20 // limit


def test_a_change_between_two_pages_is_not_lost(api: Client, copy: OwnCopy) -> None:
    tracks = [make_track().pk for _ in range(4)]
    for track in tracks:
        send(api, "put", f"ratings/tracks/{track}", {"stars": 1})
    first = get(api, "sync?limit=6")
    send(api, "put", f"ratings/tracks/{tracks[0]}", {"stars": 5})
    second = get(api, f"sync?limit=6&cursor={first['cursor']}")
    found = {row["id"]: row for page in (first, second) for row in page["own"]["ratings"]}
    copy.token = first["token"]
    copy.parts["ratings"] = {("track", pk): row for pk, row in found.items()}
    copy.sync()
    stars = [copy.parts["ratings"]["track", track]["stars"] for track in tracks]
    assert stars == [5, 1, 1, 1]


def test_a_token_of_an_older_version_gets_all_of_the_users_part(api: Client, copy: OwnCopy) -> None:
    send(api, "put", f"favourites/tracks/{make_track().pk}")
    token = get(api, "sync?own=false")["token"]
    assert token.count("-") == 1
    page = get(api, f"sync?since={token}")
    assert (page["is_whole"], page["own"]["is_whole"]) == (False, True)
    assert (page["tracks"], len(page["own"]["favourites"])) == ([], 1)
    later = get(api, f"sync?since={page['token']}")
    assert later["own"]["is_whole"] is False
    for bad in (f"{token}-x", f"{token}-1-2", f"{token}-"):
        error(api.get(f"{ROOT}sync?since={bad}"), 422, "invalid")
    future = get(api, f"sync?since={token}-{10**17}")
    assert future["own"]["is_whole"] is True


def test_without_the_users_part_nothing_of_it_is_there(api: Client, copy: OwnCopy) -> None:
    send(api, "put", f"favourites/tracks/{make_track().pk}")
    copies = SyncedCopy(api)
    copies.sync()
    assert [page["own"] for page in copies.pages] == [None]


def test_the_part_is_the_users_own(api: Client, staff: Client, copy: OwnCopy) -> None:
    track = make_track().pk
    send(staff, "put", f"favourites/tracks/{track}")
    make(staff, "Secret")
    assert copy.sync().received == 0


def test_what_belongs_to_lost_tracks_is_left_out(
    api: Client, listener: User, copy: OwnCopy
) -> None:
    lost = LostItem.objects.create(title="Gone", match_key="x")
    PlayCount.objects.create(user=listener, lost=lost, count=2, number=1)
    Bookmark.objects.create(
        user=listener, lost=lost, position_s=1, number=1, changed_at=timezone.now()
    )
    assert copy.sync().received == 0


def test_an_etag_names_the_state_of_the_users_things(api: Client, copy: OwnCopy) -> None:
    token = get(api, "sync")["token"]
    path = f"{ROOT}sync?since={token}"
    etag = api.get(path)["ETag"]
    assert api.get(path, headers={"If-None-Match": etag}).status_code == 304
    make(api)
    assert api.get(path, headers={"If-None-Match": etag}).status_code == 200


def test_a_favourite_that_comes_by_a_join_stays(api: Client, listener: User, copy: OwnCopy) -> None:
    """The user had taken the heart from the other track a moment before."""
    stays, goes = make_track(), make_track()
    for track in (stays, goes):
        send(api, "put", f"favourites/tracks/{track.pk}")
    copy.sync()
    send(api, "delete", f"favourites/tracks/{stays.pk}")
    join_tracks({goes.pk: stays.pk})
    copy.sync()
    assert ("track", stays.pk) in copy.parts["favourites"]
    since = get(api, "favourites?since=1")
    assert (since["tracks"], since["removed"]) == ([stays.pk], {})


def test_playlists_of_users_who_go_or_change_are_brought_up_to_date(
    api: Client, copy: OwnCopy
) -> None:
    olga, client = User.objects.create_user("olga"), Client()
    client.force_login(olga)
    theirs = make(client, "Theirs", sharing="read")
    copy.sync()
    etags = [""]

    def listed() -> list[int]:
        answer = api.get(f"{ROOT}playlists", headers={"If-None-Match": etags[-1]})
        assert answer.status_code == 200
        etags.append(answer["ETag"])
        return [row["id"] for row in answer.json()["results"]]

    assert listed() == [theirs]
    olga.username = "Olga"
    olga.save()
    assert listed() == [theirs]
    assert copy.sync().parts["playlists"][theirs]["owner"] == "Olga"
    for is_active, seen in ((False, []), (True, [theirs])):
        olga.is_active = is_active
        olga.save()
        assert listed() == [*copy.sync().parts["playlists"]] == seen
    olga.delete()
    assert listed() == [*copy.sync().parts["playlists"]] == []


def test_a_user_who_only_logs_in_changes_nothing(api: Client, copy: OwnCopy) -> None:
    olga, client = User.objects.create_user("olga"), Client()
    client.force_login(olga)
    make(client, "Theirs", sharing="read")
    copy.sync()
    olga.set_password("another one")
    olga.save()
    client.force_login(olga)
    assert copy.sync().received == 0
