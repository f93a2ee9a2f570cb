"""`POST track-ids`: the tracks of whole albums, artists and playlists, to play them."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from library.models.catalogue import Artist, Track
from tests.api.library import ROOT, credit, make_album, make_artist
from tests.api.playlists import add, make, post
from tests.web.library_rows import make_track

pytestmark = pytest.mark.django_db


def ask(api: Client, **wanted: Any) -> Any:
    return post(api, "track-ids", wanted)


def titles(api: Client, **wanted: Any) -> str:
    by_id = dict(Track.objects.values_list("pk", "title"))
    return " ".join(by_id[each] for each in ask(api, **wanted)["ids"])


def put(album_title: str, artist: str, *places: tuple[int, int], missing: bool = False) -> int:
    """An album with tracks `a11` of these discs and numbers; returns its id."""
    album = make_album(album_title)
    for disc, number in places:
        track = make_track(
            title=f"{album_title}{disc}{number}",
            artist=artist,
            album_title=album_title,
            album=album,
            disc_number=disc,
            track_number=number,
            missing=missing,
        )
        credit(track, make_artist_once("Ann"))
    return int(album.pk)


def make_artist_once(name: str) -> Artist:
    return Artist.objects.filter(name=name).first() or make_artist(name)


def test_albums_come_disc_by_disc_and_artists_album_by_album(api: Client) -> None:
    a = put("a", "Ann", (2, 1), (1, 2), (1, 1))
    b = put("b", "Ann with Bob", (1, 1))
    c = put("c", "Ann", (1, 1))
    assert titles(api, album_ids=[b, a]) == "b11 a11 a12 a21"
    assert titles(api, artist_ids=[make_artist_once("Ann").pk]) == "a11 a12 a21 b11 c11"
    assert titles(api, album_ids=[c, 987654]) == "c11"


def test_what_cannot_be_played_is_left_out_and_counted_if_it_is_all(api: Client) -> None:
    there, gone = put("a", "Ann", (1, 1)), put("b", "Ben", (1, 1), (1, 2), missing=True)
    playlist = make(api)
    lost = Track.objects.filter(album=gone).values_list("pk", flat=True)
    add(api, playlist, track_ids=[*lost])
    assert ask(api, album_ids=[gone]) == {"ids": [], "missing_count": 2}
    assert ask(api, playlist_ids=[playlist]) == {"ids": [], "missing_count": 2}
    assert ask(api, artist_ids=[987654]) == {"ids": [], "missing_count": 0}
    assert ask(api) == {"ids": [], "missing_count": 0}
    assert ask(api, album_ids=[gone, there], playlist_ids=[playlist])["missing_count"] == 0
    assert titles(api, album_ids=[gone, there], playlist_ids=[playlist]) == "a11"


def test_a_playlist_of_somebody_else_gives_nothing(api: Client, staff: Client) -> None:
    put("a", "Ann", (1, 1))
    theirs = make(staff)
    add(staff, theirs, track_ids=[Track.objects.get().pk])
    assert ask(api, playlist_ids=[theirs]) == {"ids": [], "missing_count": 0}


def test_it_needs_a_login_and_known_fields(api: Client) -> None:
    assert "tracks" in post(api, "track-ids", {"tracks": [1]}, 422)["error"]["message"]
    post(Client(), "track-ids", {}, 401)
    assert api.get(f"{ROOT}track-ids").status_code == 405


def test_a_playlist_that_is_named_often_is_looked_up_once(api: Client) -> None:
    full, empty = make(api), make(api, name="Empty")
    track = make_track()
    add(api, full, track_ids=[track.pk])
    with CaptureQueriesContext(connection) as once:
        assert ask(api, playlist_ids=[empty, full])["ids"] == [track.pk]
    with CaptureQueriesContext(connection) as often:
        assert ask(api, playlist_ids=[empty, full] * 100)["ids"] == [track.pk] * 100
    assert len(often) == len(once)
