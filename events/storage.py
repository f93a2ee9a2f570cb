"""The events as the database keeps them: numbered without gaps, for a day.

django-eventstream's storage writes them: it numbers under a lock, so that no number appears before
a lower one, and deletes, with each new event, those older than a day.
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
    """What followed the event with this number is not kept any more, or the number never was."""


@dataclass(frozen=True, slots=True)
class StoredEvent:
    """`data`: the payload of a `Summary` as JSON on one line; `stored_at`: None where it stands for
    several."""

    id: int
    data: str
    stored_at: datetime | None = field(default=None, compare=False)


def store(summary: Summary) -> int:
    """Store the event in the caller's transaction, and return its number."""
    # The migration made it; tests and restored backups may have emptied the table.
    EventCounter.objects.get_or_create(name=CHANNEL)
    event = DjangoModelStorage().append_event(CHANNEL, EVENT_TYPE, summary.as_payload())
    return int(event.id)


def latest_id() -> int:
    """The number of the newest event; 0 before the first. One query."""
    return EventCounter.objects.filter(name=CHANNEL).values_list("value", flat=True).first() or 0


def after(event_id: int, limit: int) -> list[StoredEvent]:
    """Up to `limit` events that followed the one with number `event_id`; 0 is before the first.

    Raises EventGone when some of them are no longer kept, or when there has been no such event.
    """
    kept = Event.objects.filter(channel=CHANNEL, eid__gte=event_id).order_by("eid")
    events = [StoredEvent(*row) for row in kept.values_list("eid", "data", "created")[: limit + 1]]
    if not events and event_id == latest_id():
        return []
    if not events or events[0].id > event_id + 1:
        raise EventGone(event_id)
    return [event for event in events if event.id > event_id][:limit]


def missed_since(event_id: int, at_most: int) -> list[StoredEvent]:
    """What a listener has to hear who last heard `event_id`: the events since then, or where these
    are more than `at_most` or no longer kept, one that stands for all and has the newest number."""
    try:
        events = after(event_id, at_most + 1)
    except EventGone:
        events = None
    if events is None or len(events) > at_most:
        return [StoredEvent(latest_id(), json.dumps(AWAY.as_payload()))]
    return events
