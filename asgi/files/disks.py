"""The threads that open and read files: a pool for each disk.

A network mount that hangs blocks only its own pool. Files of other folders, database queries and
Django's views have other threads. A thread is busy only while it reads: a client that does not read
its response holds no thread.
"""

import asyncio
import time
from collections.abc import Callable
from concurrent.futures import Future
from functools import partial
from typing import ParamSpec, TypeVar

from asgi.bounded_threads import BoundedThreads, TookTooLong, TooManyWaiting

THREADS = 8
BEGIN_WITHIN_S = 10.0
"""A disk that sleeps takes up to eight seconds to start."""
MOST_WAITING = 1000
"""How many requests may wait for a thread of one disk; each costs about 2 KB of memory."""

P = ParamSpec("P")
T = TypeVar("T")


class DiskHangs(Exception):
    """A file could not be opened or read in time, or too many requests wait for its disk."""


class Disk:
    """The thread pool of one folder. Usually a folder is one disk or one mount."""

    def __init__(self, name: str) -> None:
        self._threads = BoundedThreads(name, threads=THREADS, places=MOST_WAITING)
        self._hangs_since: float | None = None

    async def begin(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Call `function` for a request whose response has not started. Raises DiskHangs.

        If `function` opens a file too late, Python closes it with its last reference.
        """
        if self._is_known_to_hang():
            raise DiskHangs
        call = partial(self._call, partial(function, *args, **kwargs))
        try:
            return await self._threads.run(BEGIN_WITHIN_S, call)
        except TooManyWaiting:
            raise DiskHangs from None
        except TookTooLong:
            self._hangs_since = time.monotonic()
            raise DiskHangs from None

    def _call(self, function: Callable[[], T]) -> T:
        try:
            return function()
        finally:
            self._hangs_since = None

    def _is_known_to_hang(self) -> bool:
        """Whether to refuse at once instead of letting each request wait for the full timeout.

        After BEGIN_WITHIN_S one request tries the disk again; a thread that returns ends this too.
        """
        since = self._hangs_since
        return since is not None and time.monotonic() - since < BEGIN_WITHIN_S

    async def go_on(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Call `function` for a response that has started, without a time limit.

        Each response makes one such call at a time, so their number needs no other bound.
        """
        return await asyncio.wrap_future(self.submit(function, *args, **kwargs))

    def submit(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Call `function` without waiting for the result, for instance to close a file."""
        return self._threads.submit(function, *args, **kwargs)


own_disk = Disk("own files")
"""The disk of DATA_DIR, which holds the cover cache."""
