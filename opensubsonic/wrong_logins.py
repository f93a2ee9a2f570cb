"""Answers wrong logins slowly, a few at a time for each network of one customer.

Right ones never wait here. A task waits, not a thread.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from asgi.owners import network_of

PAUSE_S = 0.3
AT_ONCE = 4
MOST_WAITING = 40
"""How many of a network may wait for one of these turns, three seconds at most. Further ones are
refused at once and looked at no closer, so that a flood costs no memory and no query."""


@dataclass
class _Network:
    turns: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONCE))
    present: int = 0


class WrongLogins:
    """Usable on one event loop at a time."""

    def __init__(self) -> None:
        self._networks: dict[str, _Network] = {}

    @asynccontextmanager
    async def turn(self, address: str) -> AsyncIterator[bool]:
        """Waits for a turn; False if too many wait."""
        name = network_of(address)
        network = self._networks.setdefault(name, _Network())
        if network.present >= AT_ONCE + MOST_WAITING:
            yield False
            return
        network.present += 1
        try:
            async with network.turns:
                yield True
        finally:
            network.present -= 1
            if not network.present:
                self._networks.pop(name, None)


wrong_logins = WrongLogins()
