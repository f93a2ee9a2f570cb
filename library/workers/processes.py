"""Processes that look at files for a scan: they leave the processor to it, bear with what files do
to them, and end with it.

They are forked from `fork_server`, so they know neither Django nor the database.
"""

import gc
import multiprocessing
import os
import resource
import signal
import threading
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from typing import Any

from library.workers import fork_server
from runtime.niceness import raise_to, raised

NICENESS = 10
"""Whoever holds the database's lock must get on, and that is the scan itself."""
MEMORY_BYTES = 200 * 1024 * 1024


@cache
def why_none() -> str:
    """Why this machine has no such processes, for the log; empty where it has.

    They speak through queues that need semaphores in shared memory, which are not to be had in a
    container without /dev/shm, or where that cannot be written.
    """
    try:
        fork_server.context().Lock()
    except (OSError, ImportError, NotImplementedError) as error:
        return str(error)
    return ""


def start(workers: int) -> ProcessPoolExecutor:
    """`workers` of them, to be ended with `stop`. Fails where `why_none` says so."""
    fork_server.start()
    return ProcessPoolExecutor(
        workers, fork_server.context(), initializer=begin, initargs=(niceness(),)
    )


def niceness() -> int:
    """Theirs: NICENESS more than that of the process that scans, which has to work it out, since
    the fork server they come from may have been started at another priority."""
    return raised(NICENESS)


def stop(executor: ProcessPoolExecutor) -> None:
    """End the processes at once: whatever they were doing is not wanted any more."""
    processes = list((executor._processes or {}).values())  # noqa: SLF001
    results: Any = executor._result_queue  # noqa: SLF001
    executor.shutdown(wait=False, cancel_futures=True)
    for process in processes:
        process.kill()
    for process in processes:
        process.join()
    # One that was killed in the midst of an answer has left a part of it. The executor's thread
    # would wait for the rest for ever, and the end of this process for that thread, as long as
    # somebody could still write it: this process itself.
    if results is not None:
        results._writer.close()  # noqa: SLF001


def begin(niceness: int) -> None:
    """What each of them does first."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the scan's to answer
    raise_to(niceness)
    gc.freeze()  # what was loaded at the start is never garbage: not to be searched again
    gc.set_threshold(50_000)
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY_BYTES, MEMORY_BYTES))
    threading.Thread(target=_die_with_parent, daemon=True).start()


def _die_with_parent() -> None:
    """A killed scan leaves none behind: they would wait for work for ever."""
    if (parent := multiprocessing.parent_process()) is not None:
        parent.join()
        os._exit(1)
