"""Songs and albums that are kept are those of the library as it is now."""

import pytest
from django.contrib.auth.models import User

from library.models.catalogue import Artist, Track
from library.models.revision import Revision
from listening.favourites import change_favourites
from opensubsonic.objects import albums, kept_objects, songs
from opensubsonic.objects.kept_objects import KeptObjects, Made
from tests.api.library import credit, make_album, make_artist, on_album
from tests.opensubsonic.in_process import Rest

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def keeping(monkeypatch: pytest.MonkeyPatch, keeps_no_objects: None) -> None:
    monkeypatch.setattr(kept_objects, "MOST_BYTES", 10_000)
    monkeypatch.setattr(songs, "kept_songs", KeptObjects(songs.songs_for_all))
    monkeypatch.setattr(albums, "kept_albums", KeptObjects(albums.albums_for_all))


@pytest.fixture
def track() -> Track:
    raised = {"revision": Revision.objects.raised()}
    artist, album = make_artist("Nina", **raised), make_album("Blue", "Nina", **raised)
    return credit(on_album(album, artist="Nina", **raised), artist)


def test_a_second_page_asks_for_no_rows_of_the_catalogue(rest: Rest, track: Track) -> None:
    said, counts = [], []
    for _ in range(2):
        said.append(rest("getAlbum", id=f"al-{track.album_id}")["album"])
        counts.append(len(rest.statements))
    assert said[0] == said[1]
    assert said[0]["song"][0]["artists"] == [
        {"id": f"ar-{Artist.objects.get().pk}", "name": "Nina"}
    ]
    assert counts[1] < counts[0]
    assert not any("library_trackartist" in each for each in rest.statements)


def test_a_change_of_the_library_is_seen_at_once(rest: Rest, track: Track) -> None:
    def title() -> str:
        return str(rest("getSong", id=f"tr-{track.pk}")["song"]["title"])

    before = title()
    Track.objects.filter(pk=track.pk).update(title="Other", revision=Revision.objects.raised())
    assert (before, title()) == (track.title, "Other")


def test_what_users_make_of_a_song_is_kept_for_nobody_else(
    rest: Rest, track: Track, listener: User, administrator: User
) -> None:
    change_favourites(listener.pk, {"track": [track.pk]}, {})
    others = Rest(administrator)
    starred = ["starred" in each("getSong", id=f"tr-{track.pk}")["song"] for each in (rest, others)]
    assert starred == [True, False]


def test_no_more_is_kept_than_is_allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    made = list[int]()

    def make(ids: object) -> Made:
        assert isinstance(ids, list)
        made.extend(ids)
        return {pk: {"id": pk, "text": "x" * 50} for pk in ids if pk != 3}

    monkeypatch.setattr(kept_objects, "MOST_BYTES", 100)
    kept = KeptObjects(make)
    for _ in range(2):
        assert list(kept.of_ids([1, 2, 3, 4])) == [1, 2, 4]
    assert made == [1, 2, 3, 4, 3, 4]
    kept.of_ids([1])[1]["text"] = "changed"
    assert kept.of_ids([1])[1]["text"] == "x" * 50


def test_each_song_is_what_would_be_made_now(track: Track) -> None:
    kept = KeptObjects(songs.songs_for_all)
    first, second = kept.of_ids([track.pk]), kept.of_ids([track.pk])
    assert first == second == songs.songs_for_all([track.pk])
