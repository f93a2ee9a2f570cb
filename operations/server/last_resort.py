"""Ends a process by force if it has not ended by itself soon after a signal."""

import threading
import time
from collections.abc import Callable
from queue import SimpleQueue


class LastResort:
    """Calls `end` in a thread, `within_s` seconds after the first call of `ask`.

    The thread is started here already, because a signal handler can safely do very little.
    `SimpleQueue.put` is reentrant, so the handler may call it.
    """

    def __init__(self, within_s: float, end: Callable[[], object]) -> None:
        self._within_s = within_s
        self._end = end
        self._asked: SimpleQueue[None] = SimpleQueue()
        threading.Thread(target=self._wait, name="last resort", daemon=True).start()

    def ask(self) -> None:
        """Start the countdown. Safe in a signal handler."""
        self._asked.put(None)

    def _wait(self) -> None:
        self._asked.get()
        time.sleep(self._within_s)
        self._end()
