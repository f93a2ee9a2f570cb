"""The process that reader processes are forked from; it never saw a thread or the database.

To load what readers need takes it a tenth of a second. A command that is going to want readers
starts it first, so that it does so while Django is loaded.
"""

import multiprocessing
import signal
from multiprocessing import forkserver
from multiprocessing.context import ForkServerContext

PRELOADED = ["library.tags.file", "library.files.listings"]


def start() -> None:
    """Start it, unless it runs. It ends with this process, and not with the terminal: a scan whose
    readers had died at SIGHUP would take that for the fault of the files they read."""
    context().set_forkserver_preload(PRELOADED)
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGHUP})  # the new process inherits it
    try:
        forkserver.ensure_running()
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)


def context() -> ForkServerContext:
    return multiprocessing.get_context("forkserver")
