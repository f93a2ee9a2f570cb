"""Runs the contenders over one corpus, in turn, so that a slow minute of the machine hits all."""

import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
from rich.console import Console

from bench.budgets import judge
from bench.changes import one_percent_changed, put_back
from bench.contenders import Contender, Step
from bench.measure import CommandFailed, Figures
from bench.results import SizeResult

SLOW_ABOVE_TRACKS = 2_000
READ_BYTES = 1 << 20


@dataclass(frozen=True, kw_only=True)
class Library:
    """The music that is scanned. `may_change` is false for a folder that is somebody's own."""

    root: Path
    tracks: int
    description: dict[str, Any]
    may_change: bool


@dataclass(frozen=True, kw_only=True)
class Plan:
    """How to measure one library. `include_slow`: slow ones too, however long they take."""

    contenders: Sequence[Contender]
    runs: int
    include_slow: bool
    work: Path


def measure_library(library: Library, plan: Plan, console: Console) -> SizeResult:
    result = SizeResult(tracks=library.tracks, corpus=library.description)
    if library.may_change:
        put_back(library.root)
    else:
        result.remarks.append("no rescan with 1 % changed: a folder of yours is only read")
    if not _fits_in_memory(library.root):
        result.remarks.append("too large for the page cache: first scans read from the disk")
    contenders = list(_able(library, plan, result))
    for run in range(plan.runs):
        for contender in contenders:
            with console.status(f"{library.tracks:,} tracks, run {run + 1}: {contender.name}"):
                _measure(contender, library, plan.work, result)
    result.verdicts = judge(result)
    return result


def _able(library: Library, plan: Plan, result: SizeResult) -> Iterator[Contender]:
    for contender in plan.contenders:
        is_too_slow = contender.is_slow and library.tracks > SLOW_ABOVE_TRACKS
        if why := contender.why_missing():
            result.remarks.append(f"{contender.name}: {why}")
        elif is_too_slow and not plan.include_slow:
            result.remarks.append(f"{contender.name}: left out, takes minutes; see --slow-peers")
        else:
            yield contender


def _measure(contender: Contender, library: Library, work: Path, result: SizeResult) -> None:
    """All steps of one contender; one that fails costs its own figures only."""
    try:
        with _empty_folder(work / contender.name) as folder:
            if contender.measure_starts:
                result.process_starts_s += contender.measure_starts(library.root, folder)
            with contender.open(library.root, folder) as scan:
                for step in contender.steps:
                    if step is Step.CHANGED and not library.may_change:
                        continue
                    with _prepared(step, library) as changed:
                        figures = scan()
                    result.add(contender.name, step, figures)
                    if wrong := ", ".join(_shortfalls(step, figures, library, changed)):
                        result.remarks.append(f"{contender.name}, {step}: {wrong}")
    except (CommandFailed, OSError, subprocess.SubprocessError) as error:
        result.remarks.append(f"{contender.name} failed: {error}")


@contextmanager
def _prepared(step: Step, library: Library) -> Iterator[int]:
    """The library as the step wants it; yields how many files differ from the step before."""
    if step is Step.FIRST and _fits_in_memory(library.root):
        _warm(library.root)
    change = one_percent_changed(library.root) if step is Step.CHANGED else nullcontext(0)
    with change as changed:
        yield changed


def _fits_in_memory(root: Path) -> bool:
    """With room to spare; to read half of a greater library ahead would help nobody."""
    size_bytes = sum(path.stat().st_size for path in root.rglob("*") if path.is_file())
    return size_bytes < psutil.virtual_memory().total / 2


def _warm(root: Path) -> None:
    """Reads every byte, so that no first scan pays for the disk and the next one does not."""
    buffer = bytearray(READ_BYTES)
    for path in root.rglob("*"):
        if path.is_file():
            with path.open("rb", buffering=0) as file:
                while file.readinto(buffer):
                    pass


def _shortfalls(step: Step, figures: Figures, library: Library, changed: int) -> Iterator[str]:
    """What a scan did not do as it should: one that does less is no fast scan."""
    known = figures.facts.get("tracks", library.tracks)
    if known != library.tracks:
        yield f"{known:,} tracks instead of {library.tracks:,}"
    counts: dict[str, int] | None = figures.facts.get("counts")
    if counts is None:
        return
    due = {"added": library.tracks if step is Step.FIRST else 0, "updated": changed}
    for name in ("added", "updated", "moved", "restored", "missing", "postponed", "failed"):
        if counts[name] != due.get(name, 0):
            yield f"{counts[name]:,} {name} instead of {due.get(name, 0):,}"


@contextmanager
def _empty_folder(folder: Path) -> Iterator[Path]:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
