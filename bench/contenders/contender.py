"""What the benchmark asks of a program that it measures."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from bench.measure import Figures


class Step(StrEnum):
    """What a library goes through, in this order."""

    FIRST = "first scan"
    UNCHANGED = "unchanged rescan"
    CHANGED = "rescan, 1 % changed"


Scan = Callable[[], Figures]


@dataclass(frozen=True, kw_only=True)
class Contender:
    """One program.

    `why_missing` is empty where the program can be run, else says how to get it. `open` takes the
    music and an empty folder to work in, and yields the scan, to be called once for each step;
    `facts["tracks"]` of its figures is how many tracks the program then knows. A slow program is
    left out where there are many tracks, unless asked for. `measure_starts` gives the seconds that
    pass, a few times over, before the program could begin to work.
    """

    name: str
    why_missing: Callable[[], str]
    open: Callable[[Path, Path], AbstractContextManager[Scan]]
    steps: tuple[Step, ...] = tuple(Step)
    measure_starts: Callable[[Path, Path], list[float]] | None = None
    is_slow: bool = False
