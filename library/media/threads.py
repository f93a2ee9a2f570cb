"""The threads in which files are opened and read: some for each music folder.

A music folder on a network mount that hangs holds up its own threads. Streams and covers of the
other folders, look-ups in the database and Django's views have others. A thread is busy only while
it reads: a client that does not take its data holds none.
"""

import asyncio
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import cache, partial
from threading import BoundedSemaphore
from typing import Generic, ParamSpec, TypeVar

from django.conf import settings

THREADS = 8
BEGIN_WITHIN_S = 10.0
"""A disk that sleeps takes up to eight seconds to start."""
MOST_WAITING = 1000
"""Requests that one folder's threads have yet to begin; each costs about 2 KB."""

P = ParamSpec("P")
T = TypeVar("T")

lookups = ThreadPoolExecutor(THREADS, thread_name_prefix="lookup")
"""For what asks the database alone."""


class DiskHangs(Exception):
    """A file could not be opened or read in time, or too many others wait for its disk."""


class Disk:
    """The threads of one folder, which is mostly one disk or one mount."""

    def __init__(self, name: str) -> None:
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix=name)
        self._places = BoundedSemaphore(MOST_WAITING)
        self._hangs_since: float | None = None

    async def begin(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Call `function` for a request that has no answer yet. Raises DiskHangs."""
        if self._is_known_to_hang() or not self._places.acquire(blocking=False):
            raise DiskHangs
        job = _Job(partial(function, *args, **kwargs), self._places, self._works)
        outcome = asyncio.wrap_future(self._threads.submit(job.run))
        outcome.add_done_callback(_look_at_outcome)
        try:
            async with asyncio.timeout(BEGIN_WITHIN_S):
                # Shielded: a job that were cancelled would leave the queue without giving its
                # place back, and a queue of cancelled jobs has no bound.
                return await asyncio.shield(outcome)
        except TimeoutError:
            self._hangs_since = time.monotonic()
            raise DiskHangs from None
        finally:
            job.is_wanted = False

    def _is_known_to_hang(self) -> bool:
        """Then nobody else has to wait for that long. Now and then one tries whether it still does,
        unless one of the threads has come back before."""
        since = self._hangs_since
        return since is not None and time.monotonic() - since < BEGIN_WITHIN_S

    def _works(self) -> None:
        self._hangs_since = None

    async def go_on(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Call `function` for a response under way, however long that takes. There is one such
        call for each response at most."""
        return await asyncio.wrap_future(self.submit(function, *args, **kwargs))

    def submit(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Call `function` without waiting for it, as to close a file."""
        return self._threads.submit(function, *args, **kwargs)


class _Job(Generic[T]):
    """A call in a queue. What nobody waits for by the time its turn comes is not done."""

    def __init__(
        self, function: Callable[[], T], places: BoundedSemaphore, on_done: Callable[[], None]
    ) -> None:
        self._function = function
        self._places = places
        self._on_done = on_done
        self.is_wanted = True

    def run(self) -> T:
        self._places.release()
        if not self.is_wanted:
            raise DiskHangs
        try:
            return self._function()
        finally:
            self._on_done()


own_disk = Disk("own files")
"""That of DATA_DIR, where covers are kept."""


def disk_of(root: str) -> Disk:
    """The threads for files of the music folder `root`. What is none is refused before it is
    opened, and needs no threads."""
    return _disk_of(root) if root in map(str, settings.MUSIC_DIRS) else own_disk


@cache
def _disk_of(root: str) -> Disk:
    return Disk(f"files of {root}")


def _look_at_outcome(outcome: "asyncio.Future[T]") -> None:
    """Else asyncio would log an error that came after the time was over. A file that was opened
    by then is closed with its last reference."""
    if not outcome.cancelled():
        outcome.exception()
