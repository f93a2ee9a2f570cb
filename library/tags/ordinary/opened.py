"""An open file of which only the bytes that are needed are read, in few system calls."""

import os
import stat
from types import TracebackType
from typing import Self

HEAD_BYTES = 8 * 1024
"""Read with the first call: all of the tags, where no picture is among them."""
WINDOW_BYTES = 16 * 1024
"""Read at once where less is asked for, so that many small steps are a few reads."""
_NONBLOCK = getattr(os, "O_NONBLOCK", 0)


class Extraordinary(Exception):
    """The file is not as most are; the readers of `formats` know what to do."""


class Opened:
    """A regular file and its first bytes; a context manager.

    Raises OSError where the file cannot be opened, Extraordinary where it is a folder, a pipe or
    a device.
    """

    __slots__ = ("_descriptor", "_window", "_window_at", "bytes_read", "facts", "head", "size")

    def __init__(self, path: str) -> None:
        # Opening a named pipe without O_NONBLOCK waits for somebody to write into it.
        self._descriptor = os.open(path, os.O_RDONLY | _NONBLOCK)
        try:
            self.facts = self._facts()
            self.size = self.facts.st_size
            self.head = os.read(self._descriptor, HEAD_BYTES)
        except BaseException:
            self.close()
            raise
        self.bytes_read = len(self.head)
        self._window, self._window_at = b"", 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        os.close(self._descriptor)

    def is_as_it_was(self) -> bool:
        """Whether nobody wrote into it since it was opened, as far as its time and size tell."""
        now = os.fstat(self._descriptor)
        return (now.st_mtime_ns, now.st_size) == (self.facts.st_mtime_ns, self.size)

    def _facts(self) -> os.stat_result:
        facts = os.fstat(self._descriptor)
        if not stat.S_ISREG(facts.st_mode):
            raise Extraordinary
        return facts

    def read(self, start: int, end: int) -> bytes:
        """The bytes from `start` up to `end`. Raises Extraordinary where the file has fewer."""
        if end <= len(self.head):
            return self.head[start:end]
        at = start - self._window_at
        if at < 0 or end - self._window_at > len(self._window):
            if end - start >= WINDOW_BYTES:
                return self._read(start, end)
            self._window = self._read(start, max(end, min(start + WINDOW_BYTES, self.size)))
            self._window_at, at = start, 0
        return self._window[at : at + end - start]

    def read_at_most(self, start: int, count: int) -> bytes:
        """`count` bytes from `start` on, fewer where the file ends before."""
        return self.read(start, min(start + count, self.size))

    def _read(self, start: int, end: int) -> bytes:
        if not start <= end <= self.size:
            raise Extraordinary
        data = os.pread(self._descriptor, end - start, start)
        if len(data) < end - start:
            raise Extraordinary
        self.bytes_read += len(data)
        return data
