"""Raises the niceness of processes, that is lowers their priority.

Niceness runs from -20 to 19. Only a privileged process may lower it, so setting a fixed number
fails if mus itself was started with a higher one. All functions here add to the present niceness.
"""

import os
from contextlib import suppress
from pathlib import Path

HIGHEST = 19


def raised(by: int, process_id: int = 0) -> int:
    """The niceness of a process (0: the caller) plus `by`, at most HIGHEST."""
    return min(os.getpriority(os.PRIO_PROCESS, process_id) + by, HIGHEST)


def raise_by(by: int, process_id: int = 0) -> None:
    """Raise the niceness of a process; on Linux `process_id` may be a thread's."""
    with suppress(OSError):  # the process has ended, or a sandbox forbids it: no reason to fail
        os.setpriority(os.PRIO_PROCESS, process_id, raised(by, process_id))


def raise_to(niceness: int) -> None:
    """Raise the caller's niceness to `niceness`, unless it is higher already."""
    with suppress(OSError):
        os.setpriority(os.PRIO_PROCESS, 0, max(raised(0), niceness))


def raise_session_by(by: int, process_id: int) -> None:
    """Give the session of a new process a niceness `by` above that of the caller's session.

    With autogroup (`sched(7)`), Linux shares the processors between sessions first, and the
    niceness of a process counts only within its session.
    """
    with suppress(OSError, ValueError):  # no such file, or no right to write it
        niceness = min(session_niceness("self") + by, HIGHEST)
        Path(f"/proc/{process_id}/autogroup").write_text(str(niceness))


def session_niceness(process_id: int | str) -> int:
    """The niceness of a process's session, from `/proc/.../autogroup`. Raises OSError."""
    return read_autogroup(Path(f"/proc/{process_id}/autogroup").read_text())


def read_autogroup(text: str) -> int:
    """Parse the file's text, such as `/autogroup-25 nice 0`.

    The file is empty, which means 0, if neither the process nor an ancestor started a session, as
    in some containers.
    """
    words = text.split()
    return int(words[-1]) if words else 0
