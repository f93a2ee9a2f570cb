"""The signals that ask a command to end in good order."""

import signal
from collections.abc import Callable
from types import FrameType


def on_end_signals(end: Callable[[], object]) -> None:
    """Call `end` at SIGTERM, at Ctrl-C (SIGINT), and when the terminal closes (SIGHUP).

    SIGHUP stays ignored where it is ignored at the start: `nohup` asks for that. Only a process's
    main thread may call this.
    """

    def handle(signal_number: int, frame: FrameType | None) -> None:  # noqa: ARG001
        end()

    signal.signal(signal.SIGTERM, handle)
    signal.signal(signal.SIGINT, handle)
    if signal.getsignal(signal.SIGHUP) != signal.SIG_IGN:
        signal.signal(signal.SIGHUP, handle)
