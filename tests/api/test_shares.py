"""The endpoints for shared links, and what shares hold."""

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from events.models import Mark
from library.models.albums import Album
from library.models.catalogue import Track
from library.models.revision import NextRevision
from library.scanning import purge_missing
from listening.models import (
    LostItem,
    Playlist,
    PlaylistEntry,
    Share,
    ShareItem,
    ShareVisit,
    Sharing,
)
from listening.playlists import sources
from listening.playlists.editing import delete, make
from listening.shares.contents import title_of, track_ids_of
from listening.shares.links import Visit, selector_in, token_of
from listening.shares.opening import count_visit, find_open, find_to_visit, sweep_visits
from listening.sweeping import UNDO_WITHIN, sweep
from tests.web.library_rows import join_tracks, make_track

PLACE = "/api/v1/shares"


@pytest.fixture(autouse=True)
def allowed(settings: Any) -> None:
    settings.SHARING = "everybody"


@pytest.fixture
def now() -> datetime:
    return timezone.now()


@pytest.fixture
def share(api: Client) -> Callable[..., Any]:
    def make_share(**fields: Any) -> Any:
        answer = api.post(PLACE, fields, content_type="application/json")
        assert answer.status_code == 201, answer.json()
        return answer.json()

    return make_share


def stored(row: Any) -> Share:
    return Share.objects.select_related("user").get(pk=row["id"])


def test_a_link_is_made_shown_changed_deleted_and_restored(api: Client, share: Any) -> None:
    track = make_track(title="So What")
    made = share(track_ids=[track.pk], expires_at="2040-01-01T00:00:00Z", visit_limit=3)
    assert made["url"] == f"http://testserver/s/{token_of(stored(made))}"
    assert made["items"] == [{"kind": "track", "id": track.pk, "name": "So What"}]
    shown = ("title", "description", "state", "visit_limit", "visit_count", "allows_download")
    assert [made[name] for name in shown] == ["So What", "", "open", 3, 0, False]
    one = f"{PLACE}/{made['id']}"
    change = {"description": " For you ", "expires_at": None}
    changed = api.patch(one, change, content_type="application/json").json()
    assert changed == {**made, "description": "For you", "title": "For you", "expires_at": None}
    assert api.get(PLACE).json() == {"count": 1, "results": [changed]}
    assert api.delete(one).status_code == 204
    assert api.get(PLACE).json()["results"] == []
    assert api.get(one).status_code == 404
    assert find_open(made["url"][-34:]) is None
    assert api.post(f"{one}/restore").status_code == 204
    assert api.get(one).json() == changed
    assert find_open(made["url"][-34:]) == stored(made)


def test_the_list_comes_in_pages(api: Client, share: Any) -> None:
    made = [share(track_ids=[make_track().pk])["id"] for _ in range(3)][::-1]
    answers = [api.get(f"{PLACE}?limit=2&offset={offset}").json() for offset in (0, 2)]
    assert [answer["count"] for answer in answers] == [3, 3]
    assert [[each["id"] for each in answer["results"]] for answer in answers] == [
        made[:2],
        made[2:],
    ]


def test_a_long_share_has_several_pages_of_one_visit(
    client: Client, share: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("web.shares.MOST_TRACKS", 2)
    ids = [make_track(title=f"Song {number}", duration_s=60).pk for number in range(5)]
    place = f"/s/{token_of(stored(share(track_ids=ids)))}"
    pages, visits, second = [], set(), ""
    while place:
        page = client.get(place).content.decode()
        assert "5 tracks" in page
        pages.append(re.findall(r'data-title="Song (.)"', page))
        visits |= {*re.findall(r"/([a-z2-7]+-[0-9]+)/[0-9]+-", page)}
        [*following] = re.findall(r'id="more" class="button" href="([^"]*)"', page)
        place = following[0] if following else ""
        second = second or place
    assert pages == [["0", "1"], ["2", "3"], ["4"]]
    assert len(visits) == 1
    other = f"/s/{token_of(stored(share(track_ids=ids)))}"
    assert client.get(other + second[second.index("/", 3) :]).status_code == 404


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({}, 422),
        ({"track_ids": [999]}, 404),
        ({"playlist_ids": [999]}, 404),
        ({"visit_limit": 0}, 422),
        ({"expires_at": 5}, 422),
        ({"token": "mine"}, 422),
        ({"description": "x" * 501}, 422),
    ],
)
def test_what_makes_no_sense_is_refused(api: Client, fields: Any, status: int) -> None:
    body = {"track_ids": [make_track().pk], **fields} if fields else {}
    assert api.post(PLACE, body, content_type="application/json").status_code == status
    assert not Share.objects.exists()


def test_nobody_shares_unless_the_setting_allows_it(
    api: Client, staff: Client, share: Any, settings: Any
) -> None:
    body = {"track_ids": [make_track().pk]}
    token = share(**body)["url"][-34:]
    for setting, expected in {"administrators": [403, 201], "off": [403, 403]}.items():
        settings.SHARING = setting
        answers = [each.post(PLACE, body, content_type="application/json") for each in (api, staff)]
        assert [each.status_code for each in answers] == expected
        assert answers[0].json()["error"]["code"] == "sharing_off"
        assert find_open(token) is None  # those that were made before
    settings.SHARING = "everybody"
    assert find_open(token) is not None


def test_others_are_for_administrators(api: Client, staff: Client, share: Any) -> None:
    made = share(track_ids=[make_track().pk])
    other = Client()
    other.force_login(User.objects.create_user("other"))
    one = f"{PLACE}/{made['id']}"
    for visitor, status in ((other, 404), (staff, 200)):
        assert visitor.get(PLACE).json()["count"] == 0
        assert visitor.get(one).status_code == status
        assert visitor.patch(one, {}, content_type="application/json").status_code == status
    assert other.get(f"{PLACE}?all=true").json()["count"] == 0
    assert [each["owner"] for each in staff.get(f"{PLACE}?all=true").json()["results"]] == ["lee"]
    assert (other.delete(one).status_code, staff.delete(one).status_code) == (404, 204)
    assert other.post(f"{one}/restore").status_code == 404


def test_many_links_cost_as_many_statements_as_one(api: Client, share: Any) -> None:
    def statements() -> int:
        with CaptureQueriesContext(connection) as queries:
            api.get(PLACE)
        return len(queries)

    tracks = [make_track().pk for _ in range(5)]
    share(track_ids=tracks)
    few = statements()
    for _ in range(5):
        share(track_ids=tracks)
    assert statements() == few


class TestContents:
    def test_albums_and_playlists_are_as_they_are_at_the_visit(
        self, share: Any, listener: User
    ) -> None:
        album = Album.objects.create(key="a", title="Album", title_key="a")
        second = make_track(album=album, track_number=2, album_title="Album")
        alone, gone = make_track(), make_track(missing=True)
        playlist = make(listener.pk, {"name": "List"}, [alone.pk, second.pk, gone.pk])
        rules = {"all": [{"field": "title", "operator": "is", "value": "Found"}]}
        smart = make(listener.pk, {"name": "Smart", "rules": rules})
        made = stored(
            share(track_ids=[gone.pk], album_ids=[album.pk], playlist_ids=[playlist, smart])
        )
        assert track_ids_of(made) == [second.pk, alone.pk]
        first = make_track(album=album, track_number=1, album_title="Album")
        with transaction.atomic():
            found = make_track(title="Found", revision=NextRevision().number)
        assert track_ids_of(made) == [first.pk, second.pk, alone.pk, found.pk]
        delete(listener.pk, playlist)
        assert track_ids_of(made) == [first.pk, second.pk, found.pk]

    def test_a_playlist_that_the_owner_does_not_see_any_more_is_not_shown(
        self, api: Client, share: Any
    ) -> None:
        other = User.objects.create_user("other")
        track = make_track()
        playlist = make(other.pk, {"name": "Open", "sharing": Sharing.READ}, [track.pk])
        made = stored(share(playlist_ids=[playlist]))
        assert track_ids_of(made) == [track.pk]
        Playlist.objects.filter(pk=playlist).update(sharing=Sharing.PRIVATE, name="Secret")
        assert track_ids_of(made) == []
        row = api.get(f"{PLACE}/{made.pk}").json()
        assert (row["title"], row["items"][0]["name"], title_of(made)) == ("", "", "")

    def test_many_things_are_looked_up_until_the_page_is_full(
        self, share: Any, listener: User
    ) -> None:
        albums = [Album.objects.create(key=key, title=key, title_key=key) for key in "abcd"]
        tracks = [make_track(album=each).pk for each in albums for _ in range(2)]
        playlists = [make(listener.pk, {"name": name}, tracks) for name in "efghijkl"]
        given = [each.pk for each in albums]
        made = stored(share(album_ids=given, playlist_ids=playlists))
        assert len(track_ids_of(made, most=3)) == 3
        with CaptureQueriesContext(connection) as queries:
            track_ids_of(made, most=8)
        assert len(queries) == 3
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(sources, "MOST_ENTRIES", 4)  # of a playlist, which a share is not
            assert len(track_ids_of(made)) == 8

    def test_a_share_holds_a_few_playlists(self, api: Client, listener: User) -> None:
        playlists = [make(listener.pk, {"name": str(number)}) for number in range(51)]
        for number, status in ((50, 201), (51, 422)):
            body = {"playlist_ids": playlists[:number]}
            answer = api.post(PLACE, body, content_type="application/json")
            assert answer.status_code == status

    def test_another_ones_private_playlist_is_not_shared(self, api: Client) -> None:
        playlist = make(User.objects.create_user("other").pk, {"name": "Mine"})
        body = {"playlist_ids": [playlist]}
        assert api.post(PLACE, body, content_type="application/json").status_code == 404

    def test_tracks_that_are_joined_or_purged_stay_in_the_share(self, share: Any) -> None:
        kept, goes, purged = make_track(), make_track(), make_track(title="Gone")
        made = stored(share(track_ids=[kept.pk, goes.pk, purged.pk]))
        join_tracks({goes.pk: kept.pk})
        assert track_ids_of(made) == [kept.pk, purged.pk]
        Track.objects.filter(pk=purged.pk).update(missing_since="2026-01-01T00:00Z")
        purge_missing(also_used=True)
        assert track_ids_of(made) == [kept.pk]
        lost = ShareItem.objects.get(track=None)
        assert (lost.share, lost.lost) == (made, LostItem.objects.get(title="Gone"))
        assert PlaylistEntry.objects.count() == 0


class TestVisits:
    def test_each_counts_once_up_to_the_limit(self, share: Any, now: datetime) -> None:
        made = stored(share(track_ids=[make_track().pk], visit_limit=2))
        visits = [Visit.new(now) for _ in range(3)]
        told = [count_visit(made, each) for each in (*visits, *visits)]
        assert told == [True, True, False, True, True, False]
        made = stored({"id": made.pk})
        assert made.visit_count == 2
        raised = Mark.objects.get(user=made.user, name="shares").number
        assert count_visit(made, Visit.new(now)) is False
        assert Mark.objects.get(user=made.user, name="shares").number == raised > 2
        assert made.last_visited_at is not None
        assert find_to_visit(token_of(made)) is None
        assert find_open(token_of(made)) == made

    def test_they_are_forgotten_when_their_addresses_have_ended(
        self, share: Any, now: datetime
    ) -> None:
        made = stored(share(track_ids=[make_track().pk]))
        count_visit(made, Visit.new(now))
        assert sweep_visits(now, 10) == 0
        ShareVisit.objects.update(begun_at=now - UNDO_WITHIN)
        assert sweep_visits(now, 10) == 1
        assert stored({"id": made.pk}).visit_count == 1

    def test_a_deleted_share_is_deleted_for_good_later(self, share: Any, now: datetime) -> None:
        made = share(track_ids=[make_track().pk])
        Share.objects.update(deleted_at=now)
        sweep()
        assert Share.objects.filter(pk=made["id"]).exists()
        Share.objects.update(deleted_at=now - 2 * UNDO_WITHIN)
        sweep()
        assert not Share.objects.exists()


def test_links_have_128_random_bits_and_the_database_has_none_of_them(share: Any) -> None:
    track = make_track()
    links = [share(track_ids=[track.pk])["url"][-34:] for _ in range(20)]
    secrets = {each[8:] for each in links}
    assert len(secrets) == 20
    assert all(5 * len(each) >= 128 for each in secrets)
    values = str([*Share.objects.values_list()])
    assert not any(each in values for each in secrets)
    swapped = links[0][:8] + links[1][8:]
    assert selector_in(swapped) == links[0][:8]
    assert find_open(swapped) is None
