"""Lets a command clean up when a signal ends it."""

import sys

from runtime.end_signals import on_end_signals


def end_tidily_on_signals() -> None:
    """SIGTERM, Ctrl-C and the closing of the terminal raise SystemExit, so that `with` blocks and
    `finally` clauses clean up."""
    on_end_signals(_leave)


def _leave(signal_number: int) -> None:
    sys.exit(128 + signal_number)  # the exit code that shells report for a signal
