"""A fixed number of threads for requests, in front of which requests wait in a fair queue.

Used on one event loop. A thread is busy only while it makes an answer: a client that takes its time
to send a request or to read the answer holds none.
"""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from typing import Any, TypeVar, cast

from asgiref.sync import sync_to_async

from asgi.clients import ClientGone
from asgi.fair_queue import FairQueue, Owner

T = TypeVar("T")

WAIT_S = 20.0
"""A request that no thread took by then is refused; its client has most likely given up."""

Left = Callable[[], Awaitable[Any]]
"""Returns when the client of a request has gone."""


class TooBusy(Exception):
    """The request was not begun, and will not be."""


class RequestThreads:
    """`threads` of them; `places` requests may wait. One address may have three quarters of the
    threads at a time, so that requests that hang leave threads to everybody else."""

    def __init__(self, name: str, *, threads: int, places: int, wait_s: float = WAIT_S) -> None:
        self._executor = ThreadPoolExecutor(threads, thread_name_prefix=name)
        self._threads = threads
        self._for_one_address = max(1, threads * 3 // 4)
        self._places = places
        self._wait_s = wait_s
        self._queue: FairQueue[asyncio.Future[None]] = FairQueue()
        self._running: Counter[str] = Counter()

    async def run(self, owner: Owner, left: Left, function: Callable[..., T], *args: Any) -> T:
        """Call `function` in one of the threads.

        Raises TooBusy, ClientGone, and whatever `function` raises. If this is cancelled, a function
        that runs already still keeps its thread until its end.
        """
        await self._take_turn(owner, left)
        release = partial(self._release, owner)
        thread = cast("ThreadPoolExecutor", _OneTurn(self._executor, release))
        return await sync_to_async(function, thread_sensitive=False, executor=thread)(*args)

    async def _take_turn(self, owner: Owner, left: Left) -> None:
        if not self._queue and self._may_go(owner.address):
            self._running[owner.address] += 1
            return
        if len(self._queue) >= self._places:
            displaced = self._queue.give_way(owner)
            if displaced is None:
                raise TooBusy
            displaced.set_exception(TooBusy())
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._queue.put(owner, turn)
        self._start_waiting()
        try:
            await _first_of(turn, left, self._wait_s)
        except BaseException:
            self._give_up(owner, turn)
            raise

    def _may_go(self, address: str) -> bool:
        is_free = self._running.total() < self._threads
        return is_free and self._running[address] < self._for_one_address

    def _start_waiting(self) -> None:
        """Give the free threads to requests that wait."""
        while taken := self._queue.take(self._may_go):
            owner, turn = taken
            self._running[owner.address] += 1
            turn.set_result(None)

    def _give_up(self, owner: Owner, turn: "asyncio.Future[None]") -> None:
        """The request ends without a thread; one that it was given a moment ago goes to another."""
        self._queue.remove(owner, turn)
        if turn.done() and not turn.cancelled() and turn.exception() is None:
            self._release(owner)

    def _release(self, owner: Owner) -> None:
        self._running[owner.address] -= 1
        if not self._running[owner.address]:
            del self._running[owner.address]
        self._start_waiting()


class _OneTurn(Executor):
    """The executor for one call. It calls `release` on the event loop when the call is over in its
    thread, which may be later than for the request: a request can be cancelled, a thread cannot."""

    def __init__(self, executor: ThreadPoolExecutor, release: Callable[[], None]) -> None:
        self._executor = executor
        self._release = release

    def submit(self, function: Callable[..., T], /, *args: Any, **named: Any) -> "Future[T]":
        loop = asyncio.get_running_loop()
        future = self._executor.submit(function, *args, **named)

        def is_over(_: "Future[T]") -> None:
            with suppress(RuntimeError):  # the loop is closed: the server has stopped
                loop.call_soon_threadsafe(self._release)

        future.add_done_callback(is_over)
        return future


async def _first_of(turn: "asyncio.Future[None]", left: Left, wait_s: float) -> None:
    """Returns when it is the request's turn. Raises TooBusy and ClientGone."""
    gone = asyncio.ensure_future(left())
    try:
        await asyncio.wait({turn, gone}, timeout=wait_s, return_when=asyncio.FIRST_COMPLETED)
    finally:
        gone.cancel()
    if turn.done():
        turn.result()
    else:
        raise ClientGone if gone.done() else TooBusy
