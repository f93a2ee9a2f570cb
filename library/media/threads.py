"""The threads in which files are opened and read, apart from those that Django's views use.

A disk that hangs then holds up streams and covers, and nothing else. A thread is busy only while it
reads: a client that does not take its data holds none.
"""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import ParamSpec, TypeVar

THREADS = 8

P = ParamSpec("P")
T = TypeVar("T")

executor = ThreadPoolExecutor(THREADS, thread_name_prefix="media")


def submit(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> Future[T]:
    """Call `function` in one of the threads; for `asyncio.wrap_future`."""
    return executor.submit(function, *args, **kwargs)
