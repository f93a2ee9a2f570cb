"""The bounded queue of one stream: what the relay hands over, and the browser has not got yet."""

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass

from events.storage import StoredEvent

HAND_OVER_SECONDS = 5.0
QUEUE_SIZE = 16


@dataclass(frozen=True, slots=True)
class EncodedEvent:
    """An event, encoded once for all streams of a process as bytes of a text/event-stream."""

    id: int
    data: bytes


KEEP_ALIVE = EncodedEvent(0, b":\n\n")
MARKS = EncodedEvent(0, b"")
"""Stands in a queue for all marks that its stream has not sent yet; see `Listener.take_marks`."""


def encode(event: StoredEvent) -> EncodedEvent:
    """Encode an event as WHATWG HTML, section 9.2.5, defines: a line for each field, then an empty
    line."""
    text = f"event: message\nid: {event.id}\ndata: {event.data}\n\n"
    return EncodedEvent(event.id, text.encode())


def encode_mark(name: str, number: int) -> bytes:
    """Encode a mark. It has no id: what a browser sends as Last-Event-ID is that of an event."""
    data = json.dumps({"name": name, "number": number})
    return f"event: changed\ndata: {data}\n\n".encode()


class Listener:
    """The bounded queue of one stream. `drop` is called if the queue stays full for
    HAND_OVER_SECONDS, because its browser does not read.

    `user_id`: only the marks of this user are handed to it.
    `began_at`: the id of the newest event before the listener joined; later ones are put into the
    queue. None until the relay is ready.
    """

    def __init__(self, drop: Callable[[], None], user_id: int, began_at: int | None) -> None:
        self.queue: asyncio.Queue[EncodedEvent] = asyncio.Queue(QUEUE_SIZE)
        self.user_id = user_id
        self.began_at = began_at
        self._drop = drop
        self._turn = asyncio.Lock()  # keeps events that wait for room in their order
        self._waiting = 0
        self._hand_overs: set[asyncio.Task[None]] = set()
        self._marks: dict[str, int] = {}

    def hand_over(self, event: EncodedEvent) -> None:
        """Put the event into the queue as soon as there is room, in the order of the calls.

        Returns at once.
        """
        task = asyncio.create_task(self._put(event))
        self._hand_overs.add(task)
        task.add_done_callback(self._hand_overs.discard)

    def hand_over_mark(self, name: str, number: int) -> None:
        """Let the stream send this mark. Of several of one name it sends only the newest, and all
        that wait take up one place of the queue. Returns at once."""
        if not self._marks:
            self.hand_over(MARKS)
        self._marks[name] = number

    def take_marks(self) -> bytes:
        """The marks that were handed over since the last call, encoded; to be called for MARKS."""
        marks, self._marks = self._marks, {}
        return b"".join(encode_mark(name, number) for name, number in marks.items())

    def leave(self) -> None:
        """Cancel the events that still wait for room in the queue."""
        for task in self._hand_overs:
            task.cancel()

    async def _put(self, event: EncodedEvent) -> None:
        if not self._waiting and not self.queue.full():
            await self.queue.put(event)  # there is room, so this needs no time limit
            return
        self._waiting += 1
        try:
            async with asyncio.timeout(HAND_OVER_SECONDS), self._turn:
                await self.queue.put(event)
        except TimeoutError:
            self._drop()
        finally:
            self._waiting -= 1
