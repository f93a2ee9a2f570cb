"""A thread pool for short calls that may hang, with a bound on the number of waiting calls."""

import asyncio
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from threading import BoundedSemaphore
from typing import Generic, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


class TooManyWaiting(Exception):
    """The queue of waiting calls is full; this call was not started."""


class TookTooLong(Exception):
    """The call gave no result in time. It may still be running in its thread."""


class BoundedThreads:
    """A pool of `threads` threads; at most `places` calls wait. Usable from any event loop."""

    def __init__(self, name: str, *, threads: int, places: int) -> None:
        self._executor = ThreadPoolExecutor(threads, thread_name_prefix=name)
        self._places = BoundedSemaphore(places)

    async def run(self, within_s: float, function: Callable[[], T]) -> T:
        """Call `function` in a thread and return its result.

        Raises TooManyWaiting, TookTooLong and the exceptions of `function`.

        A waiting call counts as waiting until a thread takes it, even after its caller gave up:
        otherwise abandoned calls would pile up without bound behind threads that hang.
        """
        if not self._places.acquire(blocking=False):
            raise TooManyWaiting
        call = _Call(function, self._places)
        result = asyncio.wrap_future(self._executor.submit(call.run))
        result.add_done_callback(_retrieve_exception)
        try:
            await asyncio.wait({result}, timeout=within_s)  # unlike wait_for, cancels nothing
            if not result.done():
                raise TookTooLong
            return result.result()
        finally:
            call.is_wanted = False

    def submit(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Call `function` without a bound, for callers that bound their calls themselves."""
        return self._executor.submit(partial(function, *args, **kwargs))


class _Call(Generic[T]):
    """A call that waits for a thread. It is skipped if its caller has given up by then."""

    def __init__(self, function: Callable[[], T], places: BoundedSemaphore) -> None:
        self._function = function
        self._places = places
        self.is_wanted = True

    def run(self) -> T:
        self._places.release()
        if not self.is_wanted:
            raise TookTooLong
        return self._function()


def _retrieve_exception(result: "asyncio.Future[T]") -> None:
    """Keep asyncio from logging "exception was never retrieved" after the caller gave up."""
    if not result.cancelled():
        result.exception()
