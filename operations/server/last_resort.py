"""The end of a process that was asked to end and has not done so by itself soon after."""

import threading
import time
from collections.abc import Callable
from queue import SimpleQueue


class LastResort:
    """Calls `end` in a thread, `within_s` after it was first asked to.

    The thread waits from the start: when a signal arrives, nothing has to be started, and what a
    signal's handler may use is little (`SimpleQueue.put` is made for it).
    """

    def __init__(self, within_s: float, end: Callable[[], object]) -> None:
        self._within_s = within_s
        self._end = end
        self._asked: SimpleQueue[None] = SimpleQueue()
        threading.Thread(target=self._wait, name="last resort", daemon=True).start()

    def ask(self) -> None:
        self._asked.put(None)

    def _wait(self) -> None:
        self._asked.get()
        time.sleep(self._within_s)
        self._end()
