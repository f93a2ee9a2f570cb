"""A command that is asked to end tidies up first."""

import signal
import sys
from types import FrameType


def end_tidily_on_signals() -> None:
    """SIGTERM and Ctrl-C leave by an exception, so that what a `with` began is undone."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _leave)


def _leave(signal_number: int, frame: FrameType | None) -> None:  # noqa: ARG001
    sys.exit(128 + signal_number)  # as shells say it
