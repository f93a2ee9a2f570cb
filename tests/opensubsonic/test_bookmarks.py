"""`getBookmarks`, `createBookmark` and `deleteBookmark`."""

from typing import Any

import pytest
from django.contrib.auth.models import User

from library.models.catalogue import Track
from library.scanning import purge_missing
from listening.models import Bookmark
from tests.opensubsonic.in_process import Rest
from tests.opensubsonic.test_plays import tr
from tests.web.library_rows import join_tracks, make_track

pytestmark = pytest.mark.django_db


@pytest.fixture
def track(db: None) -> Track:
    return make_track(duration_s=3_600)


def bookmarks(rest: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = rest("getBookmarks")["bookmarks"]["bookmark"]
    return found


def test_none(rest: Any) -> None:
    assert bookmarks(rest) == []


def test_one_is_made_moved_and_deleted(rest: Any, administrator: User, track: Track) -> None:
    rest("createBookmark", id=tr(track), position=61_500, comment="the good part")
    (found,) = bookmarks(rest)
    assert (found["position"], found["comment"], found["username"]) == (
        61_500,
        "the good part",
        "lee",
    )
    assert found["created"] == found["changed"]
    assert (found["entry"]["id"], found["entry"]["bookmarkPosition"]) == (tr(track), 61_500)
    rest("createBookmark", id=tr(track), position=0)
    (moved,) = bookmarks(rest)
    assert (moved["position"], moved["comment"]) == (0, "the good part")
    assert moved["created"] == found["created"]
    assert moved["changed"] > found["changed"]
    assert bookmarks(Rest(administrator)) == []
    for _ in range(2):
        rest("deleteBookmark", id=tr(track))
    assert bookmarks(rest) == []


def test_the_last_changed_comes_first(rest: Any, track: Track) -> None:
    other = make_track(duration_s=100)
    for each in (track, other, track):
        rest("createBookmark", id=tr(each), position=1)
    assert [each["entry"]["id"] for each in bookmarks(rest)] == [tr(track), tr(other)]


def test_what_makes_no_sense(rest: Any, track: Track) -> None:
    wrong = [({"position": ""}, 10), ({"position": "x"}, 0), ({"position": "-1"}, 0)]
    wrong += [({"id": "tr-99999999"}, 70), ({"id": "al-1"}, 70), ({"id": ""}, 10)]
    for given, code in wrong:
        error = rest.error("createBookmark", **{"id": tr(track), "position": 1, **given})
        assert error["code"] == code, given
    assert rest.error("deleteBookmark", id="tr-99999999")["code"] == 70
    assert not Bookmark.objects.exists()


def test_of_a_joined_track(rest: Any, track: Track) -> None:
    goes = make_track()
    join_tracks({goes.pk: track.pk})
    rest("createBookmark", id=tr(goes), position=5_000)
    assert bookmarks(rest)[0]["entry"]["id"] == tr(track)
    rest("deleteBookmark", id=tr(goes))
    assert bookmarks(rest) == []


def test_one_in_a_song_that_is_not_there_breaks_no_list(rest: Any, track: Track) -> None:
    gone = make_track(missing=True)
    for each in (gone, track):
        rest("createBookmark", id=tr(each), position=5_000)
    assert [each["entry"]["id"] for each in bookmarks(rest)] == [tr(track)]
    purge_missing()
    assert [each["entry"]["id"] for each in bookmarks(rest)] == [tr(track)]
    rest("deleteBookmark", id=tr(gone))
    assert Bookmark.objects.count() == 1
