"""The signals that ask a command to end in good order."""

import signal
from collections.abc import Callable
from types import FrameType


def on_end_signals(end: Callable[[int], object]) -> None:
    """Call `end` with the signal's number at SIGTERM, at Ctrl-C (SIGINT), and when the terminal
    closes (SIGHUP).

    What is ignored at the start stays ignored: `nohup` asks for that with SIGHUP, and a shell with
    SIGINT for what a script starts in the background. Only a process's main thread may call this.
    """

    def handle(signal_number: int, frame: FrameType | None) -> None:  # noqa: ARG001
        end(signal_number)

    signal.signal(signal.SIGTERM, handle)
    for number in (signal.SIGINT, signal.SIGHUP):
        if signal.getsignal(number) != signal.SIG_IGN:
            signal.signal(number, handle)
