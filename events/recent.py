"""What a relay looks at: the newest event, and the marks that were raised a moment ago."""

from typing import NamedTuple

from django.db import connection
from django_eventstream.models import EventCounter

from events.models import Mark
from events.storage import CHANNEL

RECENT_SECONDS = 60
"""A transaction that raises a mark may take this long until it is committed: a relay that did not
see the mark before still finds it."""


class RecentMark(NamedTuple):
    """A mark that was raised within RECENT_SECONDS."""

    user_id: int
    name: str
    number: int


class Recent(NamedTuple):
    """`event_id`: of the newest event; 0 before the first."""

    event_id: int
    marks: list[RecentMark]


_SINCE = {
    # In the form in which `Now` stores a time.
    "sqlite": f"STRFTIME('%%Y-%%m-%%d %%H:%%M:%%f', 'NOW', '-{RECENT_SECONDS} seconds')",
    "postgresql": f"STATEMENT_TIMESTAMP() - INTERVAL '{RECENT_SECONDS} seconds'",
}
# As SQL: to write it anew each second would cost more than to run it.
_LOOK = (
    f"SELECT 0, '', value FROM {EventCounter._meta.db_table} WHERE name = %s UNION ALL "  # noqa: S608  # names of tables
    f"SELECT user_id, name, number FROM {Mark._meta.db_table} WHERE raised_at > "
)


def recent() -> Recent:
    """One query, of an index's end and a single row."""
    event_id, found = 0, list[RecentMark]()
    with connection.cursor() as cursor:
        cursor.execute(_LOOK + _SINCE[connection.vendor], [CHANNEL])
        for user_id, name, number in cursor.fetchall():
            if name:
                found.append(RecentMark(user_id, name, number))
            else:
                event_id = number
    return Recent(event_id, found)


class HandedMarks:
    """The marks of the last minute that a relay has handed to its listeners.

    Numbers are compared and not times, since a mark may be committed later than one that was raised
    after it. Memory is bounded by the number of marks in the last look.
    """

    def __init__(self) -> None:
        self._known: dict[int, dict[str, int]] = {}

    def take(self, marks: list[RecentMark]) -> list[RecentMark]:
        """Remember `marks`, the result of a look, and return those that are new."""
        before, self._known = self._known, {}
        for user_id, name, number in marks:
            self._known.setdefault(user_id, {})[name] = number
        return [
            mark for mark in marks if before.get(mark.user_id, {}).get(mark.name) != mark.number
        ]

    def of(self, user_id: int) -> dict[str, int]:
        """The numbers of this user's marks of the last minute by their names."""
        return self._known.get(user_id, {})
