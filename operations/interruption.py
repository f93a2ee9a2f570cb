"""A command that is asked to end tidies up first."""

import sys

from runtime.end_signals import on_end_signals


def end_tidily_on_signals() -> None:
    """SIGTERM, Ctrl-C and the closing of the terminal leave by an exception, so that what a `with`
    began is undone."""
    on_end_signals(_leave)


def _leave(signal_number: int) -> None:
    sys.exit(128 + signal_number)  # as shells say it
