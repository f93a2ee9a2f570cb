"""The machine and the commit that figures belong to, without anything that names either's owner."""

import os
import platform
import sqlite3
import subprocess
from dataclasses import dataclass

import psutil

from bench.places import PROJECT_DIR

BYTES_PER_GIB = 1 << 30


@dataclass(frozen=True, kw_only=True)
class Machine:
    """`load_before` is the load average of the last minute: well above 0, others were at work."""

    cores: int
    memory_gib: float
    system: str
    python: str
    sqlite: str
    load_before: float

    @classmethod
    def of_now(cls) -> "Machine":
        return cls(
            cores=len(psutil.Process().cpu_affinity() or [])
            if hasattr(psutil.Process, "cpu_affinity")
            else os.cpu_count() or 1,
            memory_gib=round(psutil.virtual_memory().total / BYTES_PER_GIB, 1),
            system=f"{platform.system()} {platform.machine()}",
            python=platform.python_version(),
            sqlite=sqlite3.sqlite_version,
            load_before=round(os.getloadavg()[0], 2),
        )

    def heading(self, commit: str, what: str = "") -> str:
        """The line above the tables of a run: what was measured, and on what machine."""
        line = (
            f"commit {commit}, {self.cores} cores, Python {self.python}; "
            f"load before: {self.load_before}"
        )
        return f"{line}; {what}" if what else line


def current_commit() -> str:
    """Short, with `-dirty` where files differ from it; `unknown` outside a checkout."""
    command = ["git", "describe", "--always", "--dirty", "--abbrev=9", "--exclude=*"]
    try:
        answer = subprocess.run(
            command, cwd=PROJECT_DIR, capture_output=True, text=True, check=True
        )
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
    return answer.stdout.strip()
