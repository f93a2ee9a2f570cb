"""One relay in each server process: it learns of events, and hands them to the streams there.

It begins with the first listener of its event loop and ends with the last. It is woken by the bell,
and looks at the storage about once a second by itself: whatever becomes of the bell, no event is
missed. Nobody waits for anybody: not the relay for a listener, nor listeners for one another.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Collection
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, suppress
from contextvars import Context
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

from django.db import Error, connections

from events import bell
from events.metrics import LISTENERS, observe_delay
from events.storage import StoredEvent, latest_id, missed_since
from runtime.faults import Faults

LOOK_SECONDS = 1.0
HAND_OVER_SECONDS = 5.0
END_SECONDS = 1.0
END_TRIES = 3
QUEUE_SIZE = 16
MAX_AT_ONCE = 500

logger = logging.getLogger(__name__)
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class EncodedEvent:
    """An event as the bytes of a text/event-stream, which all streams of a process share."""

    id: int
    data: bytes


def encode(event: StoredEvent) -> EncodedEvent:
    """WHATWG HTML, section 9.2.5: fields on lines of their own, an empty line ends the event."""
    text = f"event: message\nid: {event.id}\ndata: {event.data}\n\n"
    return EncodedEvent(event.id, text.encode())


class Listener:
    """One stream's own bounded queue. `drop` is called once it has been full for too long.

    `began_at`: the number of the newest event that was not put into the queue because it is older
    than the listener; known when the relay is ready.
    """

    def __init__(self, drop: Callable[[], None], began_at: int | None) -> None:
        self.queue: asyncio.Queue[EncodedEvent] = asyncio.Queue(QUEUE_SIZE)
        self.began_at = began_at
        self._drop = drop
        self._turn = asyncio.Lock()  # a queue alone would let a later event overtake
        self._waiting = 0
        self._hand_overs: set[asyncio.Task[None]] = set()

    def hand_over(self, event: EncodedEvent) -> None:
        """Into the queue, as soon as there is room and in the order of the calls; returns at
        once."""
        task = asyncio.create_task(self._put(event))
        self._hand_overs.add(task)
        task.add_done_callback(self._hand_overs.discard)

    def leave(self) -> None:
        """Nothing waits for room any more."""
        for task in self._hand_overs:
            task.cancel()

    async def _put(self, event: EncodedEvent) -> None:
        if not self._waiting and not self.queue.full():
            await self.queue.put(event)  # at once: there is nothing for a time limit to end
            return
        self._waiting += 1
        try:
            async with asyncio.timeout(HAND_OVER_SECONDS), self._turn:
                await self.queue.put(event)
        except TimeoutError:
            self._drop()
        finally:
            self._waiting -= 1


class Relay:
    """Its tasks run from the first `join` to the last `leave`."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.is_ready = asyncio.Event()
        self._loop = loop
        self._listeners: set[Listener] = set()
        self._heard: int | None = None
        self._bell = asyncio.Event()
        # Of its own, so that no other user of threads waits for the database, or makes it wait.
        self._reader = ThreadPoolExecutor(1, thread_name_prefix="events")
        self._tasks = [
            loop.create_task(work, context=Context())
            for work in (self._keep_looking(), bell.hear(self._bell.set))
        ]
        bell.relay_begins(loop)

    def join(self, drop: Callable[[], None]) -> Listener:
        """A listener for all events from now on; see `Listener`."""
        listener = Listener(drop, self._heard)
        self._listeners.add(listener)
        LISTENERS.inc()
        return listener

    async def leave(self, listener: Listener) -> None:
        self._listeners.discard(listener)
        LISTENERS.dec()
        listener.leave()
        if not self._listeners:
            await self._end()

    async def read(self, query: Callable[[], Result]) -> Result:
        """What `query` finds in the database, off the loop. Raises django.db.Error."""
        return await self._loop.run_in_executor(self._reader, _reading, query)

    async def _end(self) -> None:
        del _relays[self._loop]
        bell.relay_ends(self._loop)
        self._reader.submit(connections.close_all)
        self._reader.shutdown(wait=False)
        await _cancel(self._tasks)

    async def _keep_looking(self) -> None:
        faults = Faults(logger, "Events cannot be read from the database")
        while True:
            try:
                await self._look()
            except Exception as error:  # noqa: BLE001  # whatever it was, the look has to go on
                faults.note(error)
            else:
                faults.are_over()
            with suppress(TimeoutError):
                async with asyncio.timeout(LOOK_SECONDS):
                    await self._bell.wait()
            self._bell.clear()

    async def _look(self) -> None:
        newest = await self.read(latest_id)
        if self._heard is None:
            self._begin_at(newest)
        elif newest != self._heard:  # lower after a restored backup
            for event in await self.read(partial(missed_since, self._heard, MAX_AT_ONCE)):
                self._hand_over(encode(event))
                observe_delay(event.stored_at)

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
async def listening(drop: Callable[[], None]) -> AsyncIterator[tuple[Relay, Listener]]:
    """The relay of the running loop, and a place among its listeners."""
    loop = asyncio.get_running_loop()
    if loop not in _relays:
        _relays[loop] = Relay(loop)
    relay = _relays[loop]
    listener = relay.join(drop)
    try:
        yield relay, listener
    finally:
        await relay.leave(listener)


async def _cancel(tasks: Collection[asyncio.Task[None]]) -> None:
    """Until they have ended; asks END_TRIES times at most.

    Once is not enough before Python 3.12: there `asyncio.wait_for`, by which the client of Redis
    sends, loses a cancellation that comes just when what it waits for is done (gh-86296).
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
        connections.close_all()  # a lost connection is opened anew by the next query
        raise
