"""Short database queries (look-ups) of plain ASGI endpoints, made in a separate thread pool.

The event loop is not blocked, and a slow query blocks one of several threads.
"""

from collections.abc import Callable
from functools import partial
from typing import ParamSpec, TypeVar

from django.db import OperationalError, close_old_connections

from asgi.bounded_threads import BoundedThreads, TookTooLong, TooManyWaiting

THREADS = 8
WITHIN_S = 10.0
MOST_WAITING = 2000
"""How many look-ups may wait for a thread. After a restart all browsers reconnect together."""

P = ParamSpec("P")
T = TypeVar("T")


class LookUps:
    """The threads for one kind of look-up; `name` appears in errors and thread names."""

    def __init__(self, name: str, *, threads: int = THREADS, places: int = MOST_WAITING) -> None:
        self._name = name
        self.threads = threads
        self._threads = BoundedThreads(name, threads=threads, places=places)

    async def find(self, find: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Call `find` in a thread and return its result.

        Raises the exceptions of `find`, and OperationalError if too many look-ups wait or this one
        takes too long. The database connection is released afterwards, since threads are many.
        """
        find_and_close = partial(with_own_connection, partial(find, *args, **kwargs))
        try:
            return await self._threads.run(WITHIN_S, find_and_close)
        except TooManyWaiting:
            raise OperationalError(f"too many look-ups of {self._name} wait already") from None
        except TookTooLong:
            message = f"a look-up of {self._name} took more than {WITHIN_S:g} seconds"
            raise OperationalError(message) from None


def with_own_connection(find: Callable[[], T]) -> T:
    """Call `find`, and release the database connection of this thread afterwards."""
    close_old_connections()
    try:
        return find()
    finally:
        close_old_connections()
