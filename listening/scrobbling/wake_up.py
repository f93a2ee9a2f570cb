"""Wakes the thread that looks for accounts with something to tell, in the same process. Other
server processes look every second."""

import threading

_rung = threading.Event()


def ring() -> None:
    _rung.set()


def wait(seconds: float) -> None:
    """Until it rings, or for so many seconds."""
    _rung.wait(seconds)
    _rung.clear()
