"""A walk that several processes share: most of what it takes is the disk's answers, and a network's
way there and back.

What a folder is they find out; what is to be made of it, and of folders that are out of the
ordinary, stays with the walk itself.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, wait
from concurrent.futures.process import BrokenProcessPool, ProcessPoolExecutor
from contextlib import contextmanager

from library import worker_processes
from library.folders import Looked, look_at_all
from library.scanning.walk import LookAt, one_by_one

WORTH_SHARING_FILES = 30_000
"""To start processes takes as long as to walk some ten thousand files."""
FOLDERS_PER_PORTION = 64
PORTIONS_PER_WORKER = 3
WAIT_SECONDS = 0.2

Portions = dict[Future[list[Looked | None]], list[str]]


@contextmanager
def looking(files: int, workers: int, on_wait: Callable[[], None]) -> Iterator[LookAt]:
    """For a walk that is going to find about so many files: how it looks at its folders.

    `on_wait` is called a few times a second while others look, and may raise.
    """
    if not workers or files < WORTH_SHARING_FILES:
        yield one_by_one
        return
    executor = worker_processes.start(workers)
    try:
        yield _Shared(executor, workers, on_wait)
    finally:
        worker_processes.stop(executor)


class _Shared:
    def __init__(
        self, executor: ProcessPoolExecutor, workers: int, on_wait: Callable[[], None]
    ) -> None:
        self.executor = executor
        self.workers = workers
        self.on_wait = on_wait

    def __call__(self, root: str, waiting: list[str]) -> Iterator[tuple[str, Looked | None]]:
        under_way: Portions = {}
        while waiting or under_way:
            try:
                self._submit(root, waiting, under_way)
            except BrokenProcessPool:
                yield from one_by_one(root, waiting)
            done, _ = wait(under_way, WAIT_SECONDS, FIRST_COMPLETED)
            self.on_wait()
            for future in done:
                portion = under_way.pop(future)
                # Whatever ended a process, this one finds out what it makes of the folder itself.
                looked = [None] * len(portion) if future.exception() else future.result()
                yield from zip(portion, looked, strict=True)

    def _submit(self, root: str, waiting: list[str], under_way: Portions) -> None:
        """As much as is waiting, in portions that leave something for each."""
        while waiting and len(under_way) < self.workers * PORTIONS_PER_WORKER:
            size = min(FOLDERS_PER_PORTION, -(-len(waiting) // self.workers))
            portion = waiting[-size:]
            under_way[self.executor.submit(look_at_all, root, portion)] = portion
            del waiting[-size:]
