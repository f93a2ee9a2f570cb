"""How willingly a process or thread leaves the processor to others.

Niceness runs from -20 to 19. Only a privileged process may lower its own, so a fixed number is
refused wherever mus itself was started with a higher one: everything here adds to what is there.
"""

import os
from contextlib import suppress
from pathlib import Path

HIGHEST = 19


def raised(by: int, process_id: int = 0) -> int:
    """The niceness of a process, 0 for the caller's, plus `by`, as far as niceness goes."""
    return min(os.getpriority(os.PRIO_PROCESS, process_id) + by, HIGHEST)


def raise_by(by: int, process_id: int = 0) -> None:
    """Raise the niceness of a process; on Linux `process_id` may be a thread's."""
    with suppress(OSError):  # the process has ended, or a sandbox forbids it: no reason to fail
        os.setpriority(os.PRIO_PROCESS, process_id, raised(by, process_id))


def raise_to(niceness: int) -> None:
    """Raise that of the caller; one that is higher already stays."""
    with suppress(OSError):
        os.setpriority(os.PRIO_PROCESS, 0, max(raised(0), niceness))


def raise_session_by(by: int, process_id: int) -> None:
    """Give the new session of a process a niceness `by` above that of the caller's session.

    Where Linux shares the processors between sessions first (`sched(7)`, autogroup), the niceness
    of a process counts only within its own session.
    """
    with suppress(OSError, ValueError):  # no such file, or not ours to write
        niceness = min(session_niceness("self") + by, HIGHEST)
        Path(f"/proc/{process_id}/autogroup").write_text(str(niceness))


def session_niceness(process_id: int | str) -> int:
    """The niceness of the session of a process, as `/proc/.../autogroup` tells it."""
    return read_autogroup(Path(f"/proc/{process_id}/autogroup").read_text())


def read_autogroup(text: str) -> int:
    """The niceness in `/autogroup-25 nice 0`.

    The file is empty where neither the process nor one above it ever began a session, as in some
    containers: such processes have the niceness 0.
    """
    words = text.split()
    return int(words[-1]) if words else 0
