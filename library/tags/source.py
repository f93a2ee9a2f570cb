"""What the readers of a format read from, whichever of the two readers of files they serve."""

from typing import Protocol

from library.tags.bounded_file import BoundedFile


class Source(Protocol):
    """A file of `size` bytes."""

    size: int

    def read_at_most(self, start: int, count: int, /) -> bytes:
        """`count` bytes from `start` on, fewer if the file ends before."""
        ...

    def read_only(self, start: int, end: int, /) -> bytes:
        """The bytes from `start` up to `end`; no others near them will be needed."""
        ...


class FileSource:
    """A `BoundedFile` as a source."""

    def __init__(self, file: BoundedFile) -> None:
        self._file = file
        self.size = file.size_bytes

    def read_at_most(self, start: int, count: int, /) -> bytes:
        if count <= 0 or not 0 <= start < self.size:
            return b""
        self._file.seek(start)
        return self._file.read(count)

    def read_only(self, start: int, end: int, /) -> bytes:
        return self.read_at_most(start, end - start)
