"""`GET, POST favourites` and `PUT, DELETE favourites/{kind}/{id}`."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from events.marks import mark_numbers
from library.models.catalogue import Track
from library.models.folders import Folder
from listening.favourites import change_favourites
from listening.kinds import MODELS
from listening.models import Favourite, LostItem, LostKind, RemovedItem
from listening.sweeping import REMEMBERED, sweep
from tests.api.library import credit, error, get, make_album, make_artist, on_album
from tests.api.opinions import send, sent
from tests.web.library_rows import join_tracks, make_track, make_tracks

NONE: dict[str, Any] = {
    "is_whole": True,
    "removed": {},
    **{plural: [] for plural in ("tracks", "albums", "artists", "folders")},
}


def one_of_each() -> dict[str, int]:
    """The id of a track, an album, an artist and a folder, by the kind."""
    album, artist = make_album("Post"), make_artist("Björk")
    folder = Folder.objects.create(root="/music", path="post", name="post", name_key="post")
    track = credit(on_album(album, folder=folder), artist)
    rows = (track, album, artist, folder)
    return dict(zip(MODELS, (row.pk for row in rows), strict=True))


def test_before_anything_is_marked_there_are_no_favourites(api: Client) -> None:
    assert get(api, "favourites") == {"number": 0, **NONE}


def test_everything_that_lists_show_can_be_a_favourite_and_none_again(
    api: Client, listener: User
) -> None:
    for kind, pk in one_of_each().items():
        number = sent(api, "PUT", f"favourites/{kind}s/{pk}")["number"]
        assert get(api, "favourites") == {"number": number, **NONE, f"{kind}s": [pk]}
        assert mark_numbers(listener.pk) == {"favourites": number}
        later = sent(api, "DELETE", f"favourites/{kind}s/{pk}")["number"]
        assert later > number
        assert get(api, "favourites") == {"number": later, **NONE}
        removed = RemovedItem.objects.get(user=listener, kind=kind)
        assert (removed.what, removed.item_id, removed.number) == ("favourite", pk, later)
        sent(api, "PUT", f"favourites/{kind}s/{pk}")
        assert not RemovedItem.objects.filter(kind=kind).exists()
        sent(api, "DELETE", f"favourites/{kind}s/{pk}")


def test_the_newest_favourite_comes_first(api: Client) -> None:
    ids = [make_track().pk for _ in range(3)]
    for pk in (ids[1], ids[0], ids[2]):
        sent(api, "PUT", f"favourites/tracks/{pk}")
    assert get(api, "favourites")["tracks"] == [ids[2], ids[0], ids[1]]


def test_a_request_that_is_sent_again_changes_nothing(api: Client) -> None:
    track = make_track()
    first = sent(api, "PUT", f"favourites/tracks/{track.pk}")
    row = Favourite.objects.values().get()
    assert sent(api, "PUT", f"favourites/tracks/{track.pk}") == first
    assert Favourite.objects.values().get() == row
    gone = sent(api, "DELETE", f"favourites/tracks/{track.pk}")
    assert sent(api, "DELETE", f"favourites/tracks/{track.pk}") == gone


def test_several_are_changed_together(api: Client) -> None:
    ids, album = [make_track().pk for _ in range(4)], make_album("Post")
    sent(api, "PUT", f"favourites/tracks/{ids[0]}")
    sent(api, "PUT", f"favourites/tracks/{ids[1]}")
    body = {
        "add": {"tracks": ids[1:], "albums": [album.pk]},
        "remove": {"tracks": [ids[0]]},
    }
    answer = sent(api, "POST", "favourites", body)
    assert answer["unknown"] == {}
    found = get(api, "favourites")
    assert {*found["tracks"]} == {*ids[1:]}
    assert (found["number"], found["albums"]) == (answer["number"], [album.pk])
    assert {*Favourite.objects.filter(number=answer["number"]).values_list("track", flat=True)} == {
        ids[2],
        ids[3],
        None,
    }


def test_thousands_take_as_many_queries_as_a_few(
    api: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    make_tracks(2_000)
    ids = [*Track.objects.values_list("pk", flat=True)]
    with django_assert_max_num_queries(40):  # SQLite takes 999 values in one statement
        sent(api, "POST", "favourites", {"add": {"tracks": ids}})
    assert Favourite.objects.count() == 2_000
    with django_assert_max_num_queries(40):
        sent(api, "POST", "favourites", {"remove": {"tracks": ids}})
    assert not Favourite.objects.exists()


def test_what_is_not_in_the_library_is_named_and_the_rest_is_changed(api: Client) -> None:
    track = make_track()
    assert "track 4711" in error(send(api, "PUT", "favourites/tracks/4711"), 404, "not_found")
    assert "album 4711" in error(send(api, "DELETE", "favourites/albums/4711"), 404, "not_found")
    body = {"add": {"tracks": [4711, track.pk]}, "remove": {"artists": [4712]}}
    answer = sent(api, "POST", "favourites", body)
    assert answer["unknown"] == {"tracks": [4711], "artists": [4712]}
    assert get(api, "favourites")["tracks"] == [track.pk]


@pytest.mark.parametrize(
    "body",
    [
        {"add": {"tracks": [0]}},
        {"add": {"tracks": ["1"]}},
        {"add": {"songs": [1]}},
        {"add": {"tracks": [2**63]}},
        {"add": {"tracks": [1] * 5_001}},
        {"add": {"tracks": [1]}, "remove": {"tracks": [1]}},
        {"added": {}},
        [],
    ],
)
def test_a_body_of_another_form_is_refused(api: Client, body: object) -> None:
    make_track()
    error(send(api, "POST", "favourites", body), 422, "invalid")
    assert not Favourite.objects.exists()


def test_paths_of_another_form_are_refused(api: Client) -> None:
    for path in ("songs/1", "tracks/0", f"tracks/{2**63}"):
        error(send(api, "PUT", f"favourites/{path}"), 422, "invalid")
    error(send(api, "PUT", "favourites/tracks/x"), 422, "invalid")


def test_a_track_that_was_joined_with_another_stands_for_the_other(api: Client) -> None:
    stays, goes = make_track(), make_track()
    join_tracks({goes.pk: stays.pk})
    sent(api, "PUT", f"favourites/tracks/{goes.pk}")
    assert get(api, "favourites")["tracks"] == [stays.pk]
    assert sent(api, "POST", "favourites", {"remove": {"tracks": [goes.pk]}})["unknown"] == {}
    assert get(api, "favourites")["tracks"] == []


def test_a_favourite_whose_track_was_purged_can_be_taken_away_by_its_old_id(
    api: Client, listener: User
) -> None:
    lost = LostItem.objects.create(kind=LostKind.TRACK, former_id=4711, title="Army of Me")
    Favourite.objects.create(user=listener, lost=lost)
    assert get(api, "favourites") == {"number": 0, **NONE}
    sent(api, "DELETE", "favourites/tracks/4711")
    assert not Favourite.objects.exists()
    assert RemovedItem.objects.get().item_id == 4711


def test_a_missing_track_keeps_its_heart(api: Client) -> None:
    track = make_track()
    sent(api, "PUT", f"favourites/tracks/{track.pk}")
    Track.objects.update(missing_since=timezone.now())
    assert get(api, "favourites")["tracks"] == [track.pk]
    assert get(api, "tracks?favourite=true")["count"] == 0


def test_each_user_has_their_own(api: Client) -> None:
    track = make_track()
    other = Client()
    other.force_login(User.objects.create_user("ada"))
    sent(api, "PUT", f"favourites/tracks/{track.pk}")
    assert get(other, "favourites") == {"number": 0, **NONE}
    sent(other, "DELETE", f"favourites/tracks/{track.pk}")
    assert get(api, "favourites")["tracks"] == [track.pk]


def test_what_a_client_has_already_is_not_sent_again(api: Client) -> None:
    track = make_track()
    first = api.get("/api/v1/favourites")
    headers = {"If-None-Match": first["ETag"]}
    assert api.get("/api/v1/favourites", headers=headers).status_code == 304
    other = Client()
    other.force_login(User.objects.create_user("ada"))
    assert other.get("/api/v1/favourites", headers=headers).status_code == 200
    sent(api, "PUT", f"favourites/tracks/{track.pk}")
    assert api.get("/api/v1/favourites", headers=headers).status_code == 200


def test_a_client_asks_for_what_has_changed_since(api: Client) -> None:
    ids = [make_track().pk for _ in range(3)]
    number = sent(api, "POST", "favourites", {"add": {"tracks": ids[:2]}})["number"]
    sent(api, "DELETE", f"favourites/tracks/{ids[0]}")
    last = sent(api, "PUT", f"favourites/tracks/{ids[2]}")["number"]
    changes = {**NONE, "is_whole": False, "number": last}
    removed = {"removed": {"tracks": [ids[0]]}}
    found = get(api, f"favourites?since={number}")
    assert found == {**changes, **removed, "tracks": [ids[2]]}
    assert get(api, f"favourites?since={last}") == changes
    whole = {**NONE, "number": last, "tracks": [ids[2], ids[1]]}
    assert get(api, f"favourites?since={last + 1}") == whole
    error(api.get("/api/v1/favourites?since=0"), 422, "invalid")


def test_a_client_that_was_away_for_too_long_gets_all(api: Client) -> None:
    tracks = [make_track().pk for _ in range(2)]
    for track in tracks:
        sent(api, "PUT", f"favourites/tracks/{track}")
    number = get(api, "favourites")["number"]
    sent(api, "DELETE", f"favourites/tracks/{tracks[0]}")
    RemovedItem.objects.update(removed_at=timezone.now() - 2 * REMEMBERED)
    sweep()
    found = get(api, f"favourites?since={number}")
    assert (found["is_whole"], found["tracks"]) == (True, [tracks[1]])


def test_an_import_tells_since_when(listener: User) -> None:
    track, since = make_track(), datetime(2019, 5, 1, tzinfo=UTC)
    change_favourites(listener.pk, {"track": [track.pk]}, {}, since)
    change_favourites(listener.pk, {"track": [track.pk]}, {}, since + timedelta(days=1))
    assert Favourite.objects.get().favourited_at == since


def test_only_logged_in_users_with_the_token_change_anything(listener: User) -> None:
    track = make_track()
    assert send(Client(), "PUT", f"favourites/tracks/{track.pk}").status_code == 401
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(listener)
    error(send(strict, "PUT", f"favourites/tracks/{track.pk}"), 403, "csrf_failed")
    assert not Favourite.objects.exists()
