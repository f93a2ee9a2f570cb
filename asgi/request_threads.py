"""The thread pool for Django's requests. Requests wait for a thread in a fair queue.

Used on one event loop. A thread is busy only while a view runs: a client that sends its request or
reads its response slowly holds no thread.
"""

import asyncio
import concurrent.futures
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import suppress
from contextvars import copy_context
from functools import partial
from typing import Any, TypeVar

from asgi.clients import ClientGone
from asgi.fair_queue import FairQueue, Owner

T = TypeVar("T")

WAIT_S = 20.0
"""A request that has waited this long for a thread is refused; its client has likely given up."""

WaitForDisconnect = Callable[[], Awaitable[Any]]
"""Returns when the client of a request has disconnected."""


class TooBusy(Exception):
    """The request was refused before it got a thread."""


class RequestThreads:
    """A pool of `threads` threads; at most `places` requests wait for one.

    One address may use three quarters of the threads at a time, so that requests that hang leave
    threads for everybody else.
    """

    def __init__(self, name: str, *, threads: int, places: int, wait_s: float = WAIT_S) -> None:
        self._executor = concurrent.futures.ThreadPoolExecutor(threads, thread_name_prefix=name)
        self._threads = threads
        self._for_one_address = max(1, threads * 3 // 4)
        self._places = places
        self._wait_s = wait_s
        self._queue: FairQueue[asyncio.Future[None]] = FairQueue()
        self._running: Counter[str] = Counter()

    async def run(
        self,
        owner: Owner,
        wait_for_disconnect: WaitForDisconnect,
        function: Callable[..., T],
        *args: Any,
    ) -> T:
        """Call `function` in one of the threads and return its result.

        Raises TooBusy, ClientGone, and the exceptions of `function`. If this coroutine is cancelled
        while `function` runs, the thread stays busy until `function` returns.
        """
        await self._wait_for_turn(owner, wait_for_disconnect)
        answer: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        call = partial(copy_context().run, function, *args)
        self._executor.submit(call).add_done_callback(partial(self._is_over, owner, answer))
        return await answer

    def _is_over(
        self, owner: Owner, answer: "asyncio.Future[T]", call: "concurrent.futures.Future[T]"
    ) -> None:
        """Called in the thread. The request may have been cancelled meanwhile; a thread cannot."""
        with suppress(RuntimeError):  # the loop is closed: the server has stopped
            answer.get_loop().call_soon_threadsafe(self._finish, owner, answer, call)

    def _finish(
        self, owner: Owner, answer: "asyncio.Future[T]", call: "concurrent.futures.Future[T]"
    ) -> None:
        self._release(owner)
        if answer.cancelled():
            call.exception()  # retrieved, since nobody waits for it any more
        elif error := call.exception():
            answer.set_exception(error)
        else:
            answer.set_result(call.result())

    async def _wait_for_turn(self, owner: Owner, wait_for_disconnect: WaitForDisconnect) -> None:
        if not self._queue and self._may_go(owner.address):
            self._running[owner.address] += 1
            return
        if len(self._queue) >= self._places:
            displaced = self._queue.displace_for(owner)
            if displaced is None:
                raise TooBusy
            displaced.set_exception(TooBusy())
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._queue.put(owner, turn)
        self._start_waiting()
        try:
            await _first_of(turn, wait_for_disconnect, self._wait_s)
        except BaseException:
            self._give_up(owner, turn)
            raise

    def _may_go(self, address: str) -> bool:
        is_free = self._running.total() < self._threads
        return is_free and self._running[address] < self._for_one_address

    def _start_waiting(self) -> None:
        """Give free threads to waiting requests."""
        while taken := self._queue.take(self._may_go):
            owner, turn = taken
            self._running[owner.address] += 1
            turn.set_result(None)

    def _give_up(self, owner: Owner, turn: "asyncio.Future[None]") -> None:
        """Remove the request from the queue, or pass on a thread that it was just given."""
        self._queue.remove(owner, turn)
        if turn.done() and not turn.cancelled() and turn.exception() is None:
            self._release(owner)

    def _release(self, owner: Owner) -> None:
        self._running[owner.address] -= 1
        if not self._running[owner.address]:
            del self._running[owner.address]
        self._start_waiting()


async def _first_of(
    turn: "asyncio.Future[None]", wait_for_disconnect: WaitForDisconnect, wait_s: float
) -> None:
    """Returns when it is the request's turn. Raises TooBusy and ClientGone."""
    gone = asyncio.ensure_future(wait_for_disconnect())
    try:
        await asyncio.wait({turn, gone}, timeout=wait_s, return_when=asyncio.FIRST_COMPLETED)
    finally:
        gone.cancel()
    if turn.done():
        turn.result()
    else:
        raise ClientGone if gone.done() else TooBusy
