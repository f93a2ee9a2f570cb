"""Processes that read files. Their priority is lower than that of the process that starts them,
their memory is limited, and they end with it.

They are forked from multiprocessing's fork server, a process of its own that never saw a thread,
Django or the database.
"""

import gc
import multiprocessing
import os
import resource
import signal
import threading
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from multiprocessing import forkserver
from multiprocessing.context import ForkServerContext
from typing import Any

from runtime.niceness import raise_to, raised

NICENESS = 10
"""The scan itself may hold the database's lock, so it must not wait for its readers."""
MEMORY_BYTES = 200 * 1024 * 1024
_LOADED_ONCE = ["library.tags.file"]
"""What the fork server loads, so that no reader has to."""


@cache
def why_none() -> str:
    """Why this machine cannot have such processes, for the log; empty if it can.

    They communicate through queues that need semaphores in shared memory, which a container
    without a writable /dev/shm does not offer.
    """
    try:
        _context().Lock()
    except (OSError, ImportError, NotImplementedError) as error:
        return str(error)
    return ""


def start(workers: int) -> ProcessPoolExecutor:
    """`workers` processes, to be ended with `stop`. Fails if `why_none` gives a reason."""
    _start_fork_server()
    return ProcessPoolExecutor(workers, _context(), initializer=begin, initargs=(niceness(),))


def niceness() -> int:
    """NICENESS more than this process's own. It is worked out here, because the fork server may
    have been started at another priority."""
    return raised(NICENESS)


def stop(executor: ProcessPoolExecutor) -> None:
    """Kill the processes; their results are not wanted any more."""
    processes = list((executor._processes or {}).values())  # noqa: SLF001
    results: Any = executor._result_queue  # noqa: SLF001
    executor.shutdown(wait=False, cancel_futures=True)
    for process in processes:
        process.kill()
    for process in processes:
        process.join()
    # A process that was killed while it sent a result has sent a part of it. The executor's thread
    # would wait for the rest for as long as a writing end of the pipe is open, and this process,
    # which holds the last one, would wait for that thread at its exit.
    if results is not None:
        results._writer.close()  # noqa: SLF001


def begin(niceness: int) -> None:
    """Sets up a reader process; the first thing it does."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the scan handles Ctrl-C
    raise_to(niceness)
    gc.freeze()  # what was loaded so far is never garbage
    gc.set_threshold(50_000)
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY_BYTES, MEMORY_BYTES))
    threading.Thread(target=_die_with_parent, daemon=True).start()


def _die_with_parent() -> None:
    """Ends this process when the one that started it was killed; else it would wait for ever."""
    if (parent := multiprocessing.parent_process()) is not None:
        parent.join()
        os._exit(1)


def _start_fork_server() -> None:
    """Start it, unless it runs; it ends with this process.

    SIGHUP of a terminal that closes is blocked for it and its children: a scan would take the death
    of its readers for a fault of the files they read.
    """
    _context().set_forkserver_preload(_LOADED_ONCE)
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGHUP})  # children inherit the mask
    try:
        forkserver.ensure_running()
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)


def _context() -> ForkServerContext:
    return multiprocessing.get_context("forkserver")
