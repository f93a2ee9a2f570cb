"""What the readers of FLAC and Ogg read from: any part of a file, by its offset.

Both readers of files use them: the quick one with its `OpenFile`, the full one with a `StreamPart`.
"""

from typing import Protocol

from library.tags.bounded_file import BoundedFile


class Source(Protocol):
    """A file of `size` bytes, which begins with the stream."""

    size: int

    def read_at_most(self, start: int, count: int) -> bytes:
        """`count` bytes from `start` on, fewer if the file ends before."""
        ...


class StreamPart:
    """The part of a file that begins with its stream, after any tags and junk."""

    def __init__(self, file: BoundedFile, start: int) -> None:
        self._file, self._start = file, start
        self.size = max(0, file.size_bytes - start)

    def read_at_most(self, start: int, count: int) -> bytes:
        if count <= 0 or start >= self.size:
            return b""
        self._file.seek(self._start + start)
        return self._file.read(count)
