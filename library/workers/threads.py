"""Reading with threads, for disks that take their time.

On a network mount each file or folder costs a few round trips, during which the processor has
nothing to do: there several are read at once. A local disk is read without threads, which would
only compete for the interpreter.

The threads are daemons: Python waits at its exit for those of a ThreadPoolExecutor, and so would
not end while a disk does not answer.
"""

import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, wait
from itertools import islice
from typing import TypeVar

THREADS = 8
TRIED = 3
SLOW_SECONDS = 0.001
"""A file in the page cache takes a seventh of that, one on a solid state disk about a half."""
WAIT_SECONDS = 0.2

Item = TypeVar("Item")
Result = TypeVar("Result")


def read_all(items: Sequence[Item], read: Callable[[Item], Result]) -> list[Result]:
    """`read` of each item, in the order of `items`.

    Threads are used if each of the first few items has to wait; a single one may only have waited
    for its turn on the processor.
    """
    rest = iter(items)
    results: list[Result] = []
    waits: list[float] = []
    for item in islice(rest, TRIED):
        began, worked = time.perf_counter(), time.thread_time()
        results.append(read(item))
        waits.append(time.perf_counter() - began - (time.thread_time() - worked))
    if min(waits, default=0) < SLOW_SECONDS:
        results.extend(map(read, rest))
    else:
        results.extend(_read_at_once(list(rest), read))
    return results


def call_in_thread(call: Callable[[], Result], on_wait: Callable[[], None]) -> Result:
    """What `call` returns or raises. `on_wait` is called a few times a second meanwhile.

    If `on_wait` raises, the exception goes on and the thread is left behind.
    """
    future = _start(call)
    while not wait([future], WAIT_SECONDS).done:
        on_wait()
    return future.result()


def _read_at_once(items: list[Item], read: Callable[[Item], Result]) -> list[Result]:
    """Each thread takes the next item when it is done with one."""
    results: dict[int, Result] = {}
    numbers = iter(range(len(items)))

    def read_next_ones() -> None:
        for number in numbers:
            results[number] = read(items[number])

    futures = [_start(read_next_ones) for _ in range(THREADS)]
    for future in futures:
        future.result()
    return [results[number] for number in range(len(items))]


def _start(call: Callable[[], Result]) -> "Future[Result]":
    future: Future[Result] = Future()
    threading.Thread(target=_run, args=(future, call), daemon=True).start()
    return future


def _run(future: "Future[Result]", call: Callable[[], Result]) -> None:
    try:
        future.set_result(call())
    except BaseException as error:  # noqa: BLE001
        # Whatever it is, it belongs to the thread that waits for the result.
        future.set_exception(error)
