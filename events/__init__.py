"""Live events: the summary of a finished scan, stored in the database and sent to all browsers.

- `summary`: the payload of an event.
- `storage`: events are rows in the database. Nothing else decides whether an event exists.
- `bell`: a message to a channels group, which tells all server processes that an event was stored.
- `relay`: in each server process, reads new events and hands them to the streams.
- `stream`: the endpoint that browsers connect to.
"""

from events.bell import announce, announce_and_drain, announce_from_thread, drain

__all__ = ["announce", "announce_and_drain", "announce_from_thread", "drain"]
