"""How willingly a process or thread leaves the processor to others.

Niceness runs from -20 to 19. Only a privileged process may lower its own, so a fixed number is
refused wherever mus itself was started with a higher one: everything here adds to what is there.
"""

import os
from contextlib import suppress

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
