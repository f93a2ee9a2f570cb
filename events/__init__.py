"""Live events: the summary of a finished scan, stored in the database and sent to all browsers; and
marks, which tell the browsers of one user that something of this user's own has changed.

- `summary`: the payload of an event.
- `storage`: events are rows in the database. Nothing else decides whether an event exists.
- `marks`: rows that say what of a user's own has changed; `recent` reads those of the last minute.
- `bell`: a message to a channels group, which tells all server processes that an event was stored
  or a mark raised.
- `relay`: in each server process, reads new events and marks and hands them to the streams.
- `listener`: the bounded queue of one stream.
- `stream`: the endpoint that browsers connect to.
"""

from events.bell import announce, announce_and_drain, announce_from_thread, announce_marks, drain

__all__ = ["announce", "announce_and_drain", "announce_from_thread", "announce_marks", "drain"]
