"""The process that reader processes are forked from; it never saw a thread or the database.

To load what readers need takes it a tenth of a second. A command that is going to want readers
starts it first, so that it does so while Django is loaded.
"""

import multiprocessing
from multiprocessing import forkserver
from multiprocessing.context import ForkServerContext

PRELOADED = ["library.tags.file", "library.folders"]


def start() -> None:
    """Start it, unless it runs. It ends with this process."""
    context().set_forkserver_preload(PRELOADED)
    forkserver.ensure_running()


def context() -> ForkServerContext:
    return multiprocessing.get_context("forkserver")
