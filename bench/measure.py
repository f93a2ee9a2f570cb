"""What a command costs: time, processor time of all its processes, and the peak memory of each.

Memory is the high-water mark that Linux keeps of a process's resident set; elsewhere it is left
out.
"""

import contextlib
import ctypes
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

SAMPLE_EVERY_S = 0.25
"""A scan has work for every core, and each look takes from it; peaks between the kernel keeps."""
ORPHANS_WAIT_S = 5.0
STDERR_TAIL_LINES = 8
KIB_PER_MIB = 1024
PR_SET_CHILD_SUBREAPER = 36


class CommandFailed(Exception):
    """A measured command ended badly; the text has the end of what it said."""


@dataclass(frozen=True, kw_only=True)
class Figures:
    """One measurement. `facts` is what the measured program says of its own work.

    `peak_mib` is the peak of the process that took most; `child_peak_mib` of its greatest child.
    """

    wall_s: float
    cpu_s: float
    peak_mib: float | None = None
    child_peak_mib: float | None = None
    processes: int = 1
    facts: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """A command that has ended: what it cost, said and returned."""

    figures: Figures
    stdout: str
    stderr: str
    exit_code: int

    def require_success(self, *also: int) -> None:
        """Raises CommandFailed unless the exit code is 0, or one of `also`."""
        if self.exit_code not in (0, *also):
            tail = "\n".join((self.stderr or self.stdout).splitlines()[-STDERR_TAIL_LINES:])
            raise CommandFailed(f"exit code {self.exit_code}: {tail}")


def run_measured(*command: str | Path, environment: Mapping[str, str]) -> Outcome:
    with (
        tempfile.TemporaryFile("w+") as stdout,
        tempfile.TemporaryFile("w+") as stderr,
        _adopting_orphans() as orphans,
    ):
        began = time.perf_counter()
        process = subprocess.Popen(command, env=environment, stdout=stdout, stderr=stderr)
        peaks = PeakWatch(process.pid)
        with peaks:
            _, status, usage = os.wait4(process.pid, 0)
            wall_s = time.perf_counter() - began
        # Reaped above, for its usage; Popen must not wait for a process that may be another now.
        process.returncode = os.waitstatus_to_exitcode(status)
        cpu_s = usage.ru_utime + usage.ru_stime + orphans.reap_cpu_s()
        stdout.seek(0)
        stderr.seek(0)
        return Outcome(
            figures=peaks.figures(wall_s=wall_s, cpu_s=cpu_s),
            stdout=stdout.read(),
            stderr=stderr.read(),
            exit_code=process.returncode,
        )


class PeakWatch:
    """Looks at a process and its descendants while the block runs, and keeps each one's peak."""

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self._peaks_kib: dict[int, int] = {}
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def figures(self, *, wall_s: float, cpu_s: float) -> Figures:
        children = [kib for pid, kib in self._peaks_kib.items() if pid != self._pid]
        return Figures(
            wall_s=wall_s,
            cpu_s=cpu_s,
            peak_mib=mib(max(self._peaks_kib.values(), default=None)),
            child_peak_mib=mib(max(children, default=None)),
            processes=max(1, len(self._peaks_kib)),
        )

    def _watch(self) -> None:
        # Descendants are looked up through the kernel's lists of children: a walk over all
        # processes would itself take a good part of a core.
        is_over = False
        while not is_over:
            for pid in _tree(self._pid):
                if (kib := peak_kib(pid)) is not None:
                    self._peaks_kib[pid] = kib
            is_over = self._over.wait(SAMPLE_EVERY_S)


def peak_kib(pid: int) -> int | None:
    """The peak of a running process; None when it is gone, or this is not Linux."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return None
    for line in status.splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1])
    return None


def mib(kib: int | None) -> float | None:
    return None if kib is None else kib / KIB_PER_MIB


def _tree(pid: int) -> Iterator[int]:
    yield pid
    for child in _children(pid):
        yield from _tree(child)


def _children(pid: int) -> list[int]:
    found: list[int] = []
    with contextlib.suppress(OSError):
        for thread in os.listdir(f"/proc/{pid}/task"):
            # A thread may end between the list and the look.
            with contextlib.suppress(OSError):
                found += map(int, Path(f"/proc/{pid}/task/{thread}/children").read_text().split())
    return found


class _Orphans:
    """Processes that a measured command leaves behind, as a fork server is; they count too."""

    def __init__(self) -> None:
        self._known = set(_children(os.getpid()))

    def reap_cpu_s(self) -> float:
        total = 0.0
        deadline = time.monotonic() + ORPHANS_WAIT_S
        while strangers := set(_children(os.getpid())) - self._known:
            for pid in strangers:
                gone, _, usage = os.wait4(pid, os.WNOHANG)
                if gone:
                    total += usage.ru_utime + usage.ru_stime
            if time.monotonic() > deadline:
                break
            time.sleep(SAMPLE_EVERY_S / 10)
        return total


@contextlib.contextmanager
def _adopting_orphans() -> Iterator[_Orphans]:
    """While the block runs, orphans below this process become its children (Linux only)."""
    libc = ctypes.CDLL(None) if sys.platform == "linux" else None
    if libc:
        libc.prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    try:
        yield _Orphans()
    finally:
        if libc:
            libc.prctl(PR_SET_CHILD_SUBREAPER, 0, 0, 0, 0)
