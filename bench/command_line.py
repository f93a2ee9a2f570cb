"""What the command lines of all benchmarks share: numbers that must be above 0, and their end."""

import argparse
import math
import signal
from collections.abc import Callable

INTERRUPTED = 130


def count(text: str) -> int:
    """The type of an option that says how many."""
    if not text.isdecimal() or not int(text):
        raise argparse.ArgumentTypeError(f"{text!r} is no number above 0")
    return int(text)


def seconds(text: str) -> float:
    """The type of an option that says how long."""
    try:
        found = float(text)
    except ValueError:
        found = math.nan
    if not 0 < found < math.inf:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of seconds above 0")
    return found


def until_interrupted(main: Callable[[], int]) -> int:
    """The exit code of `main`. SIGTERM ends it as Ctrl-C does: `main` ends the servers that it has
    started, which would run on otherwise."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        return main()
    except KeyboardInterrupt:
        return INTERRUPTED
