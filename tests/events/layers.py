"""Channel layers that misbehave, and settings by which commands use one of them."""

import asyncio
import time
from contextlib import suppress
from typing import Any

from channels.layers import BaseChannelLayer, InMemoryChannelLayer


class Hanging(BaseChannelLayer):  # type: ignore[misc]  # channels is untyped
    """A broker that takes connections and never answers."""

    async def new_channel(self) -> str:
        await asyncio.sleep(3600)
        return "never"

    async def group_add(self, *_: object) -> None:
        await asyncio.sleep(3600)

    async def group_send(self, *_: object) -> None:
        await asyncio.sleep(3600)


class Blocking(Hanging):
    """One that even blocks the thread it is called in."""

    async def group_send(self, *_: object) -> None:
        time.sleep(3600)  # noqa: ASYNC251


class Stubborn(Hanging):
    """One that does not let itself be cancelled."""

    async def group_send(self, *_: object) -> None:
        while True:
            try:
                await asyncio.sleep(3600)
            except asyncio.CancelledError:
                continue


class Failing(Hanging):
    """A broker that is away."""

    async def new_channel(self) -> str:
        raise ConnectionRefusedError("no broker here")

    async def group_send(self, *_: object) -> None:
        raise ConnectionRefusedError("no broker here")


class Counting(InMemoryChannelLayer):  # type: ignore[misc]  # channels is untyped
    """Counts what is sent and how often the group is joined."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.sent = 0
        self.members: set[str] = set()

    async def group_add(self, group: str, channel: str) -> None:
        self.members.add(channel)
        await super().group_add(group, channel)

    async def group_send(self, group: str, message: dict[str, Any]) -> None:
        self.sent += 1
        await super().group_send(group, message)


class Forgetful(InMemoryChannelLayer):  # type: ignore[misc]  # channels is untyped
    """Whoever receives has to be cancelled twice, as may be with Redis before Python 3.12."""

    async def receive(self, channel: str) -> Any:
        with suppress(asyncio.CancelledError):
            return await super().receive(channel)
        return await super().receive(channel)


def layer_settings(layer: type[BaseChannelLayer]) -> dict[str, Any]:
    return {"default": {"BACKEND": f"{__name__}.{layer.__name__}"}}
