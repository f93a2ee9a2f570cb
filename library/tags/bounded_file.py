"""A file object that stops parsers caught in an endless loop, and that remembers disk errors."""

import io
import os
import stat
from typing import Any

READS_GRANTED = 100_000
BYTES_PER_READ = 4
"""A parser may make READS_GRANTED reads, and one more for each BYTES_PER_READ bytes of the file. A
parser that needs more must be caught in a loop."""


class RunawayParserError(Exception):
    """A parser made more reads than any file needs."""


class _Disk(io.FileIO):
    """Keeps the last error of the disk: mutagen turns such errors into its own, or ignores them."""

    failure: OSError | None = None

    def readinto(self, buffer: Any) -> int | None:
        try:
            return super().readinto(buffer)
        except OSError as error:
            self.failure = error
            raise


class BoundedFile(io.BufferedReader):
    """An audio file, opened by its path or by a descriptor, which is then closed with this object.

    `read` never asks for more than the file holds: a file may state a wrong size, and that much
    memory would be allocated. Too many calls of `read` raise RunawayParserError.
    """

    def __init__(self, path: str | int) -> None:
        # Without O_NONBLOCK, opening a named pipe would block until another process writes to it.
        self._disk = _Disk(path, opener=lambda name, flags: os.open(name, flags | _NONBLOCK))
        super().__init__(self._disk)
        found = os.fstat(self.fileno())
        self.is_regular = stat.S_ISREG(found.st_mode)
        self.size_bytes = found.st_size
        self._reads_left = READS_GRANTED + self.size_bytes // BYTES_PER_READ

    @property
    def failure(self) -> OSError | None:
        """The last error of the disk, if there was any."""
        return self._disk.failure

    def read(self, size: int | None = -1, /) -> bytes:
        self._reads_left -= 1
        if self._reads_left < 0:
            raise RunawayParserError("its parts lead round in circles")
        if size is not None and size > io.DEFAULT_BUFFER_SIZE:
            size = max(0, min(size, self.size_bytes - self.tell()))
        return super().read(size)

    def read_between(self, start: int, end: int) -> bytes:
        """The bytes from `start` up to `end`; fewer if the file ends before."""
        if not 0 <= start < min(end, self.size_bytes):
            return b""
        self.seek(start)
        return self.read(min(end, self.size_bytes) - start)


_NONBLOCK = getattr(os, "O_NONBLOCK", 0)
