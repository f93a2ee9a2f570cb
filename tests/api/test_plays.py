"""`POST plays`, `GET plays` and `GET plays/days`."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client

from library.models.catalogue import Track
from listening.models import LostItem, Play, PlayCount
from tests.api.library import error, get
from tests.web.library_rows import make_track

URL = "/api/v1/plays"
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def post(client: Client, *plays: dict[str, Any]) -> Any:
    return client.post(URL, json.dumps({"plays": plays}), content_type="application/json")


def play(track: Track, started_at: datetime = NOON, **others: Any) -> dict[str, Any]:
    return {"track_id": track.pk, "started_at": started_at.isoformat(), **others}


def rows(listener: User, track: Track, *times: datetime) -> list[Play]:
    made = [Play(user=listener, track=track, started_at=each) for each in times]
    return Play.objects.bulk_create(made)


def test_what_is_told_is_stored_once(api: Client) -> None:
    track = make_track(duration_s=100)
    told = [play(track, heard_s=60.5, client="mus in Firefox"), play(track, heard_s=3)]
    answer = post(api, *told).json()
    reason = answer["refused"][0].pop("reason")
    assert answer == {"stored": 1, "known": 0, "refused": [{"index": 1}]}
    assert reason == "It was heard for 3 s; half of it or four minutes are needed."
    assert post(api, told[0]).json() == {"stored": 0, "known": 1, "refused": []}
    (row,) = get(api, "plays")["results"]
    assert (row["heard_s"], row["client"]) == (60.5, "mus in Firefox")
    assert (row["track"]["id"], row["lost"], row["is_missing"]) == (track.pk, None, False)
    assert row["started_at"] == "2026-03-01T12:00:00Z"


@pytest.mark.parametrize(
    ("field", "value", "complaint"),
    [
        ("started_at", "2026-03-01T12:00:00", "should have a time zone"),
        ("started_at", 1772366400, "should be a time such as"),
        ("started_at", "0001-01-01T00:00:00+14:00", "should be between the years"),
        ("heard_s", -1, "heard_s: input should be greater than or equal to 0"),
        ("client", "x\0", "a NUL character is not allowed"),
        ("client", "x" * 101, "at most 100 characters"),
        ("track_id", 0, "greater than or equal to 1"),
        ("listened", True, "there is no field of this name"),
    ],
)
def test_what_is_no_play_is_422(api: Client, field: str, value: object, complaint: str) -> None:
    told = play(make_track())
    assert complaint in error(post(api, {**told, field: value}), 422, "invalid")
    assert not Play.objects.exists()


def test_at_most_a_thousand_at_once(api: Client) -> None:
    assert "1000" in error(post(api, *[play(make_track())] * 1001), 422, "invalid")


def test_no_change_of_a_request_without_a_token(listener: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(listener)
    error(post(client, play(make_track())), 403, "csrf_failed")


@pytest.mark.django_db(transaction=True)
def test_threads_that_tell_the_same_store_it_once(listener: User) -> None:
    tracks = [make_track() for _ in range(5)]
    told = [play(track, NOON + timedelta(seconds=number)) for number, track in enumerate(tracks)]
    told += [play(tracks[0], NOON + timedelta(seconds=60))]

    def tell(_: int) -> dict[str, Any]:
        client = Client()
        client.force_login(listener)
        try:
            answer: dict[str, Any] = post(client, *told).json()
            return answer
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(tell, range(16)))
    assert sum(each["stored"] for each in answers) == 6
    assert sum(each["known"] for each in answers) == 15 * 6
    assert Play.objects.count() == 6
    assert dict(PlayCount.objects.values_list("track", "count")) == {
        track.pk: 2 if track is tracks[0] else 1 for track in tracks
    }


def test_pages_follow_each_other(api: Client, listener: User) -> None:
    """Also within a second, and where plays come meanwhile."""
    one, other = make_track(), make_track()
    rows(listener, one, *(NOON + timedelta(seconds=number // 2 * 9) for number in range(0, 7, 2)))
    rows(listener, other, *(NOON + timedelta(seconds=number * 9) for number in range(4)))
    expected = [*Play.objects.order_by("-started_at", "-pk").values_list("pk", flat=True)]
    found: list[int] = []
    before: str | None = ""
    while before is not None:
        page = get(api, f"plays?limit=3{before and '&before=' + before}")
        found += [row["id"] for row in page["results"]]
        before = page["next"]
        rows(listener, one, NOON + timedelta(days=len(found)))
    assert found == expected


def test_plays_of_a_time_and_of_a_track(api: Client, staff: Client, listener: User) -> None:
    one, other = make_track(), make_track()
    rows(listener, one, NOON, NOON + timedelta(hours=1), NOON + timedelta(hours=2))
    rows(listener, other, NOON + timedelta(hours=1))

    def found(query: str) -> list[str]:
        return [row["started_at"][11:13] for row in get(api, f"plays?{query}")["results"]]

    assert found("") == ["14", "13", "13", "12"]
    assert found(f"track={other.pk}") == ["13"]
    assert found("from=2026-03-01T14:00:00%2B01:00&to=2026-03-01T14:00:00Z") == ["13", "13"]
    assert found(f"track={one.pk}&from=2026-03-01T13:00:00Z") == ["14", "13"]
    assert get(staff, "plays")["results"] == []
    error(api.get(f"{URL}?first=2026-03-01T13:00:00Z"), 422, "invalid")
    error(api.get(f"{URL}?before=12"), 422, "invalid")
    error(api.get(f"{URL}?before=999999999999-1"), 422, "invalid")


def test_missing_and_lost_tracks_are_told_apart(api: Client, listener: User) -> None:
    missing = make_track(missing=True, title="Away")
    rows(listener, missing, NOON)
    lost = LostItem.objects.create(title="Purged", artist="Somebody", former_id=4711)
    Play.objects.create(user=listener, lost=lost, started_at=NOON + timedelta(seconds=1))
    gone, away = get(api, "plays")["results"]
    assert (gone["track"], gone["lost"]["title"], gone["is_missing"]) == (None, "Purged", True)
    assert (away["track"]["title"], away["lost"], away["is_missing"]) == ("Away", None, True)


def test_the_history_is_304_until_something_is_heard(api: Client) -> None:
    track = make_track()
    etag = api.get(URL)["ETag"]
    assert api.get(URL, headers={"If-None-Match": etag}).status_code == 304
    post(api, play(track))
    assert api.get(URL, headers={"If-None-Match": etag}).status_code == 200


def test_days_are_those_of_a_time_zone(api: Client, listener: User) -> None:
    """In Auckland, 13 hours before UTC, it is the next day from 11:00 UTC on."""
    track = make_track()
    midnight = datetime(2026, 3, 2, tzinfo=UTC)
    rows(listener, track, *(midnight + timedelta(hours=hours) for hours in (-14, -13, 0, 1)))

    def days(query: str) -> dict[str, int]:
        return {row["day"]: row["count"] for row in get(api, f"plays/days?{query}")["results"]}

    span = "from=2026-03-01&to=2026-03-03"
    assert days(span) == {"2026-03-02": 2, "2026-03-01": 2}
    assert days(f"{span}&tz=Pacific/Auckland") == {"2026-03-02": 3, "2026-03-01": 1}
    assert list(days("to=2026-03-03")) == ["2026-03-02", "2026-03-01"]
    assert days("") == {}


def test_a_day_of_23_hours_ends_when_the_next_begins(api: Client, listener: User) -> None:
    """In Vienna the clock skips from 02:00 to 03:00 on 29 March 2026."""
    track = make_track()
    rows(
        listener,
        track,
        *(
            datetime(2026, 3, 28 + day, hour, 59, tzinfo=UTC)
            for day, hour in ((0, 22), (0, 23), (1, 21), (1, 22))
        ),
    )
    found = get(api, "plays/days?from=2026-03-28&to=2026-03-30&tz=Europe/Vienna")["results"]
    assert [row["count"] for row in found] == [1, 2, 1]


@pytest.mark.parametrize(
    ("query", "complaint"),
    [
        ("tz=Mars/Olympus", "should be a time zone such as Europe/Vienna"),
        ("tz=../../etc/passwd", "should be a time zone"),
        ("tz=", "should be a time zone"),
        ("from=2026-13-01", "from: "),
        ("from=20260301", "should be a day such as"),
        ("from=2026-03-02&to=2026-03-01", "should be before"),
        ("from=2025-03-01&to=2026-03-02", "at most 366 days"),
        ("from=9999-12-31&to=9999-12-31", "should be between"),
    ],
)
def test_days_that_cannot_be_asked_for(api: Client, query: str, complaint: str) -> None:
    assert complaint in error(api.get(f"{URL}/days?{query}"), 422, "invalid")
