"""What a client did without the server and tells afterwards: once, and the later change wins."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from library.models.catalogue import Track
from listening.models import Favourite, PlaylistEntry, Rating
from tests.api.library import error, get
from tests.api.opinions import send, sent
from tests.api.playlists import add, change, entry_ids, make, titles
from tests.web.library_rows import join_tracks, make_track

pytestmark = pytest.mark.django_db
HOUR_S = 3600.0


def is_about(at: datetime, age_s: float) -> bool:
    return abs(timezone.now() - timedelta(seconds=age_s) - at) < timedelta(minutes=5)


def test_a_favourite_of_an_hour_ago_gets_its_time_and_the_later_change_stays(api: Client) -> None:
    heart, none = make_track(title="Heart").pk, make_track(title="None").pk
    late = {"add": {"tracks": [heart]}, "age_s": HOUR_S}
    for _ in range(2):
        assert sent(api, "POST", "favourites", late)["later"] == {}
    (row,) = Favourite.objects.all()
    assert is_about(row.favourited_at, HOUR_S)
    removed = {"remove": {"tracks": [heart, none]}, "age_s": 2 * HOUR_S}
    assert sent(api, "POST", "favourites", removed)["later"] == {"tracks": [heart]}
    sent(api, "POST", "favourites", {"remove": {"tracks": [heart]}, "age_s": HOUR_S / 2})
    assert sent(api, "POST", "favourites", late)["later"] == {"tracks": [heart]}
    assert get(api, "favourites")["tracks"] == []
    again = {"add": {"tracks": [heart]}, "age_s": HOUR_S / 4}
    assert sent(api, "POST", "favourites", again)["later"] == {}
    assert get(api, "favourites")["tracks"] == [heart]


def test_the_later_rating_stays(api: Client) -> None:
    one, other = make_track(title="One").pk, make_track(title="Other").pk
    sent(api, "PUT", f"ratings/tracks/{one}", {"stars": 2})
    late = {"tracks": {str(one): 5, str(other): 4}, "age_s": HOUR_S}
    assert sent(api, "POST", "ratings", late)["later"] == {"tracks": [one]}
    assert get(api, "ratings")["tracks"] == {str(one): 2, str(other): 4}
    assert is_about(Rating.objects.get(track=other).rated_at, HOUR_S)
    sent(api, "POST", "ratings", {"tracks": {str(other): None}, "age_s": HOUR_S / 2})
    assert sent(api, "POST", "ratings", late)["later"] == {"tracks": [one, other]}


def test_the_later_change_stays_also_under_the_id_of_before_a_join(api: Client) -> None:
    old, new = make_track(title="Old").pk, make_track(title="New").pk
    join_tracks({old: new})
    sent(api, "PUT", f"favourites/tracks/{new}")
    sent(api, "PUT", f"ratings/tracks/{new}", {"stars": 2})
    late = {"remove": {"tracks": [old]}, "age_s": HOUR_S}
    assert sent(api, "POST", "favourites", late)["later"] == {"tracks": [old]}
    late = {"tracks": {str(old): 5}, "age_s": HOUR_S}
    assert sent(api, "POST", "ratings", late)["later"] == {"tracks": [old]}
    assert get(api, "favourites")["tracks"] == [new]
    assert get(api, "ratings")["tracks"] == {str(new): 2}


def test_tracks_are_added_to_a_playlist_once_however_often_it_is_told(api: Client) -> None:
    playlist = make(api, titles="AB")
    added = {"track_ids": [make_track(title="C").pk] * 2, "added_at": "2026-03-01T10:00:00.123Z"}
    first, second = (add(api, playlist, **added) for _ in range(2))
    assert titles(api, playlist) == "A B C C"
    assert first["entry_ids"] == second["entry_ids"] == entry_ids(api, playlist)[2:]
    entry = PlaylistEntry.objects.get(pk=first["entry_ids"][0])
    assert entry.added_at.isoformat() == "2026-03-01T10:00:00.123000+00:00"
    change(api, playlist, "remove", first["entry_ids"])
    add(api, playlist, **added)
    assert titles(api, playlist) == "A B"


def test_nothing_is_stored_for_somebody_else(api: Client, listener: User) -> None:
    track, playlist = make_track(title="A").pk, make(api, titles="")
    name = listener.get_username()
    bodies: dict[str, dict[str, Any]] = {
        "favourites": {"add": {"tracks": [track]}},
        "ratings": {"tracks": {str(track): 5}},
        f"playlists/{playlist}/entries": {"track_ids": [track]},
    }
    for path, body in bodies.items():
        error(send(api, "POST", path, {**body, "user": f"{name}2"}), 409, "other_user")
        sent(api, "POST", path, {**body, "user": name})
    assert (Favourite.objects.count(), Rating.objects.count()) == (1, 1)


def test_the_sizes_of_files_are_told(api: Client) -> None:
    tracks = [make_track(title=each) for each in "AB"]
    gone = make_track(title="C", missing=True)
    ids = ",".join(str(each.pk) for each in [*tracks, gone])
    rows = get(api, f"tracks/files?ids={ids}")["results"]
    fields = ("id", "revision", "size_bytes", "mtime_ns")
    wanted = Track.objects.filter(pk__in=[each.pk for each in tracks])
    assert rows == list(wanted.order_by("pk").values(*fields))
