"""Whether a process of this machine, known by its number, still is the one that was meant."""

import os
import time

CLOCK_TOLERANCE_SECONDS = 1.0


def is_gone(process_id: int, seen_at: float) -> bool:
    """Whether the process that lived at `seen_at` (seconds since the epoch) lives no more.

    Numbers are given out again, in a container that starts anew mostly the same ones: a process
    that began after `seen_at` is another.
    """
    try:
        os.kill(process_id, 0)
    except ProcessLookupError:
        return True
    except PermissionError:  # it lives, under another user
        pass
    began_at = _began_at(process_id)
    return began_at is not None and began_at > seen_at + CLOCK_TOLERANCE_SECONDS


def _began_at(process_id: int) -> float | None:
    """Seconds since the epoch, by `proc_pid_stat(5)`, field 22; None where there is no such file.

    Fields are counted from behind the name, which may hold spaces and brackets.
    """
    try:
        with open(f"/proc/{process_id}/stat", "rb") as file:
            ticks = int(file.read().rpartition(b")")[2].split()[22 - 3])
    except OSError:
        return None
    age = time.clock_gettime(time.CLOCK_BOOTTIME) - ticks / os.sysconf("SC_CLK_TCK")
    return time.time() - age
