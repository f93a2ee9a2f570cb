"""Short questions to the database for endpoints that are plain ASGI, asked in threads of their own.

The event loop goes on meanwhile, and one slow question holds up no other.
"""

from collections.abc import Callable
from functools import partial
from typing import ParamSpec, TypeVar

from django.db import OperationalError, close_old_connections

from asgi.bounded_threads import BoundedThreads, TookTooLong, TooManyWaiting

THREADS = 8
WITHIN_S = 10.0
MOST_WAITING = 2000
"""Look-ups that may wait for a thread. After a restart all browsers come back together."""

P = ParamSpec("P")
T = TypeVar("T")


class LookUps:
    """Look-ups of one kind, called `name` in the texts of errors and the names of threads."""

    def __init__(self, name: str, *, threads: int = THREADS, places: int = MOST_WAITING) -> None:
        self._name = name
        self._threads = BoundedThreads(name, threads=threads, places=places)

    async def find(self, find: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """What `find` returns. Raises what it raises, and OperationalError where too many wait or
        it takes too long. The connection is given back afterwards, since threads are many."""
        find_and_close = partial(_with_own_connection, partial(find, *args, **kwargs))
        try:
            return await self._threads.run(WITHIN_S, find_and_close)
        except TooManyWaiting:
            raise OperationalError(f"too many look-ups of {self._name} wait already") from None
        except TookTooLong:
            message = f"a look-up of {self._name} took more than {WITHIN_S:g} seconds"
            raise OperationalError(message) from None


def _with_own_connection(find: Callable[[], T]) -> T:
    close_old_connections()
    try:
        return find()
    finally:
        close_old_connections()
