"""Which tracks imported things are about, and how they wait for those that the library has not."""

from dataclasses import replace
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from library.models.catalogue import Track
from listening.lost import Facts, Found, Matched, find_track, find_tracks, found_again, lost_of
from listening.models import LostItem, LostKind
from tests.web.library_rows import make_track

pytestmark = pytest.mark.django_db

RECORDING = "b1a9c0e9-d987-4042-ae91-78d6a3267d69"
SONG: dict[str, Any] = {"title": "Army of Me", "artist": "Björk", "duration_s": 235.4}
FACTS = Facts(**SONG, album="Post", path="/there/Björk/Post/01.flac")


def song(path: str = "Björk/Post/01.flac", **fields: Any) -> Track:
    return make_track(**{"path": path, "album_title": "Post", **SONG, **fields})


@pytest.mark.parametrize(
    ("facts", "matched"),
    [
        (FACTS, Matched.PATH),
        (replace(FACTS, path="Post/01.flac"), Matched.PATH),
        (replace(FACTS, path=r"Z:\Music\Björk\Post\01.flac"), Matched.PATH),
        (replace(FACTS, path="/there/POST/01.FLAC"), Matched.PATH),
        (replace(FACTS, path="/there/Bjo\u0308rk/Post/01.flac"), Matched.PATH),
        (Facts(path="/deeper/than/here/Björk/Post/01.flac"), Matched.PATH),
        (replace(FACTS, title="Retagged"), Matched.PATH),
        (Facts(musicbrainz_id=RECORDING, duration_s=234.0), Matched.MUSICBRAINZ_ID),
        (Facts(audio_digest="ab" * 16), Matched.SOUND),
        (replace(FACTS, path="", title="army of me", duration_s=None), Matched.TAGS),
        (replace(FACTS, path="01.flac", album=""), Matched.PATH),
        (replace(FACTS, path="else.mp3", album="Hits"), Matched.TITLE_AND_ARTIST),
    ],
)
def test_a_track_is_found(facts: Facts, matched: Matched) -> None:
    track = song(musicbrainz_recording_id=RECORDING, audio_digest="ab" * 16)
    make_track(path="Björk/Post/02.flac", title="Hyperballad", artist="Björk")
    assert find_track(facts) == Found(track.pk, matched)


@pytest.mark.parametrize(
    "facts",
    [
        Facts(),
        replace(FACTS, title="Another", duration_s=100.0),
        replace(FACTS, path="", duration_s=300.0),
        Facts(musicbrainz_id=RECORDING, duration_s=100.0),
        Facts(title="Army of Me"),
        Facts(path="/elsewhere/01.flac"),
        Facts(path="/there/Another/Post/01.flac"),
        Facts(path="Post/01.flac", duration_s=235.0),
        Facts(path="Post/01.flac", title="Army of Me", artist="Another", duration_s=235.0),
    ],
)
def test_another_track_is_not_taken_for_it(facts: Facts) -> None:
    song(musicbrainz_recording_id=RECORDING)
    assert find_track(facts) is None


def test_of_several_the_nearest_is_taken_and_none_if_nothing_tells_which() -> None:
    one, other = song("A/Björk/Post/01.flac"), song("B/Björk/Post/01.flac", missing=True)
    b = replace(FACTS, path="/there/B/Björk/Post/01.flac")
    assert find_track(b) == Found(other.pk, Matched.PATH)
    assert find_track(Facts(path="C/Björk/Post/01.flac")) == Found(one.pk, Matched.PATH)
    third = song("D/Björk/Post/01.flac")
    assert find_track(Facts(path="C/Björk/Post/01.flac")) is None
    assert find_track(Facts(path="D/Björk/Post/01.flac")) == Found(third.pk, Matched.PATH)


def test_a_file_of_another_title_that_came_to_the_path_is_not_taken() -> None:
    """Two files were exchanged since."""
    song(title="Hyperballad", duration_s=321.0)
    moved = song("Björk/Post/02.flac")
    assert find_track(FACTS) == Found(moved.pk, Matched.TAGS)


def test_many_are_found_by_a_fixed_number_of_queries() -> None:
    tracks = [song(f"A/{number}.flac", title=f"Song {number}") for number in range(20)]
    wanted = [Facts(path=f"/x/A/{number}.flac") for number in range(20)]
    unknown = [Facts(title=f"{number}", artist="Nobody") for number in range(20)]
    with CaptureQueriesContext(connection) as captured:
        found = find_tracks([*wanted, *unknown])
    assert [each and each.track_id for each in found] == [
        *(each.pk for each in tracks),
        *[None] * 20,
    ]
    assert len(captured) == 3


def test_what_is_imported_twice_waits_once() -> None:
    lost = lost_of(FACTS)
    assert (lost.title, lost.duration_s, lost.former_id) == ("Army of Me", 235.4, None)
    assert lost_of(FACTS) == lost
    assert lost_of(replace(FACTS, duration_s=235.0, title="army of me")) == lost
    others = [replace(FACTS, title="Hyperballad"), Facts(path="/there/x.flac")]
    assert len({lost.pk, *(lost_of(each).pk for each in others)}) == 3
    assert lost_of(others[1]).title == "x.flac"
    assert LostItem.objects.count() == 3


@pytest.mark.parametrize(
    ("facts", "is_found"),
    [
        (FACTS, True),
        (Facts(path="/there/Björk/Post/01.flac"), True),
        (replace(FACTS, path="", duration_s=237.0), True),
        (replace(FACTS, path="", album=""), True),
        (Facts(musicbrainz_id=RECORDING), True),
        (replace(FACTS, title="Retagged"), True),
        (replace(FACTS, title="Another", duration_s=100.0), False),
        (replace(FACTS, path="", duration_s=100.0), False),
        (Facts(path="/there/Vespertine/01.flac"), False),
        (Facts(path="01.flac"), False),
        (Facts(path="/there/Another/Post/01.flac"), False),
        (Facts(path="/there/Another/Post/01.flac", duration_s=235.0), False),
        (Facts(path="Post/01.flac", title="Army of Me", artist="Björk", album="Hits"), True),
        (Facts(path="Post/01.flac", title="Army of Me", artist="Another"), False),
    ],
)
def test_an_imported_thing_finds_a_track_that_comes(facts: Facts, is_found: bool) -> None:  # noqa: FBT001
    lost = lost_of(facts)
    track = song(musicbrainz_recording_id=RECORDING)
    assert found_again(LostKind.TRACK, [track.pk]) == ([(lost, track.pk)] if is_found else [])
