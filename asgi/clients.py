"""Clients that go away before they have an answer."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

from asgi.responses import Receive

T = TypeVar("T")


class ClientGone(Exception):
    """Nobody is there to be answered."""


async def unless_gone(receive: Receive, work: Coroutine[Any, Any, T]) -> T:
    """What comes of `work`, which is cancelled when the client disconnects. Raises ClientGone."""
    task = asyncio.create_task(work)
    gone = asyncio.create_task(disconnection(receive))
    try:
        await asyncio.wait([task, gone], return_when=asyncio.FIRST_COMPLETED)
        if not task.done():
            raise ClientGone
        return task.result()
    finally:
        task.cancel()
        gone.cancel()
        await asyncio.wait([task, gone])


async def disconnection(receive: Receive) -> None:
    """Over when the client is gone."""
    while (await receive())["type"] != "http.disconnect":
        pass
