"""How many connections to the database a server process may have."""

from asgi import look_ups
from musproject import handler
from musproject.services import MOST_CONNECTIONS
from operations import health

KINDS_OF_LOOK_UPS = 2  # logins; tracks and their covers
SINGLE_THREADS = 4  # the watch over logins, events, the schedule, the one at a scan


def test_each_thread_that_asks_the_database_can_have_one() -> None:
    threads = handler.THREADS + handler.PROBE_THREADS + health.THREADS
    threads += KINDS_OF_LOOK_UPS * look_ups.THREADS + SINGLE_THREADS
    assert threads == MOST_CONNECTIONS
