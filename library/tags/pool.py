"""Reader processes: they are given files in portions and return the tags.

If a file crashes its process, exhausts its memory or hangs, the portions under way are read again
file by file. The file that does it again becomes a failure; no other file is lost.
"""

import logging
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from functools import cache, partial
from itertools import chain, islice
from types import TracebackType
from typing import Generic, Protocol, Self, TypeVar

from library.tags.reading import READ_STAGE, ReadFile, time_and_size
from library.workers import processes as worker_processes
from library.workers.threads import read_all

FILES_PER_PORTION = 128
PORTIONS_PER_WORKER = 6
PORTION_TIMEOUT_SECONDS = 300.0
"""On a slow network mount a portion may wait for minutes until others are read."""
WAIT_SECONDS = 0.2

logger = logging.getLogger(__name__)


class AudioFile(Protocol):
    """A file as the caller describes it."""

    @property
    def absolute_path(self) -> str: ...

    @property
    def lyrics_path(self) -> str:
        """The absolute path of the file of lyrics beside it; empty if there is none."""


File = TypeVar("File", bound=AudioFile)
Portions = dict[Future[list[ReadFile]], tuple[float, list[File]]]


def read_inline(
    files: Iterable[File], artist_separators: Sequence[str], on_file: Callable[[], None]
) -> Iterator[tuple[File, ReadFile]]:
    """As `ReaderPool.read`, in this process. `on_file` is called before each file and may raise."""
    for file in files:
        on_file()
        yield file, _read_file((file.absolute_path, file.lyrics_path), artist_separators)


class ReadersUnavailable(OSError):
    """Reader processes cannot run at all; that is the machine's fault, not a file's."""


class ReaderPool(Generic[File]):
    """Reads files in `workers` processes, which end with this context manager.

    If the machine cannot have such processes, the files are read in this one, and the log says so
    once. `on_wait` is called a few times a second while results are awaited, and may raise.
    """

    def __init__(
        self, workers: int, artist_separators: Sequence[str], on_wait: Callable[[], None]
    ) -> None:
        self.workers = workers
        self.artist_separators = tuple(artist_separators)
        self.on_wait = on_wait
        self._executor: ProcessPoolExecutor | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stop()

    def read(self, files: Iterable[File]) -> Iterator[tuple[File, ReadFile]]:
        """Each of `files` with what was read, in the order in which portions are done."""
        source = iter(files)
        first = list(islice(source, 1))  # a rescan without anything to read needs no processes
        if first and not _processes_can_be_had():
            yield from read_inline(chain(first, source), self.artist_separators, self.on_wait)
            return
        yield from self._read_by_processes(chain(first, source))

    def _read_by_processes(self, source: Iterator[File]) -> Iterator[tuple[File, ReadFile]]:
        under_way: Portions[File] = {}
        while True:
            while len(under_way) < self.workers * PORTIONS_PER_WORKER:
                portion = list(islice(source, FILES_PER_PORTION))
                if not portion:
                    break
                under_way[self._submit(portion)] = (time.monotonic(), portion)
            if not under_way:
                return
            done, _ = wait(under_way, WAIT_SECONDS, FIRST_COMPLETED)
            self.on_wait()
            if any(_is_broken(future) for future in done) or _is_overdue(under_way):
                yield from self._read_one_by_one([part for _, part in under_way.values()])
                under_way.clear()
            for future in done & under_way.keys():
                _, portion = under_way.pop(future)
                yield from zip(portion, future.result(), strict=True)

    def _read_one_by_one(self, portions: list[list[File]]) -> Iterator[tuple[File, ReadFile]]:
        logger.warning("A reader process died or hung; its files are read again one by one.")
        self._stop()
        waiting = deque(file for portion in portions for file in portion)
        while waiting:
            file = waiting.popleft()
            future = self._submit([file])
            began = time.monotonic()
            while not future.done() and time.monotonic() - began < PORTION_TIMEOUT_SECONDS:
                wait([future], WAIT_SECONDS)
                self.on_wait()
            if future.done() and not _is_broken(future):
                yield file, future.result()[0]
            else:
                self._stop()
                self._check_that_readers_live()
                yield file, _deadly(file)

    def _check_that_readers_live(self) -> None:
        """Raises ReadersUnavailable if a reader dies without any file: then none is to blame."""
        future = self._submit([])
        wait([future], PORTION_TIMEOUT_SECONDS)
        if not future.done() or _is_broken(future):
            raise ReadersUnavailable("The processes that read tags die as soon as they start.")

    def _submit(self, portion: list[File]) -> Future[list[ReadFile]]:
        if self._executor is None:
            self._executor = worker_processes.start(self.workers)
        paths = [(file.absolute_path, file.lyrics_path) for file in portion]
        try:
            return self._executor.submit(_read_portion, paths, self.artist_separators)
        except BrokenProcessPool:  # it broke between two portions, so no portion is lost
            self._stop()
            return self._submit(portion)

    def _stop(self) -> None:
        if self._executor is not None:
            worker_processes.stop(self._executor)
            self._executor = None


@cache
def _processes_can_be_had() -> bool:
    reason = worker_processes.why_none()
    if reason:
        logger.warning(
            "Files are read in the scan's own process, since no others can be had: %s. A damaged "
            "file that makes a reader crash, hang or run out of memory will end the scan; give "
            "this machine or container a /dev/shm that can be written.",
            reason,
        )
    return not reason


def _read_portion(paths: list[tuple[str, str]], artist_separators: Sequence[str]) -> list[ReadFile]:
    return read_all(paths, partial(_read_file, artist_separators=artist_separators))


def _read_file(paths: tuple[str, str], artist_separators: Sequence[str]) -> ReadFile:
    """`paths`: of the audio file, and of the file of lyrics beside it."""
    # A process that leaves reading to others starts in less time without this import.
    from library.tags.file import read_file  # noqa: PLC0415

    return read_file(*paths, artist_separators)


def _is_broken(future: Future[list[ReadFile]]) -> bool:
    return isinstance(future.exception(), BrokenProcessPool)


def _is_overdue(under_way: Portions[File]) -> bool:
    oldest = min((began for began, _ in under_way.values()), default=time.monotonic())
    return time.monotonic() - oldest > PORTION_TIMEOUT_SECONDS


def _deadly(file: AudioFile) -> ReadFile:
    return time_and_size(file.absolute_path)._replace(
        stage=READ_STAGE, reason="The process that reads tags died or hung on this file."
    )
