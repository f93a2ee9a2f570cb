"""An open file of which only the bytes that are asked for are read, in few system calls."""

import os
import stat
from types import TracebackType
from typing import Self

HEAD_BYTES = 8 * 1024
"""Read by the first call. Usually all of the tags, unless a picture is among them."""
WINDOW_BYTES = 16 * 1024
"""The least that later calls read, so that many small steps take few system calls."""
_NONBLOCK = getattr(os, "O_NONBLOCK", 0)


class NeedsFullReader(Exception):
    """The file has an unusual structure; the readers of `formats` have to read it."""


class OpenFile:
    """A regular file and its first bytes; a context manager.

    Raises OSError if the file cannot be opened, NeedsFullReader if it is a folder, a pipe or a
    device.
    """

    __slots__ = ("_descriptor", "_window", "_window_at", "bytes_read", "head", "size")

    def __init__(self, path: str) -> None:
        # Without O_NONBLOCK, opening a named pipe waits until another process writes into it.
        self._descriptor = os.open(path, os.O_RDONLY | _NONBLOCK)
        try:
            self.size = _size_of_regular(self._descriptor)
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

    def read(self, start: int, end: int) -> bytes:
        """The bytes from `start` up to `end`. Raises NeedsFullReader if the file has fewer."""
        if end <= len(self.head):
            return self.head[start:end]
        at = start - self._window_at
        if at < 0 or end - self._window_at > len(self._window):
            if end - start >= WINDOW_BYTES:
                return self._read(start, end)
            self._window = self._read(start, max(end, min(start + WINDOW_BYTES, self.size)))
            self._window_at, at = start, 0
        return self._window[at : at + end - start]

    def read_only(self, start: int, end: int) -> bytes:
        """The same, but nothing more is read from the disk: no other bytes near are needed."""
        at = start - self._window_at
        if end <= len(self.head) or 0 <= at <= end - self._window_at <= len(self._window):
            return self.read(start, end)
        return self._read(start, end)

    def read_at_most(self, start: int, count: int) -> bytes:
        """`count` bytes from `start` on, fewer if the file ends before."""
        return self.read(start, min(start + count, self.size))

    def _read(self, start: int, end: int) -> bytes:
        if not start <= end <= self.size:
            raise NeedsFullReader
        data = os.pread(self._descriptor, end - start, start)
        if len(data) < end - start:
            raise NeedsFullReader
        self.bytes_read += len(data)
        return data


def _size_of_regular(descriptor: int) -> int:
    status = os.fstat(descriptor)
    if not stat.S_ISREG(status.st_mode):
        raise NeedsFullReader
    return status.st_size
