"""How a server ends without losing a request: it drains first, then it leaves.

While it drains, `/readyz` answers 503, so a proxy that checks it asks other servers. Requests that
still come are answered. When it leaves, it accepts no further connection, and answers what still
comes over those that a proxy keeps open. From the beginning each response closes its
connection, so that none is in use at the end.
"""

import time
from collections.abc import Callable, Iterable
from typing import Any, Protocol

from daphne.server import reactor  # the asyncio one, which daphne chooses

from operations.readiness import readiness

LEAVES_WITHIN_S = 0.3
LOOKS_EVERY_S = 0.02


class Channel(Protocol):
    """A connection; it need not be waited for if it only streams."""

    def is_streaming(self) -> bool: ...


class Departure:
    """Runs on the event loop. `stop` is called once, when nothing has to be waited for."""

    def __init__(
        self, *, drain_s: float, channels: Iterable[Channel], stop: Callable[[], None]
    ) -> None:
        self.has_begun = False
        self._drain_s = drain_s
        self._channels = channels
        self._stop = stop
        self._ports: list[Any] = []
        self._leaves_until_s = 0.0

    def add_port(self, port: Any) -> None:
        """`port` is one of Twisted's on which the server listens."""
        self._ports.append(port)

    def begin(self) -> None:
        """Drain, then leave. When it is called again, leave at once."""
        if self.has_begun or not self._drain_s:
            self._leave()
        else:
            reactor.callLater(self._drain_s, self._leave)
        self.has_begun = True
        readiness.end()

    def _leave(self) -> None:
        if self._leaves_until_s:
            return
        self._leaves_until_s = time.monotonic() + LEAVES_WITHIN_S
        for port in self._ports:
            port.stopListening()
        self._stop_when_done()

    def _stop_when_done(self) -> None:
        is_done = all(channel.is_streaming() for channel in self._channels)
        if is_done or time.monotonic() > self._leaves_until_s:
            self._stop()
        else:
            reactor.callLater(LOOKS_EVERY_S, self._stop_when_done)
