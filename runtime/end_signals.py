"""The signals that ask a command to shut down: SIGTERM, SIGINT and SIGHUP."""

import signal
from collections.abc import Callable
from types import FrameType


def on_end_signals(end: Callable[[int], object]) -> None:
    """Call `end` with the signal's number at SIGTERM, at Ctrl-C (SIGINT), and when the terminal
    closes (SIGHUP).

    A signal that is ignored already stays ignored: `nohup` ignores SIGHUP, and a shell ignores
    SIGINT for commands that a script runs in the background. Call this in the main thread only.
    """

    def handle(signal_number: int, frame: FrameType | None) -> None:  # noqa: ARG001
        end(signal_number)

    signal.signal(signal.SIGTERM, handle)
    for number in (signal.SIGINT, signal.SIGHUP):
        if signal.getsignal(number) != signal.SIG_IGN:
            signal.signal(number, handle)
