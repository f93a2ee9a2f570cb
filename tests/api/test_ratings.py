"""`GET, POST ratings` and `PUT, DELETE ratings/{kind}/{id}`."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from events.marks import mark_numbers
from listening.models import LostItem, LostKind, Rating, RemovedItem
from tests.api.library import error, get, make_album
from tests.api.opinions import send, sent
from tests.api.test_favourites import one_of_each
from tests.web.library_rows import join_tracks, make_track

NONE: dict[str, Any] = {
    "is_whole": True,
    "removed": {},
    **{plural: {} for plural in ("tracks", "albums", "artists", "folders")},
}


def rate(client: Client, path: str, stars: object) -> int:
    return int(sent(client, "PUT", f"ratings/{path}", {"stars": stars})["number"])


def test_everything_that_lists_show_is_rated_rated_anew_and_not_rated_again(
    api: Client, listener: User
) -> None:
    assert get(api, "ratings") == {"number": 0, **NONE}
    for kind, pk in one_of_each().items():
        path = f"{kind}s/{pk}"
        for stars in (3, 5):
            number = rate(api, path, stars)
            assert get(api, "ratings") == {"number": number, **NONE, f"{kind}s": {str(pk): stars}}
        assert mark_numbers(listener.pk) == {"ratings": number}
        assert Rating.objects.get().number == number
        later = sent(api, "DELETE", f"ratings/{path}")["number"]
        assert get(api, "ratings") == {"number": later, **NONE}
        removed = RemovedItem.objects.get(user=listener, kind=kind)
        assert (removed.what, removed.item_id, removed.number) == ("rating", pk, later)


def test_a_request_that_is_sent_again_changes_nothing(api: Client) -> None:
    track = make_track()
    number = rate(api, f"tracks/{track.pk}", 4)
    row = Rating.objects.values().get()
    assert rate(api, f"tracks/{track.pk}", 4) == number
    assert Rating.objects.values().get() == row


def test_several_are_rated_together(api: Client) -> None:
    ids, album = [make_track().pk for _ in range(4)], make_album("Post")
    rate(api, f"tracks/{ids[0]}", 1)
    rate(api, f"tracks/{ids[1]}", 2)
    rate(api, f"tracks/{ids[2]}", 3)
    body = {
        "tracks": {str(ids[0]): None, str(ids[1]): 5, str(ids[2]): 3, str(ids[3]): 5, "4711": 2},
        "albums": {str(album.pk): 4},
    }
    answer = sent(api, "POST", "ratings", body)
    assert answer["unknown"] == {"tracks": [4711]}
    found = get(api, "ratings")
    assert found["tracks"] == {str(ids[1]): 5, str(ids[2]): 3, str(ids[3]): 5}
    assert found["albums"] == {str(album.pk): 4}
    assert found["number"] == answer["number"]


@pytest.mark.parametrize("stars", [0, 6, -1, 2.5, "3", None, True])
def test_other_numbers_of_stars_are_refused(api: Client, stars: object) -> None:
    track = make_track()
    error(send(api, "PUT", f"ratings/tracks/{track.pk}", {"stars": stars}), 422, "invalid")
    if stars is not None:
        error(send(api, "POST", "ratings", {"tracks": {str(track.pk): stars}}), 422, "invalid")
    assert not Rating.objects.exists()


@pytest.mark.parametrize("pk", ["0", "x", "01", "-1", str(2**63)])
def test_other_ids_are_refused(api: Client, pk: str) -> None:
    error(send(api, "POST", "ratings", {"tracks": {pk: 1}}), 422, "invalid")


def test_what_is_not_in_the_library_is_not_rated(api: Client) -> None:
    message = error(send(api, "PUT", "ratings/folders/4711", {"stars": 1}), 404, "not_found")
    assert "folder 4711" in message


def test_a_joined_tracks_rating_is_that_of_the_other(api: Client) -> None:
    stays, goes = make_track(), make_track()
    join_tracks({goes.pk: stays.pk})
    rate(api, f"tracks/{goes.pk}", 2)
    assert get(api, "ratings")["tracks"] == {str(stays.pk): 2}


def test_a_rating_whose_track_was_purged_can_be_taken_away_by_its_old_id(
    api: Client, listener: User
) -> None:
    lost = LostItem.objects.create(kind=LostKind.TRACK, former_id=4711, title="Army of Me")
    Rating.objects.create(user=listener, lost=lost, stars=2)
    sent(api, "DELETE", "ratings/tracks/4711")
    assert not Rating.objects.exists()


def test_no_user_sees_anothers_and_no_etag_of_another_fits(api: Client) -> None:
    track = make_track()
    rate(api, f"tracks/{track.pk}", 2)
    headers = {"If-None-Match": api.get("/api/v1/ratings")["ETag"]}
    assert api.get("/api/v1/ratings", headers=headers).status_code == 304
    other = Client()
    other.force_login(User.objects.create_user("ada"))
    assert get(other, "ratings") == {"number": 0, **NONE}
    rate(other, f"tracks/{track.pk}", 5)
    assert other.get("/api/v1/ratings", headers=headers).status_code == 200
    assert get(api, "ratings")["tracks"] == {str(track.pk): 2}


def test_a_client_asks_for_what_has_changed_since(api: Client) -> None:
    ids = [make_track().pk for _ in range(3)]
    rate(api, f"tracks/{ids[0]}", 2)
    number = rate(api, f"tracks/{ids[1]}", 3)
    sent(api, "DELETE", f"ratings/tracks/{ids[0]}")
    last = rate(api, f"tracks/{ids[2]}", 1)
    changes = {**NONE, "is_whole": False, "number": last}
    removed = {"removed": {"tracks": [ids[0]]}}
    found = get(api, f"ratings?since={number}")
    assert found == {**changes, **removed, "tracks": {str(ids[2]): 1}}
    assert get(api, f"ratings?since={last + 1}")["is_whole"]
