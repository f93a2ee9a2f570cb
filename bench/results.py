"""What a run found, as values and as JSON: `.bench/results/<time>-<commit>.json`."""

import json
import statistics
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

from bench.contenders import Step
from bench.machine import Machine
from bench.measure import Figures

SCHEMA = 1


class UnreadableResults(Exception):
    """The file holds no results of this benchmark, or of another version of it."""


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """A budget beside its figure. `limit` is in the figure's unit."""

    what: str
    figure: float
    limit: float
    unit: str

    @property
    def passes(self) -> bool:
        return self.figure <= self.limit


@dataclass(kw_only=True)
class SizeResult:
    """One corpus. `scans` holds, by contender and step, the figures of each run.

    `remarks` is what a reader of the figures has to know: who is missing, what went wrong.
    """

    tracks: int
    corpus: dict[str, Any]
    scans: dict[str, dict[str, list[Figures]]] = field(default_factory=dict)
    process_starts_s: list[float] = field(default_factory=list)
    verdicts: list[Verdict] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    @property
    def process_start_s(self) -> float | None:
        return statistics.median(self.process_starts_s) if self.process_starts_s else None

    def add(self, contender: str, step: Step, figures: Figures) -> None:
        self.scans.setdefault(contender, {}).setdefault(step.value, []).append(figures)

    def runs(self, contender: str, step: Step) -> list[Figures]:
        return self.scans.get(contender, {}).get(step.value, [])

    def median(self, contender: str, step: Step) -> Figures | None:
        """The run whose wall time is the median, whole: its figures belong together."""
        runs = self.runs(contender, step)
        if not runs:
            return None
        middle = statistics.median_low(figures.wall_s for figures in runs)
        return next(figures for figures in runs if figures.wall_s == middle)


@dataclass(frozen=True, kw_only=True)
class RunResult:
    """A whole run of the benchmark."""

    taken_at: str
    commit: str
    runs: int
    machine: Machine
    sizes: list[SizeResult]
    schema: int = SCHEMA

    def save(self, folder: Path) -> Path:
        folder.mkdir(parents=True, exist_ok=True)
        stamp = datetime.fromisoformat(self.taken_at).astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
        path = folder / f"{stamp}-{self.commit}.json"
        path.write_text(json.dumps(asdict(self), indent=1) + "\n")
        return path

    @classmethod
    def load(cls, path: Path) -> Self:
        """Raises UnreadableResults; OSError where there is no such file."""
        try:
            said = json.loads(path.read_text())
            if said["schema"] != SCHEMA:
                raise UnreadableResults(f"{path} is of another version of the benchmark.")
            sizes = [_size(each) for each in said.pop("sizes")]
            return cls(**{**said, "machine": Machine(**said["machine"]), "sizes": sizes})
        except (ValueError, TypeError, KeyError, AttributeError):
            raise UnreadableResults(f"{path} holds no results of this benchmark.") from None


def _size(said: dict[str, Any]) -> SizeResult:
    scans = {
        contender: {step: [Figures(**each) for each in runs] for step, runs in steps.items()}
        for contender, steps in said.pop("scans").items()
    }
    verdicts = [Verdict(**each) for each in said.pop("verdicts")]
    return SizeResult(**said, scans=scans, verdicts=verdicts)
