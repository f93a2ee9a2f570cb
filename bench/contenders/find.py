"""`find`, told to print what a scan has to know of each file: the floor for an unchanged rescan."""

import os
import shutil
import statistics
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from bench.contenders.contender import Contender, Scan, Step
from bench.measure import Figures, run_measured

WALKS = 5  # one takes milliseconds, and the median is what mus is held against


def why_missing() -> str:
    if not (find := shutil.which("find")):
        return "not installed: apt install findutils"
    probe = [find, os.devnull, "-printf", ""]
    is_gnu = subprocess.run(probe, stderr=subprocess.DEVNULL, check=False).returncode == 0
    return "" if is_gnu else "this find knows no -printf: install GNU findutils"


@contextmanager
def open_find(music: Path, _: Path) -> Iterator[Scan]:
    # -H: the folder itself may be a link.
    command = ("find", "-H", music, "-type", "f", "-printf", r"%p\t%T@\t%s\n")

    def walk() -> Figures:
        walks = []
        for _ in range(WALKS):
            outcome = run_measured(*command, environment=os.environ)
            outcome.require_success()
            walks.append(outcome.figures)
        middle = statistics.median_low(figures.wall_s for figures in walks)
        found = next(figures for figures in walks if figures.wall_s == middle)
        return replace(found, peak_mib=None)  # over too soon to be looked at

    yield walk


CONTENDER = Contender(name="find", why_missing=why_missing, open=open_find, steps=(Step.UNCHANGED,))
