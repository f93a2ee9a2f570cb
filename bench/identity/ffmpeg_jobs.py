"""Many small files through few runs of ffmpeg: its start takes longer than such a file."""

import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

FILES_PER_RUN = 40


class Job(NamedTuple):
    """One input, and the options and paths of its outputs. `done` is called when they are there."""

    source: Path
    outputs: Sequence[tuple[Sequence[str], Path]]
    done: Callable[[], None] = lambda: None


class FfmpegJobs:
    """Collects jobs for different files, which must not depend on each other."""

    def __init__(self) -> None:
        self._jobs: list[Job] = []

    def add(self, job: Job) -> None:
        self._jobs.append(job)

    def run(self) -> None:
        """Raises CalledProcessError if ffmpeg fails."""
        jobs, self._jobs = self._jobs, []
        for start in range(0, len(jobs), FILES_PER_RUN):
            some = jobs[start : start + FILES_PER_RUN]
            _run(some)
            for job in some:
                job.done()


def _run(jobs: Sequence[Job]) -> None:
    inputs: list[str | Path] = []
    outputs: list[str | Path] = []
    for number, job in enumerate(jobs):
        inputs += ["-i", job.source]
        for options, path in job.outputs:
            # Tags of the file and of its stream: Ogg has them at the stream.
            outputs += ["-map", f"{number}:a", "-map_metadata", str(number), *options, path]
    command = ["ffmpeg", "-nostdin", "-loglevel", "error", "-y", *inputs, *outputs]
    subprocess.run(command, check=True)
