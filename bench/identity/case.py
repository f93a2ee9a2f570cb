"""One track of the matrix: the changes that are made to it, one after the other."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from bench.identity.ffmpeg_jobs import FfmpegJobs
from bench.identity.places import Places


@dataclass
class Case:
    """A track whose id has to stay. `partner` is another one, with which it may be swapped.

    `is_spread`: a scan follows each step; else all steps are done between two scans.
    """

    number: int
    suffix: str
    changes: tuple["Change", ...]
    is_spread: bool
    is_tagged: bool
    path: Path
    partner: Path | None
    track_id: int = 0
    partner_id: int = 0
    lost_at: str = ""
    copy_of: Path | None = None
    """The original, while there is a copy."""
    _names: int = field(default=1)

    def steps(self) -> Iterator[tuple["Change", "Step", bool]]:
        """Each step with its change, and whether it is the change's last."""
        for change in self.changes:
            for step in change.steps:
                yield change, step, step is change.steps[-1]

    @property
    def home(self) -> str:
        return f"{self.suffix[1:]}/{self.number:05}"

    def next_name(self) -> str:
        """Another file name: the same one for all tracks that have had as many."""
        self._names += 1
        return f"{self._names:02} Track{self.suffix}"

    def __str__(self) -> str:
        said = ", ".join(change.name for change in self.changes)
        when = "a scan after each" if self.is_spread else "all before one scan"
        tags = "" if self.is_tagged else ", no tags"
        return f"{self.suffix[1:]}: {said} ({when}{tags})"


Step = Callable[[Case, Places, FfmpegJobs], None]


class Change(NamedTuple):
    """Something that people do to a file. Between its steps there may be a scan."""

    name: str
    steps: tuple[Step, ...]
    suffixes: frozenset[str] | None = None
    """The formats in which this can be done; None: all."""
    needs_partner: bool = False

    def __str__(self) -> str:
        return self.name
