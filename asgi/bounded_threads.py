"""A fixed number of threads for short calls that may hang, with a bound on the calls that wait."""

import asyncio
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from threading import BoundedSemaphore
from typing import Generic, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


class TooManyWaiting(Exception):
    """As many calls wait for a thread as may; this one was not begun."""


class TookTooLong(Exception):
    """The call had no result in time. It may still be running in its thread."""


class BoundedThreads:
    """`threads` of them; `places` calls may wait for one. May be used from any event loop."""

    def __init__(self, name: str, *, threads: int, places: int) -> None:
        self._executor = ThreadPoolExecutor(threads, thread_name_prefix=name)
        self._places = BoundedSemaphore(places)

    async def run(self, within_s: float, function: Callable[[], T]) -> T:
        """Call `function` in a thread. Raises TooManyWaiting, TookTooLong and what it raises.

        The call keeps its place until a thread takes it, even if nobody waits for the result any
        more: behind threads that hang, calls that were given up would else pile up without bound.
        """
        if not self._places.acquire(blocking=False):
            raise TooManyWaiting
        call = _Call(function, self._places)
        result = asyncio.wrap_future(self._executor.submit(call.run))
        result.add_done_callback(_look_at_exception)
        try:
            await asyncio.wait({result}, timeout=within_s)  # cancels nothing
            if not result.done():
                raise TookTooLong
            return result.result()
        finally:
            call.is_wanted = False

    def submit(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Call `function` without a bound, for callers who bound their calls themselves."""
        return self._executor.submit(partial(function, *args, **kwargs))


class _Call(Generic[T]):
    """A call that waits for a thread. It is not made if nobody wants its result by then."""

    def __init__(self, function: Callable[[], T], places: BoundedSemaphore) -> None:
        self._function = function
        self._places = places
        self.is_wanted = True

    def run(self) -> T:
        self._places.release()
        if not self.is_wanted:
            raise TookTooLong
        return self._function()


def _look_at_exception(result: "asyncio.Future[T]") -> None:
    """Otherwise asyncio would log an exception that came after the time was over."""
    if not result.cancelled():
        result.exception()
