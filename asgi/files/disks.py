"""The threads in which files are opened and read: some for each disk.

A network mount that hangs holds up its own threads. Streams and covers of other folders, look-ups
in the database and Django's views have others. A thread is busy only while it reads: a client that
does not take its data holds none.
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
"""Requests that one disk's threads have yet to begin; each costs about 2 KB."""

P = ParamSpec("P")
T = TypeVar("T")


class DiskHangs(Exception):
    """A file could not be opened or read in time, or too many others wait for its disk."""


class Disk:
    """The threads of one folder, which is mostly one disk or one mount."""

    def __init__(self, name: str) -> None:
        self._threads = BoundedThreads(name, threads=THREADS, places=MOST_WAITING)
        self._hangs_since: float | None = None

    async def begin(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Call `function` for a request that has no answer yet. Raises DiskHangs.

        A file that is opened after the time was over is closed with its last reference.
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
        """Then nobody else has to wait for that long. Now and then one tries whether it still does,
        unless one of the threads has come back before."""
        since = self._hangs_since
        return since is not None and time.monotonic() - since < BEGIN_WITHIN_S

    async def go_on(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Call `function` for a response under way, however long that takes. There is one such
        call for each response at most."""
        return await asyncio.wrap_future(self.submit(function, *args, **kwargs))

    def submit(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Call `function` without waiting for it, as to close a file."""
        return self._threads.submit(function, *args, **kwargs)


own_disk = Disk("own files")
"""That of DATA_DIR, where covers are kept."""
