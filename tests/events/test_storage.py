"""Events as the database keeps them."""

import json
from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone
from django_eventstream.models import Event, EventCounter

from events.storage import EventGone, after, latest_id, missed_since, store
from events.summary import AWAY, RELOAD_TRACKS, MessageLevel, Summary
from tests.library.scanning.conftest import Installation

pytestmark = pytest.mark.django_db

PAYLOAD = {
    "message_to_show": "Music library scan completed. 3 items processed.",
    "message_level": "success",
    "action_key": "reload_tracks",
    "action_payload": {"revision": 7},
}


def summary(text: str = "hello") -> Summary:
    return Summary(message_to_show=text, message_level=MessageLevel.INFO)


def store_many(count: int) -> list[int]:
    return [store(summary(str(number))) for number in range(count)]


def keep_only_from(event_id: int) -> None:
    """What the storage does with events of yesterday, when the next one is stored."""
    yesterday = timezone.now() - timedelta(days=1, minutes=1)
    Event.objects.filter(eid__lt=event_id).update(created=yesterday)
    store(summary())
    assert Event.objects.order_by("eid").values_list("eid", flat=True)[0] == event_id


def test_a_summary_is_the_same_after_it_was_json() -> None:
    made = Summary(
        message_to_show=PAYLOAD["message_to_show"],  # type: ignore[arg-type]
        message_level=MessageLevel.SUCCESS,
        action_key=RELOAD_TRACKS,
        action_payload={"revision": 7},
    )
    assert json.loads(json.dumps(made.as_payload())) == PAYLOAD
    assert Summary.from_payload(PAYLOAD) == made


@pytest.mark.parametrize(
    "payload",
    [
        {**PAYLOAD, "more": 1},
        {name: value for name, value in PAYLOAD.items() if name != "action_key"},
        {**PAYLOAD, "message_level": "loud"},
    ],
)
def test_what_is_no_summary_is_refused(payload: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"summary|MessageLevel"):
        Summary.from_payload(payload)


@pytest.mark.django_db(databases=[])
def test_a_new_database_has_the_row_that_numbers_events(installation: Installation) -> None:
    assert installation.query("SELECT name, value FROM django_eventstream_eventcounter") == [
        ("track-updates", 0)
    ]


def test_events_are_numbered_without_gaps_and_hold_what_was_stored() -> None:
    ids = store_many(3)
    assert ids == [ids[0], ids[0] + 1, ids[0] + 2]
    assert latest_id() == ids[2]
    (event,) = after(ids[1], 10)
    assert Summary.from_payload(json.loads(event.data)) == summary("2")
    assert "\n" not in event.data


def test_an_event_is_stored_with_the_transaction_or_not_at_all() -> None:
    newest = latest_id()

    def store_and_fail() -> None:
        with transaction.atomic():
            store(summary())
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        store_and_fail()
    assert latest_id() == newest
    assert not Event.objects.filter(eid__gt=newest).exists()


def test_without_the_row_that_numbers_them_events_begin_at_1() -> None:
    Event.objects.all().delete()
    EventCounter.objects.all().delete()
    assert latest_id() == 0
    assert after(0, 10) == []
    assert store(summary()) == 1
    assert [event.id for event in after(0, 10)] == [1]


def test_what_follows_comes_in_order_and_no_more_than_was_asked_for() -> None:
    first, *others = store_many(6)
    assert [event.id for event in after(first, 10)] == others
    assert [event.id for event in after(first, 2)] == others[:2]
    assert after(others[-1], 10) == []


def test_an_event_that_is_not_kept_is_gone_unless_all_that_followed_it_is_kept() -> None:
    store_many(5)
    newest = latest_id()
    keep_only_from(newest - 1)
    with pytest.raises(EventGone):
        after(newest - 3, 10)
    assert [event.id for event in after(newest - 2, 10)] == [newest - 1, newest, newest + 1]


def test_a_number_that_never_was_is_gone() -> None:
    store(summary())
    with pytest.raises(EventGone):
        after(latest_id() + 1, 10)


def test_up_to_fifty_missed_events_are_told_one_by_one_and_more_as_one() -> None:
    begin, *_ = store_many(51)
    assert [event.id for event in missed_since(begin, 50)] == list(range(begin + 1, begin + 51))
    newest = store(summary())
    (event,) = missed_since(begin, 50)
    assert event.id == newest
    assert json.loads(event.data) == AWAY.as_payload()


def test_for_a_number_that_is_gone_one_event_asks_to_reload() -> None:
    newest = store(summary())
    (event,) = missed_since(newest + 5, 50)
    assert event.id == newest
    assert json.loads(event.data)["action_key"] == RELOAD_TRACKS
