"""`GET, PUT player/queue`, the earlier queues, and the player's state in step with them."""

import gzip
import json
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from events.models import Mark
from library.models.catalogue import Track
from library.models.tombstones import Tombstone
from listening.models import PlayerState, PlayQueue
from tests.api.library import error, get
from tests.web.library_rows import make_track

LAPTOP, PHONE = "laptop-0000", "phone-00000"
EMPTY = {
    "number": 0,
    "track_ids": [],
    "original": None,
    "index": 0,
    "position_s": 0.0,
    "is_made_by_hand": False,
    "changed_at": None,
    "changed_by": None,
}


def put(client: Client, track_ids: list[int], **fields: Any) -> Any:
    body = json.dumps({"track_ids": track_ids, **fields})
    return client.put("/api/v1/player/queue", body, content_type="application/json")


def saved(client: Client, track_ids: list[int], **fields: Any) -> Any:
    response = put(client, track_ids, **fields)
    assert response.status_code == 200, response.content
    return response.json()


def put_state(client: Client, **fields: Any) -> Any:
    body = json.dumps(fields)
    return client.put("/api/v1/player/state", body, content_type="application/json")


def post(client: Client, path: str, **fields: Any) -> Any:
    return client.post(f"/api/v1/{path}", json.dumps(fields), content_type="application/json")


def earlier(client: Client) -> list[Any]:
    queues: list[Any] = get(client, "player/queues")["queues"]
    return queues


def taken(client: Client, queue_id: int) -> Any:
    response = post(client, f"player/queues/{queue_id}/take", device=PHONE)
    assert response.status_code == 200, response.content
    return response.json()


@pytest.fixture
def tracks(db: None) -> list[int]:
    return [make_track(title=f"Track {number}").pk for number in range(5)]


def test_before_anything_is_queued_it_is_empty(api: Client) -> None:
    assert get(api, "player/queue") == EMPTY
    assert earlier(api) == []
    assert not PlayQueue.objects.exists()


def test_what_is_put_is_there_in_every_browser(api: Client, tracks: list[int]) -> None:
    original = [4, 2, 0, 1, 3]
    answer = saved(
        api,
        tracks,
        index=2,
        position_s=61.5,
        original=original,
        is_made_by_hand=True,
        device=LAPTOP,
    )
    assert answer == {"number": answer["number"], "is_current": True, "earlier_id": None}
    found = get(api, "player/queue", user_agent="another")
    assert found.pop("changed_at") is not None
    assert found.pop("changed_by")["key"] == LAPTOP
    assert found == {
        "number": answer["number"],
        "track_ids": tracks,
        "original": original,
        "index": 2,
        "position_s": 61.5,
        "is_made_by_hand": True,
    }
    state = get(api, "player/state")
    assert state["current_track_id"] == tracks[2]
    assert state["progress_seconds"] == 61.5
    assert state["is_shuffle"] is True
    assert (state["queue_number"], state["queue_index"]) == (answer["number"], 2)


def test_an_earlier_queue_names_the_tracks_with_which_it_begins(
    api: Client, tracks: list[int], django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    number = 0
    for entries in ([tracks[3], 987_654_321, tracks[1], tracks[0]], tracks[:2], tracks):
        number = saved(api, entries, based_on=number, keeps_earlier=True)["number"]
    titles = [queue["first_titles"] for queue in earlier(api)]
    assert titles == [["Track 0", "Track 1"], ["Track 3", "Track 1"]]
    with django_assert_num_queries(5):  # two for the user, one for the queues, two for the titles
        earlier(api)


def test_each_user_has_a_queue_of_their_own(api: Client, staff: Client, tracks: list[int]) -> None:
    first = saved(api, tracks, device=LAPTOP)
    second = saved(api, tracks[:2], device=LAPTOP, based_on=first["number"], keeps_earlier=True)
    assert get(staff, "player/queue") == EMPTY
    assert earlier(staff) == []
    assert {mark.user.username for mark in Mark.objects.all()} == {"lee"}
    error(post(staff, f"player/queues/{second['earlier_id']}/take"), 404, "not_found")
    assert len(earlier(api)) == 1


def test_a_change_raises_marks_of_the_queue_and_the_player(api: Client, tracks: list[int]) -> None:
    number = saved(api, tracks)["number"]
    assert dict(Mark.objects.values_list("name", "number")) == {"queue": number, "player": number}


def test_a_queue_that_the_client_has_is_304_until_it_changes(
    api: Client, tracks: list[int]
) -> None:
    def status() -> int:
        return api.get("/api/v1/player/queue", headers={"If-None-Match": etag}).status_code

    number = saved(api, tracks)["number"]
    etag = api.get("/api/v1/player/queue")["ETag"]
    assert status() == 304
    put_state(api, queue_number=number, queue_index=1)
    assert status() == 200
    etag = api.get("/api/v1/player/queue")["ETag"]
    put_state(api, queue_number=number, progress_seconds=10)
    assert status() == 200
    etag = api.get("/api/v1/player/queue")["ETag"]
    saved(api, tracks[1:], based_on=number)
    assert status() == 200


def test_a_change_of_the_same_queue_keeps_none_unless_it_is_another_one(
    api: Client, tracks: list[int]
) -> None:
    number = saved(api, tracks[:3], device=LAPTOP)["number"]
    number = saved(api, tracks, device=LAPTOP, based_on=number)["number"]
    assert earlier(api) == []
    put_state(api, queue_number=number, queue_index=3, progress_seconds=7)
    saved(api, [tracks[4]], device=LAPTOP, based_on=number, keeps_earlier=True)
    (kept,) = earlier(api)
    assert kept["title"] == "Track 3"
    assert (kept["entry_count"], kept["index"], kept["position_s"]) == (5, 3, 7.0)
    assert kept["changed_by"]["key"] == LAPTOP


def test_of_two_changes_the_later_wins_and_the_other_is_an_earlier_queue(
    api: Client, tracks: list[int]
) -> None:
    base = saved(api, tracks, device=LAPTOP)["number"]
    by_phone = saved(api, tracks[:3], device=PHONE, based_on=base)
    answer = saved(api, tracks[2:], device=LAPTOP, based_on=base)
    assert answer["is_current"] is True
    assert get(api, "player/queue")["track_ids"] == tracks[2:]
    (kept,) = earlier(api)
    assert kept["id"] == answer["earlier_id"]
    assert kept["entry_count"] == 3
    assert answer["number"] > by_phone["number"] > base


def test_a_change_made_offline_before_another_one_does_not_undo_that_one(
    api: Client, tracks: list[int]
) -> None:
    base = saved(api, tracks, device=LAPTOP)["number"]
    by_phone = saved(api, tracks[:3], device=PHONE, based_on=base)
    late = saved(api, tracks[2:], device=LAPTOP, based_on=base, age_s=3600)
    assert late["is_current"] is False
    assert late["number"] == by_phone["number"]
    assert get(api, "player/queue")["track_ids"] == tracks[:3]
    (kept,) = earlier(api)
    assert (kept["id"], kept["entry_count"]) == (late["earlier_id"], 3)
    assert taken(api, kept["id"])["track_ids"] == tracks[2:]


def test_a_retry_whose_first_try_arrived_is_no_conflict(api: Client, tracks: list[int]) -> None:
    base = saved(api, tracks, device=LAPTOP)["number"]
    saved(api, tracks[:3], device=LAPTOP, based_on=base)
    answer = saved(api, tracks[:2], device=LAPTOP, based_on=base, age_s=5)
    assert answer["is_current"] is True
    assert earlier(api) == []


def test_the_same_change_by_two_devices_leaves_no_earlier_queue(
    api: Client, tracks: list[int]
) -> None:
    base = saved(api, tracks, device=LAPTOP)["number"]
    saved(api, tracks[:3], device=PHONE, based_on=base)
    assert saved(api, tracks[:3], device=LAPTOP, based_on=base, age_s=9)["is_current"] is True
    assert earlier(api) == []


def test_an_earlier_queue_is_taken_up_where_it_was_left(api: Client, tracks: list[int]) -> None:
    number = saved(api, tracks, index=1, position_s=5, device=LAPTOP)["number"]
    saved(api, tracks[3:], device=LAPTOP, based_on=number, keeps_earlier=True)
    (kept,) = earlier(api)
    back = taken(api, kept["id"])
    assert (back["track_ids"], back["index"], back["position_s"]) == (tracks, 1, 5.0)
    assert get(api, "player/queue") == back
    assert get(api, "player/state")["current_track_id"] == tracks[1]
    assert [each["entry_count"] for each in earlier(api)] == [2]
    error(post(api, f"player/queues/{kept['id']}/take"), 404, "not_found")


def test_to_go_back_by_undo_leaves_no_twin_among_the_earlier_queues(
    api: Client, tracks: list[int]
) -> None:
    number = saved(api, tracks, device=LAPTOP)["number"]
    number = saved(api, tracks[3:], device=LAPTOP, based_on=number, keeps_earlier=True)["number"]
    saved(api, tracks, device=LAPTOP, based_on=number)
    assert earlier(api) == []


def test_twenty_earlier_queues_are_kept(api: Client, tracks: list[int]) -> None:
    number = 0
    for count in range(24):
        queue = [tracks[0]] * (count + 2)
        number = saved(api, queue, based_on=number, keeps_earlier=True)["number"]
    assert [each["entry_count"] for each in earlier(api)] == list(range(24, 4, -1))
    assert PlayQueue.objects.count() == 21


def test_an_empty_queue_has_no_current_track(api: Client, tracks: list[int]) -> None:
    number = saved(api, tracks)["number"]
    saved(api, [], based_on=number)
    assert get(api, "player/queue")["track_ids"] == []
    assert get(api, "player/state")["current_track_id"] is None


def test_without_a_position_a_track_that_stays_goes_on(api: Client, tracks: list[int]) -> None:
    number = saved(api, tracks, index=1, position_s=50)["number"]
    number = saved(api, tracks[1:], index=0, based_on=number)["number"]
    assert get(api, "player/queue")["position_s"] == 50
    saved(api, tracks[1:], index=1, based_on=number)
    assert get(api, "player/queue")["position_s"] == 0


def test_joined_tracks_are_answered_with_their_living_ids(api: Client, tracks: list[int]) -> None:
    number = saved(api, [*tracks, tracks[1]], index=1)["number"]
    etag = api.get("/api/v1/player/queue")["ETag"]
    gone, living = tracks[1], tracks[4]
    PlayerState.objects.update(current_track=living)
    Track.objects.filter(pk=gone).delete()
    Tombstone.objects.bury(Track, [gone], 1_000_000, {gone: living})
    found = get(api, "player/queue")["track_ids"]
    assert found == [tracks[0], living, tracks[2], tracks[3], living, living]
    saved(api, [gone, tracks[0]], based_on=number)
    assert get(api, "player/queue")["track_ids"] == [living, tracks[0]]
    assert get(api, "player/state")["current_track_id"] == living
    assert etag


def test_a_track_that_is_gone_keeps_its_place(api: Client, tracks: list[int]) -> None:
    saved(api, [987_654, tracks[0]])
    assert get(api, "player/queue")["track_ids"] == [987_654, tracks[0]]
    assert get(api, "player/state")["current_track_id"] is None


def test_a_hundred_thousand_entries_go_and_come_compressed(api: Client) -> None:
    ids = [1_000_000_000 + number for number in range(100_000)]
    body = json.dumps({"track_ids": ids, "original": list(reversed(range(100_000)))})
    assert len(body) < 8 * 1024 * 1024
    response = api.put("/api/v1/player/queue", body, content_type="application/json")
    assert response.status_code == 200, response.content
    with CaptureQueriesContext(
        connection,
    ) as queries:
        response = api.get("/api/v1/player/queue", headers={"Accept-Encoding": "gzip"})
    assert len(queries) < 32
    assert response["Content-Encoding"] == "gzip"
    assert json.loads(gzip.decompress(response.content))["track_ids"] == ids
    assert len(response.content) < 1_000_000
    message = error(put(api, [*ids, 1]), 422, "invalid")
    assert "at most 100000" in message


@pytest.mark.parametrize(
    ("fields", "complaint"),
    [
        ({"index": 5}, "index: should be less than 5"),
        ({"index": -1}, "index"),
        ({"original": [0, 1, 2, 3]}, "original: should have each of the 5 places"),
        ({"original": [0, 1, 2, 3, 3]}, "original: should have each of the 5 places"),
        ({"position_s": -1}, "position_s"),
        ({"based_on": -1}, "based_on"),
        ({"age_s": -1}, "age_s"),
        ({"device": "short"}, "device"),
        ({"device": "with space and more"}, "device"),
        ({"surprise": 1}, "surprise: there is no field"),
        ({"track_ids": [0]}, "track_ids"),
        ({"track_ids": [2**63]}, "track_ids"),
        ({"track_ids": ["1"]}, "track_ids"),
    ],
)
def test_what_is_out_of_range_is_422_and_changes_nothing(
    api: Client, tracks: list[int], fields: dict[str, Any], complaint: str
) -> None:
    response = put(api, **{"track_ids": tracks, **fields})
    assert complaint in error(response, 422, "invalid")
    assert not PlayQueue.objects.exists()


class TestStateInStep:
    def test_the_place_in_the_queue_goes_by_the_state(self, api: Client, tracks: list[int]) -> None:
        number = saved(api, tracks)["number"]
        state = {"current_track_id": tracks[3], "progress_seconds": 12.0}
        answer = put_state(api, **state, queue_number=number, queue_index=3).json()
        assert answer["queue_index"] == 3
        queue = get(api, "player/queue")
        assert (queue["index"], queue["position_s"], queue["number"]) == (3, 12.0, number)

    def test_a_place_in_a_queue_that_was_replaced_is_refused_and_nothing_saved(
        self, api: Client, tracks: list[int]
    ) -> None:
        old = saved(api, tracks)["number"]
        number = saved(api, tracks[:2], based_on=old)["number"]
        before = get(api, "player/state")
        state = {"current_track_id": tracks[3], "progress_seconds": 12.0, "volume_level": 0.5}
        response = put_state(api, **state, queue_number=old, queue_index=3)
        assert str(number) in error(response, 409, "queue_changed")
        assert get(api, "player/state") == before

    def test_a_place_beyond_the_queue_is_refused(self, api: Client, tracks: list[int]) -> None:
        number = saved(api, tracks)["number"]
        message = error(put_state(api, queue_number=number, queue_index=5), 422, "invalid")
        assert "5 entries" in message
        assert "queue_number" in error(put_state(api, queue_index=1), 422, "invalid")

    def test_a_position_that_passes_on_is_told_to_nobody(
        self, api: Client, tracks: list[int], django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        number = saved(api, tracks)["number"]
        marks = dict(Mark.objects.values_list("name", "number"))
        put_state(api, queue_number=number, queue_index=0, progress_seconds=5)
        with django_assert_num_queries(7):  # session, user, 2 of the queue, state, answer, areas
            put_state(api, queue_number=number, queue_index=0, progress_seconds=10)
        assert dict(Mark.objects.values_list("name", "number")) == marks
        put_state(api, queue_number=number, queue_index=1, progress_seconds=0)
        assert dict(Mark.objects.values_list("name", "number"))["player"] == marks["player"] + 1

    def test_modes_are_told(self, api: Client, tracks: list[int]) -> None:
        put_state(api, current_track_id=tracks[0], is_repeat=True)
        put_state(api, current_track_id=tracks[0], is_repeat=True, progress_seconds=4)
        assert Mark.objects.get(name="player").number == 1

    def test_the_state_says_whether_the_device_plays(self, api: Client, tracks: list[int]) -> None:
        put_state(api, current_track_id=tracks[0], device=LAPTOP, is_playing=True)
        assert get(api, "player/devices")["plays"] == LAPTOP
        form = {"progress_seconds": "3", "device": LAPTOP, "is_playing": "false"}
        assert api.post("/api/v1/player/state", form).status_code == 200
        assert get(api, "player/devices")["plays"] is None
        assert "device" in error(put_state(api, is_playing=True), 422, "invalid")


def test_a_purge_of_the_user_takes_queues_and_devices(api: Client, tracks: list[int]) -> None:
    saved(api, tracks, device=LAPTOP)
    User.objects.get(username="lee").delete()
    assert not PlayQueue.objects.exists()


def test_times_are_those_of_the_server(api: Client, tracks: list[int]) -> None:
    saved(api, tracks, age_s=10)
    changed_at = PlayQueue.objects.get().changed_at
    assert timedelta(seconds=9) < timezone.now() - changed_at < timedelta(seconds=60)
