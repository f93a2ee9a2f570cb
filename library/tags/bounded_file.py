"""A file that a parser can't run away with, and that remembers when its disk failed."""

import io
import os
import stat
from typing import Any

READS_GRANTED = 100_000
BYTES_PER_READ = 4
"""A parser that reads less than this at a time, all the way through a file, is caught in a loop."""


class RunawayParserError(Exception):
    """A parser read on and on: no file needs that."""


class _Disk(io.FileIO):
    """Keeps the first error of the disk: mutagen turns errors into its own, or passes them over."""

    failure: OSError | None = None

    def readinto(self, buffer: Any) -> int | None:
        try:
            return super().readinto(buffer)
        except OSError as error:
            self.failure = error
            raise


class BoundedFile(io.BufferedReader):
    """An audio file, by its path, or by a descriptor that is closed with this.

    `read` never asks for more than the file has (a size that lies would otherwise be allocated
    first), and ends a parser that goes round in circles.
    """

    def __init__(self, path: str | int) -> None:
        # Opening a named pipe without O_NONBLOCK waits for somebody to write into it.
        self._disk = _Disk(path, opener=lambda name, flags: os.open(name, flags | _NONBLOCK))
        super().__init__(self._disk)
        facts = os.fstat(self.fileno())
        self.is_regular = stat.S_ISREG(facts.st_mode)
        self.size_bytes = facts.st_size
        self._reads_left = READS_GRANTED + self.size_bytes // BYTES_PER_READ

    @property
    def failure(self) -> OSError | None:
        return self._disk.failure

    def read(self, size: int | None = -1, /) -> bytes:
        self._reads_left -= 1
        if self._reads_left < 0:
            raise RunawayParserError("its parts lead round in circles")
        if size is not None and size > io.DEFAULT_BUFFER_SIZE:
            size = max(0, min(size, self.size_bytes - self.tell()))
        return super().read(size)


_NONBLOCK = getattr(os, "O_NONBLOCK", 0)
