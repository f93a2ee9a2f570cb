"""Clients that disconnect before they have a response."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

from asgi.responses import Receive

T = TypeVar("T")


class ClientGone(Exception):
    """The client has disconnected, so that nobody is left to respond to."""


async def unless_gone(receive: Receive, work: Coroutine[Any, Any, T]) -> T:
    """The result of `work`, which is cancelled if the client disconnects first.

    Raises ClientGone in that case, else the exceptions of `work`.
    """
    task = asyncio.create_task(work)
    gone = asyncio.create_task(wait_for_disconnect(receive))
    try:
        await asyncio.wait([task, gone], return_when=asyncio.FIRST_COMPLETED)
        if not task.done():
            raise ClientGone
        return task.result()
    finally:
        task.cancel()
        gone.cancel()
        await asyncio.wait([task, gone])


async def wait_for_disconnect(receive: Receive) -> None:
    """Returns when the client has disconnected."""
    while (await receive())["type"] != "http.disconnect":
        pass
