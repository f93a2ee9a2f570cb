"""How many connections to the database a server process may have."""

from asgi import logins
from asgi.files import disks
from library.media import tracks
from musproject import handler
from musproject.services import MOST_CONNECTIONS
from operations import health

SINGLE_THREADS = 4  # the watch over logins, events, the schedule, the one at a scan


def test_each_thread_that_asks_the_database_can_have_one() -> None:
    threads = handler.THREADS + handler.PROBE_THREADS + health.THREADS
    threads += logins.look_ups.threads + tracks.look_ups.threads + SINGLE_THREADS
    threads += disks.THREADS  # those of the only music folder also look up tracks
    assert threads == MOST_CONNECTIONS
