"""Events in the database. Their ids have no gaps, and they are kept for a day.

The storage of django-eventstream writes them. It assigns ids under a lock, so that an event never
appears before one with a lower id, and deletes events older than a day whenever it stores one.
"""

import json
from dataclasses import dataclass, field
from datetime import datetime

from django_eventstream.models import Event, EventCounter
from django_eventstream.storage import DjangoModelStorage

from events.summary import AWAY, Summary

CHANNEL = "track-updates"
EVENT_TYPE = "message"


class EventGone(LookupError):
    """Events after the given id are no longer kept, or there has never been such an id."""


@dataclass(frozen=True, slots=True)
class StoredEvent:
    """An event as stored. `data`: the payload of a `Summary`, as JSON on one line. `stored_at`:
    None for a substitute that stands for several events."""

    id: int
    data: str
    stored_at: datetime | None = field(default=None, compare=False)


def store(summary: Summary) -> int:
    """Store the event in the caller's transaction, and return its id."""
    # The migration created this row; tests and restored backups may have emptied the table.
    EventCounter.objects.get_or_create(name=CHANNEL)
    event = DjangoModelStorage().append_event(CHANNEL, EVENT_TYPE, summary.as_payload())
    return int(event.id)


def latest_id() -> int:
    """The id of the newest event; 0 before the first. One query."""
    return EventCounter.objects.filter(name=CHANNEL).values_list("value", flat=True).first() or 0


def after(event_id: int, limit: int) -> list[StoredEvent]:
    """Up to `limit` events that came after the one with id `event_id`; 0 is before the first.

    Raises EventGone if some of them are no longer kept, or if there has never been such an event.
    """
    kept = Event.objects.filter(channel=CHANNEL, eid__gte=event_id).order_by("eid")
    events = [StoredEvent(*row) for row in kept.values_list("eid", "data", "created")[: limit + 1]]
    if not events and event_id == latest_id():
        return []
    if not events or events[0].id > event_id + 1:
        raise EventGone(event_id)
    return [event for event in events if event.id > event_id][:limit]


def missed_since(event_id: int, at_most: int) -> list[StoredEvent]:
    """The events to send to a listener that last received `event_id`: those since then.

    If they are more than `at_most` or no longer kept, one substitute that stands for all of them,
    with the id of the newest.
    """
    try:
        events = after(event_id, at_most + 1)
    except EventGone:
        events = None
    if events is None or len(events) > at_most:
        return [StoredEvent(latest_id(), json.dumps(AWAY.as_payload()))]
    return events
