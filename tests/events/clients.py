"""Clients of the stream inside an event loop of the test's own, as an ASGI server shows them."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

from django.contrib.auth.models import User
from django.db import connection

from asgi.responses import Message
from events import stream
from events.storage import store
from events.summary import MessageLevel, Summary

NEVER = 3600.0
SOON = 0.02
BIG = {"filling": "x" * 64 * 1024}


def store_event(text: str = "hello", payload: dict[str, Any] | None = None) -> int:
    return store(
        Summary(message_to_show=text, message_level=MessageLevel.INFO, action_payload=payload)
    )


class Client:
    """One connection, as an ASGI server shows it to an application."""

    def __init__(
        self, *, reads: bool = True, last_event_id: str | None = None, user_id: int = 1
    ) -> None:
        self.user = User(pk=user_id)
        self.reads = asyncio.Event()
        if reads:
            self.reads.set()
        self.headers = [(b"last-event-id", last_event_id.encode())] if last_event_id else []
        self.messages: list[Message] = []
        self.gone = asyncio.Event()
        self._requested = False

    async def receive(self) -> Message:
        if not self._requested:
            self._requested = True
            return {"type": "http.request", "body": b"", "more_body": False}
        await self.gone.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: Message) -> None:
        self.messages.append(message)
        if message.get("body"):
            await self.reads.wait()

    async def run(self) -> None:
        scope = {
            "type": "http",
            "method": "GET",
            "query_string": b"",
            "headers": self.headers,
            "user": self.user,
        }
        await stream.track_updates(scope, self.receive, self.send)

    @property
    def body(self) -> str:
        return b"".join(message.get("body", b"") for message in self.messages).decode()

    @property
    def ids(self) -> list[int]:
        """Of the events heard, without the id that comes alone at the beginning."""
        blocks = [block.split("\n") for block in self.body.split("\n\n")]
        return [int(block[1][4:]) for block in blocks if block[0] == "event: message"]

    @property
    def marks(self) -> list[tuple[str, int]]:
        """The marks heard."""
        blocks = [block.split("\n") for block in self.body.split("\n\n")]
        heard = [json.loads(block[1][6:]) for block in blocks if block[0] == "event: changed"]
        return [(mark["name"], mark["number"]) for mark in heard]

    @property
    def is_told_the_end(self) -> bool:
        last = self.messages[-1]
        return last["type"] == "http.response.body" and not last.get("more_body", False)


async def until(condition: Callable[[], object], seconds: float = 30) -> None:
    async with asyncio.timeout(seconds):
        while not condition():  # noqa: ASYNC110  # conditions of any kind
            await asyncio.sleep(0.005)


async def in_thread(action: Callable[[], Any]) -> Any:
    """A thread of its own, since the event loop's must not touch the database."""

    def act() -> Any:
        try:
            return action()
        finally:
            connection.close()

    return await asyncio.to_thread(act)


@asynccontextmanager
async def connected(*clients: Client) -> AsyncIterator[list[asyncio.Task[None]]]:
    """All of them listening; afterwards they have left, and nothing is left behind."""
    others = asyncio.all_tasks()
    tasks = [asyncio.create_task(client.run()) for client in clients]
    await until(lambda: all("id: " in client.body for client in clients))
    yield tasks
    for client in clients:
        client.gone.set()
    async with asyncio.timeout(30):
        await asyncio.gather(*tasks)
    # Tasks of the channel layer's client end a moment after they were cancelled.
    await until(lambda: asyncio.all_tasks() == others)


def run(test: Callable[[], Awaitable[None]]) -> None:
    async def bounded() -> None:
        async with asyncio.timeout(60):
            await test()

    asyncio.run(bounded())
