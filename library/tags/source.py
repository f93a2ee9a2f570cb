"""What the readers of a format read from, whichever of the two readers of files they serve: the
quick one with its `OpenFile`, the full one with a `FileSource`."""

from typing import Protocol

from library.tags.bounded_file import BoundedFile


class Source(Protocol):
    """A file, or its part with a stream, of `size` bytes."""

    size: int

    def read_at_most(self, start: int, count: int, /) -> bytes:
        """`count` bytes from `start` on, fewer if the file ends before."""
        ...

    def read_only(self, start: int, end: int, /) -> bytes:
        """The bytes from `start` up to `end`; no others near them will be needed."""
        ...


class FileSource:
    """A `BoundedFile` as a source: from byte `first` on, which is byte 0 of the source."""

    def __init__(self, file: BoundedFile, first: int = 0) -> None:
        self._file, self._first = file, first
        self.size = max(0, file.size_bytes - first)

    def read_at_most(self, start: int, count: int, /) -> bytes:
        if count <= 0 or not 0 <= start < self.size:
            return b""
        self._file.seek(self._first + start)
        return self._file.read(count)

    def read_only(self, start: int, end: int, /) -> bytes:
        return self.read_at_most(start, end - start)
