"""Answers that are kept are what would be answered now."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User

from library.models.catalogue import Artist, Track
from library.models.revision import Revision
from listening.favourites import change_favourites
from listening.plays import NewPlay, store_plays
from listening.ratings import change_ratings
from opensubsonic.answers import Response, Wanted
from opensubsonic.kept_answers import KEPT, KeptAnswers
from tests.api.library import credit, make_album, make_artist, on_album
from tests.opensubsonic.in_process import Rest
from tests.opensubsonic.rows import call_of

pytestmark = pytest.mark.django_db
USUALLY_KEPT = KEPT


@pytest.fixture(autouse=True)
def keeping(calls_here: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Other tests of calls in this process keep no answer."""
    monkeypatch.setattr("opensubsonic.kept_answers.KEPT", USUALLY_KEPT)


def make_track_of(name: str) -> Artist:
    number = {"revision": Revision.objects.raised()}
    artist, album = make_artist(name, **number), make_album(f"{name}'s", name, **number)
    credit(on_album(album, artist=name, genre="Jazz", **number), artist)
    return artist


def names(rest: Rest) -> list[str]:
    indexes = rest("getArtists", in_xml=False)["artists"]["index"]
    return [artist["name"] for index in indexes for artist in index["artist"]]


def test_a_change_of_the_library_is_seen_at_once(rest: Rest) -> None:
    make_track_of("Nina")
    assert [names(rest) for _ in range(2)] == [["Nina"]] * 2
    assert len(rest.statements) <= 4
    make_track_of("Björk")
    assert names(rest) == ["Björk", "Nina"]
    genres = [rest("getGenres", in_xml=False)["genres"]["genre"] for _ in range(2)]
    assert genres[0] == genres[1]
    assert genres[0][0]["albumCount"] == 2


def test_each_user_gets_what_is_the_users_own(
    rest: Rest, listener: User, administrator: User
) -> None:
    nina = make_track_of("Nina")
    others = Rest(administrator)
    assert names(rest) == names(others) == ["Nina"]
    change_favourites(listener.pk, {"artist": [nina.pk]}, {})
    [mine], [theirs] = (
        each("getArtists", in_xml=False)["artists"]["index"] for each in (rest, others)
    )
    assert "starred" in mine["artist"][0]
    assert "starred" not in theirs["artist"][0]
    change_favourites(listener.pk, {}, {"artist": [nina.pk]})
    [mine] = rest("getArtists", in_xml=False)["artists"]["index"]
    assert "starred" not in mine["artist"][0]


def test_favourites_are_those_of_now(rest: Rest, listener: User, administrator: User) -> None:
    artist = make_track_of("Nina")
    track = Track.objects.get()
    store_plays(listener.pk, [NewPlay(track_id=track.pk, started_at=track.added_at)])
    found = []
    changes: tuple[Callable[[], Any], ...] = (
        lambda: change_favourites(listener.pk, {"track": [track.pk], "artist": [artist.pk]}, {}),
        lambda: change_ratings(administrator.pk, {"track": {track.pk: 2}}, {}),
        lambda: change_ratings(administrator.pk, {"track": {track.pk: 4}}, {}),
        lambda: change_favourites(listener.pk, {}, {"track": [track.pk]}),
    )
    for change in changes:
        change()
        bodies = [rest("getStarred2", in_xml=False)["starred2"] for _ in range(2)]
        assert bodies[0] == bodies[1]
        found.append([song.get("averageRating") for song in bodies[0]["song"]])
    assert found == [[None], [2], [4], []]


def test_formats_are_kept_apart(rest: Rest) -> None:
    make_track_of("Nina")
    for _ in range(2):
        assert rest.ask("getArtists", f="xml").content.startswith(b"<?xml")
        assert rest.ask("getArtists", f="json").content.startswith(b"{")


def test_what_is_kept_is_bounded(listener: User) -> None:
    kept, made = KeptAnswers(most=3, most_bytes=100), []

    def make(size: int) -> Response:
        made.append(size)
        return Response(200, [], b"x" * size)

    def ask(folder: int, size: int) -> None:
        call = call_of(listener, musicFolderId=str(folder))
        kept.respond("getArtists", call, Wanted(), lambda: make(size))

    for folder in (1, 2, 3, 1, 4, 1, 2):  # 2 was dropped for 4
        ask(folder, 10)
    assert made == [10, 10, 10, 10, 10]
    ask(5, 90)
    ask(5, 90)
    ask(2, 10)
    assert made[5:] == [90]
    ask(6, 200)
    ask(6, 200)
    assert made[6:] == [200, 200]  # larger than all that may be kept
    ask(2, 10)
    ask(5, 90)
    assert made[8:] == []  # the others are kept still


def test_a_kept_answer_has_no_login_of_the_app_that_asked_first(rest: Rest) -> None:
    """The addresses of pictures hold the login that was sent with the call."""
    artist = make_track_of("Nina")
    Artist.objects.filter(pk=artist.pk).update(cover_id="c" * 10)
    [index] = rest("getArtists", in_xml=False)["artists"]["index"]
    assert index["artist"][0]["coverArt"]
    assert "artistImageUrl" not in index["artist"][0]
    assert "artistImageUrl" in rest("getArtist", id=f"ar-{artist.pk}")["artist"]
