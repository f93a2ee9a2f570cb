"""A portion of files, several at a time where the disk lets its readers wait.

On a network mount each file costs a few round trips, whatever is read of it, and all of that time
the processor has nothing to do. On a disk at hand threads would only get in each other's way.
"""

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from typing import TypeVar

THREADS = 8
TRIED = 3
SLOW_SECONDS = 0.001
"""A file from memory takes a seventh of that, from a solid state disk about a half."""

Result = TypeVar("Result")


def read_all(paths: Sequence[str], read: Callable[[str], Result]) -> list[Result]:
    """What `read` gives for each path. Each of the first few has to wait before threads are used:
    one alone may only have waited for its turn on the processor."""
    rest = iter(paths)
    results: list[Result] = []
    waits: list[float] = []
    for path in islice(rest, TRIED):
        began, worked = time.perf_counter(), time.thread_time()
        results.append(read(path))
        waits.append(time.perf_counter() - began - (time.thread_time() - worked))
    if min(waits, default=0) < SLOW_SECONDS:
        results.extend(map(read, rest))
    else:
        with ThreadPoolExecutor(THREADS) as pool:
            results.extend(pool.map(read, rest))
    return results
