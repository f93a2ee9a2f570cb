"""`getPlayQueue`, `savePlayQueue` and the same by index: one queue, that of browsers too."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db.models import F
from django.test import Client

from events.marks import mark_numbers
from library.models.catalogue import Track
from library.scanning import purge_missing
from listening.models import Device, PlayerState, PlayQueue
from tests.api.library import get
from tests.api.test_player_queue import LAPTOP, earlier, put_state, saved
from tests.opensubsonic.test_plays import tr
from tests.web.library_rows import join_tracks, make_track

pytestmark = pytest.mark.django_db


@pytest.fixture
def tracks(db: None) -> list[Track]:
    return [make_track(title=each, duration_s=100) for each in "ABCDE"]


@pytest.fixture
def browser(client: Client, listener: User) -> Client:
    client.force_login(listener)
    return client


def queue(rest: Any) -> Any:
    """Both forms say the same of it."""
    by_id = rest("getPlayQueue")["playQueue"]
    by_index = rest("getPlayQueueByIndex")["playQueueByIndex"]
    index, current = by_index.pop("currentIndex", None), by_id.pop("current", None)
    assert by_id == by_index
    assert current == (None if index is None else by_index["entry"][index]["id"])
    return {**by_index, "index": index, "entry": [each["id"] for each in by_index["entry"]]}


def ids(tracks: list[Track], places: str) -> list[str]:
    return [tr(tracks["ABCDE".index(each)]) for each in places]


def test_never_saved(rest: Any) -> None:
    assert queue(rest) == {
        "username": "lee",
        "changed": "1970-01-01T00:00:00.000Z",
        "changedBy": "",
        "entry": [],
        "index": None,
    }


def test_what_was_saved_is_found(rest: Any, tracks: list[Track]) -> None:
    given = ids(tracks, "ABCA")
    rest("savePlayQueue", id=given, current=given[1], position=12_345, c="Tempo")
    found = queue(rest)
    assert found.pop("changed").endswith("Z")
    assert found == {
        "username": "lee",
        "changedBy": "Tempo",
        "entry": given,
        "index": 1,
        "position": 12_345,
    }


def test_an_index_tells_apart_what_is_there_twice(rest: Any, tracks: list[Track]) -> None:
    rest("savePlayQueueByIndex", id=ids(tracks, "ABA"), currentIndex=2)
    assert (queue(rest)["index"], queue(rest)["position"]) == (2, 0)


def test_without_a_current_song_it_is_the_first(rest: Any, tracks: list[Track]) -> None:
    """As some apps send it (Youamp#316)."""
    rest("savePlayQueue", id=ids(tracks, "BA"), position=7)
    assert (queue(rest)["index"], queue(rest)["position"]) == (0, 7)


def test_what_is_refused_leaves_the_queue(rest: Any, tracks: list[Track]) -> None:
    rest("savePlayQueue", id=ids(tracks, "AB"), current=tr(tracks[0]))
    assert rest.error("savePlayQueue", id=ids(tracks, "A"), current=tr(tracks[1]))["code"] == 10
    for index in ("3", "-1", "-99", ""):
        error = rest.error("savePlayQueueByIndex", id=ids(tracks, "ABC"), currentIndex=index)
        assert error["code"] == 10, index
    assert rest.error("savePlayQueueByIndex", currentIndex=0)["code"] == 10
    error = rest.error("savePlayQueueByIndex", id=ids(tracks, "A"), currentIndex="x")
    assert error["code"] == 0
    assert rest.error("savePlayQueue", id=ids(tracks, "A"), position="-5")["code"] == 0
    assert queue(rest)["entry"] == ids(tracks, "AB")


@pytest.mark.parametrize("endpoint", ["savePlayQueue", "savePlayQueueByIndex"])
def test_nothing_clears_it_and_the_one_before_is_kept(
    rest: Any, browser: Client, tracks: list[Track], endpoint: str
) -> None:
    rest("savePlayQueue", id=ids(tracks, "AB"), current=tr(tracks[0]))
    rest(endpoint)
    assert (queue(rest)["entry"], queue(rest)["index"]) == ([], None)
    assert [each["entry_count"] for each in earlier(browser)] == [2]


def test_a_browser_takes_over_what_an_app_saved(
    rest: Any, browser: Client, tracks: list[Track]
) -> None:
    rest("savePlayQueueByIndex", id=ids(tracks, "ABC"), currentIndex=1, position=30_000, c="Tempo")
    found = get(browser, "player/queue")
    assert found["track_ids"] == [track.pk for track in tracks[:3]]
    assert (found["index"], found["position_s"]) == (1, 30.0)
    assert found["changed_by"]["name"] == "Tempo"
    state = PlayerState.objects.get()
    assert (state.current_track, state.progress_seconds) == (tracks[1], 30.0)


def test_an_app_takes_over_what_a_browser_plays(
    rest: Any, browser: Client, tracks: list[Track]
) -> None:
    number = saved(browser, [track.pk for track in tracks], index=1, device=LAPTOP)["number"]
    put_state(browser, queue_number=number, queue_index=3, progress_seconds=42.5)
    found = queue(rest)
    assert (found["index"], found["position"]) == (3, 42_500)
    assert found["entry"] == ids(tracks, "ABCDE")
    assert found["changedBy"] == Device.objects.get(key=LAPTOP).name


def test_the_queue_of_another_device_becomes_an_earlier_one(
    rest: Any, browser: Client, tracks: list[Track]
) -> None:
    saved(browser, [track.pk for track in tracks[:3]], device=LAPTOP)
    rest("savePlayQueue", id=ids(tracks, "BC"), current=tr(tracks[2]))
    rest("savePlayQueue", id=ids(tracks, "C"), current=tr(tracks[2]))  # it goes on
    assert [each["entry_count"] for each in earlier(browser)] == [3]


def test_quite_another_queue_of_the_same_app_keeps_the_one_before(
    rest: Any, browser: Client, tracks: list[Track]
) -> None:
    rest("savePlayQueue", id=ids(tracks, "ABC"), current=tr(tracks[0]))
    rest("savePlayQueue", id=ids(tracks, "ABCD"), current=tr(tracks[0]))
    assert earlier(browser) == []
    rest("savePlayQueue", id=ids(tracks, "EA"), current=tr(tracks[0]))
    assert [each["entry_count"] for each in earlier(browser)] == [4]


def test_browsers_are_told_of_entries_and_of_another_song_but_not_of_time(
    rest: Any, listener: User, tracks: list[Track]
) -> None:
    def marks() -> tuple[int, int]:
        numbers = mark_numbers(listener.pk)
        return numbers.get("queue", 0), numbers.get("player", 0)

    given = ids(tracks, "ABC")
    rest("savePlayQueue", id=given, current=given[0])
    first = marks()
    assert first > (0, 0)
    PlayQueue.objects.update(changed_at=F("changed_at") - timedelta(minutes=1))
    before = queue(rest)["changed"]
    rest("savePlayQueue", id=given, current=given[0], position=5_000, c="another")
    assert marks() == first
    assert (queue(rest)["position"], queue(rest)["changedBy"]) == (5_000, "another")
    assert queue(rest)["changed"] > before
    rest("savePlayQueue", id=given, current=given[1])
    assert marks()[0] == first[0]
    assert marks()[1] > first[1]
    rest("savePlayQueue", id=given[1:], current=given[1])
    assert marks()[0] > first[0]


def test_an_app_cannot_be_steered(rest: Any, browser: Client, tracks: list[Track]) -> None:
    rest("savePlayQueue", id=ids(tracks, "A"), c="Tempo")
    (device,) = get(browser, "player/devices")["devices"]
    assert (device["name"], device["is_away"]) == ("Tempo", True)


def test_songs_that_are_not_there_are_left_out(rest: Any, tracks: list[Track]) -> None:
    gone = make_track(missing=True)
    given = [tr(gone), *ids(tracks, "A"), "tr-99999999", tr(gone), *ids(tracks, "BC")]
    rest("savePlayQueueByIndex", id=given, currentIndex=4, position=9_000)
    assert queue(rest)["entry"] == ids(tracks, "ABC")
    assert (queue(rest)["index"], queue(rest)["position"]) == (1, 9_000)
    rest("savePlayQueueByIndex", id=given, currentIndex=3, position=9_000)
    assert (queue(rest)["index"], queue(rest)["position"]) == (1, 0)
    purge_missing()
    assert queue(rest)["entry"] == ids(tracks, "ABC")
    rest("savePlayQueueByIndex", id=[tr(gone)], currentIndex=0)
    assert (queue(rest)["entry"], queue(rest)["index"]) == ([], None)


def test_what_is_no_song_of_ours_is_left_out(rest: Any, tracks: list[Track]) -> None:
    given = ["ra-1", *ids(tracks, "A"), "http://radio.example.org", *ids(tracks, "B")]
    rest("savePlayQueue", id=given, current=given[3], position=1_000)
    assert (queue(rest)["entry"], queue(rest)["index"]) == (ids(tracks, "AB"), 1)
    rest("savePlayQueue", id=given, current="ra-1", position=1_000)
    assert (queue(rest)["index"], queue(rest)["position"]) == (0, 0)
    rest("savePlayQueue", id=["ra-1"], current="ra-1")
    assert queue(rest)["entry"] == []


def test_a_joined_track_is_the_one_that_stayed(rest: Any, tracks: list[Track]) -> None:
    given = ids(tracks, "AB")
    rest("savePlayQueue", id=given, current=given[1])
    join_tracks({tracks[1].pk: tracks[2].pk})
    assert queue(rest)["entry"] == ids(tracks, "AC")
    rest("savePlayQueue", id=given, current=given[1])
    assert queue(rest)["entry"] == ids(tracks, "AC")


def test_thousands_by_post(rest: Any, tracks: list[Track]) -> None:
    given = ids(tracks, "ABCD") * 1_000
    rest("savePlayQueueByIndex", method="POST", id=given, currentIndex=3_999, in_xml=False)
    found = rest("getPlayQueueByIndex", in_xml=False)["playQueueByIndex"]
    assert (len(found["entry"]), found["currentIndex"]) == (4_000, 3_999)
