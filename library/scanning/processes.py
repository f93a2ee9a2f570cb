"""Tells whether a process of this machine is gone, even if another process got the same id."""

import os
import time

CLOCK_TOLERANCE_SECONDS = 1.0


def is_gone(process_id: int, seen_at: float) -> bool:
    """Whether the process that was running at `seen_at` (seconds since the epoch) has ended.

    Process ids are reused; a restarted container usually gives its processes the same ids again. So
    a process that started after `seen_at` is a different one.
    """
    try:
        os.kill(process_id, 0)
    except ProcessLookupError:
        return True
    except PermissionError:  # the process exists, but belongs to another user
        pass
    began_at = _began_at(process_id)
    return began_at is not None and began_at > seen_at + CLOCK_TOLERANCE_SECONDS


def _began_at(process_id: int) -> float | None:
    """When the process started, in seconds since the epoch; None if there is no /proc.

    From field 22 of /proc/PID/stat, see `proc_pid_stat(5)`. Fields are counted from the end of the
    process name, because the name may contain spaces and brackets.
    """
    try:
        with open(f"/proc/{process_id}/stat", "rb") as file:
            ticks = int(file.read().rpartition(b")")[2].split()[22 - 3])
    except OSError:
        return None
    age = time.clock_gettime(time.CLOCK_BOOTTIME) - ticks / os.sysconf("SC_CLK_TCK")
    return time.time() - age
