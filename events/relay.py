"""The relay: one in each server process, which hands new events and marks to the streams there.

The relay exists while its event loop has listeners. It reads the storage whenever the bell rings,
and about once a second anyway, so no event is missed if the bell fails. A slow listener delays
neither the relay nor other listeners: each has a queue of its own. Events go to all listeners, a
mark only to those of its user.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Collection
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, suppress
from contextvars import Context
from functools import partial
from typing import TypeVar

from django.db import Error, connections

from events import bell
from events.listener import EncodedEvent, Listener, encode
from events.metrics import LISTENERS, observe_delay
from events.recent import HandedMarks, RecentMark, recent
from events.storage import missed_since
from runtime.faults import Faults

POLL_SECONDS = 1.0
END_SECONDS = 1.0
END_TRIES = 3
MAX_AT_ONCE = 500

logger = logging.getLogger(__name__)
Result = TypeVar("Result")


class Relay:
    """Hands events to its listeners. Its tasks run until the last listener leaves.

    `is_ready` is set once the id of the newest event is known.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.is_ready = asyncio.Event()
        self._loop = loop
        self._listeners: set[Listener] = set()
        self._marks = HandedMarks()
        self._heard: int | None = None
        self._bell = asyncio.Event()
        # A thread of its own: other users of a shared pool would delay the relay, and it them.
        self._reader = ThreadPoolExecutor(1, thread_name_prefix="events")
        self._tasks = [
            loop.create_task(work, context=Context())
            for work in (self._keep_polling(), bell.hear(self._bell.set))
        ]
        bell.relay_begins(loop)

    def join(self, drop: Callable[[], None], user_id: int) -> Listener:
        """Add a listener, which gets all events from now on, and the marks of its user. It gets
        those of the last minute too: what changed while its page was loading. See `Listener`."""
        listener = Listener(drop, user_id, self._heard)
        self._listeners.add(listener)
        for name, number in self._marks.of(user_id).items():
            listener.hand_over_mark(name, number)
        LISTENERS.inc()
        return listener

    async def leave(self, listener: Listener) -> None:
        self._listeners.discard(listener)
        LISTENERS.dec()
        listener.leave()
        if not self._listeners:
            await self._end()

    async def read(self, query: Callable[[], Result]) -> Result:
        """Run `query` in the relay's database thread. Raises django.db.Error."""
        return await self._loop.run_in_executor(self._reader, _reading, query)

    async def _end(self) -> None:
        del _relays[self._loop]
        bell.relay_ends(self._loop)
        self._reader.submit(connections.close_all)
        self._reader.shutdown(wait=False)
        await _cancel(self._tasks)

    async def _keep_polling(self) -> None:
        faults = Faults(logger, "Events cannot be read from the database")
        while True:
            try:
                await self._poll()
            except Exception as error:  # noqa: BLE001  # polling must go on after any error
                faults.note(error)
            else:
                faults.are_over()
            with suppress(TimeoutError):
                async with asyncio.timeout(POLL_SECONDS):
                    await self._bell.wait()
            self._bell.clear()

    async def _poll(self) -> None:
        newest, marks = await self.read(recent)
        self._hand_over_marks(self._marks.take(marks))
        if self._heard is None:
            self._begin_at(newest)
        elif newest != self._heard:  # may also be lower, after a backup was restored
            for event in await self.read(partial(missed_since, self._heard, MAX_AT_ONCE)):
                self._hand_over(encode(event))
                observe_delay(event.stored_at)

    def _hand_over_marks(self, marks: list[RecentMark]) -> None:
        by_user: dict[int, list[RecentMark]] = {}
        for mark in marks:
            by_user.setdefault(mark.user_id, []).append(mark)
        for listener in self._listeners if by_user else ():
            for mark in by_user.get(listener.user_id, ()):
                listener.hand_over_mark(mark.name, mark.number)

    def _begin_at(self, newest: int) -> None:
        self._heard = newest
        for listener in self._listeners:
            listener.began_at = newest
        self.is_ready.set()

    def _hand_over(self, event: EncodedEvent) -> None:
        self._heard = event.id
        for listener in self._listeners:
            listener.hand_over(event)


_relays: dict[asyncio.AbstractEventLoop, Relay] = {}


@asynccontextmanager
async def listening(
    drop: Callable[[], None], user_id: int
) -> AsyncIterator[tuple[Relay, Listener]]:
    """Join the relay of the running loop, which is started if necessary, and leave it at the end.

    `drop` and `user_id`: see `Listener`.
    """
    loop = asyncio.get_running_loop()
    if loop not in _relays:
        _relays[loop] = Relay(loop)
    relay = _relays[loop]
    listener = relay.join(drop, user_id)
    try:
        yield relay, listener
    finally:
        await relay.leave(listener)


async def _cancel(tasks: Collection[asyncio.Task[None]]) -> None:
    """Cancel the tasks and wait for their end; tries up to END_TRIES times.

    Before Python 3.12 one cancellation may not be enough: `asyncio.wait_for`, which the client of
    Redis uses to send, loses one that arrives just as its awaitable finishes (gh-86296).
    """
    for _ in range(END_TRIES):
        for task in tasks:
            task.cancel()
        _, tasks = await asyncio.wait(tasks, timeout=END_SECONDS)
        if not tasks:
            return


def _reading(query: Callable[[], Result]) -> Result:
    try:
        return query()
    except Error:
        connections.close_all()  # the next query opens a new connection
        raise
