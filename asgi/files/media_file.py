"""An open file that goes over HTTP, with what the headers say of it."""

import errno
import os
import stat
from dataclasses import dataclass, field
from hashlib import blake2b
from io import FileIO
from threading import Lock

from asgi.files.disks import Disk, own_disk
from asgi.responses import Headers


class BodyCutShort(Exception):
    """A response that has begun cannot be completed: its file was truncated or cannot be read.

    The server has to close the connection, or the client would wait for the rest, or take what it
    has for the whole.
    """


@dataclass(frozen=True)
class MediaFile:
    """A regular file, open for reading. `etag` is a strong entity tag, with its quotes."""

    file: FileIO
    size_bytes: int
    mtime_ns: int
    media_type: str
    etag: str
    headers: Headers = field(default=())
    """More headers, such as Cache-Control."""
    disk: Disk = own_disk
    """Whose threads read it."""
    _lock: Lock = field(default_factory=Lock, init=False, repr=False, compare=False)

    def read(self, offset: int, count: int) -> bytes:
        """`count` bytes at `offset`. Raises BodyCutShort where there are fewer, or the disk fails.
        Blocks."""
        data = b""
        while len(data) < count:
            more = self._read_some(offset + len(data), count - len(data))
            if not more:
                end = offset + len(data)
                raise BodyCutShort(f"{self.file.name!r} ends at {end}, not at {self.size_bytes}.")
            data = data + more if data else more
        return data

    def _read_some(self, offset: int, count: int) -> bytes:
        with self._lock:
            try:
                return os.pread(self.file.fileno(), count, offset)
            except OSError as error:
                raise BodyCutShort(f"{self.file.name!r}: {error.strerror}.") from error

    def close(self) -> None:
        """Once a read in another thread is over: its descriptor could be that of another file by
        then. May block as long as that does."""
        with self._lock:
            self.file.close()


def media_file(
    file: FileIO, media_type: str, headers: Headers = (), *, etag: str = "", disk: Disk = own_disk
) -> MediaFile:
    """`file` with its size and times; its etag is made of these and the inode unless one is given.
    Blocks."""
    facts = os.fstat(file.fileno())
    return MediaFile(
        file, facts.st_size, facts.st_mtime_ns, media_type, etag or _etag(facts), headers, disk
    )


def open_regular_file(path: str) -> FileIO:
    """Raises OSError, also for what is no regular file, which is not opened: that could block, or
    move a tape."""
    _refuse_unless_regular(os.stat(path), path)
    file = FileIO(path, "rb", opener=_opener)
    try:
        _refuse_unless_regular(os.fstat(file.fileno()), path)
    except OSError:
        file.close()
        raise
    return file


def _etag(facts: os.stat_result) -> str:
    """Another one whenever the bytes are: the time of the last change (`ctime`) gives away an edit
    that sets the modification time back, the inode a file put in the place of another."""
    parts = (facts.st_mtime_ns, facts.st_ctime_ns, facts.st_size, facts.st_ino)
    return f'"{blake2b(repr(parts).encode(), digest_size=12).hexdigest()}"'


def _refuse_unless_regular(facts: os.stat_result, path: str) -> None:
    if not stat.S_ISREG(facts.st_mode):
        raise FileNotFoundError(errno.ENOENT, "There is no regular file of this name", path)


def _opener(path: str, _flags: int) -> int:
    return os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NOCTTY | os.O_NONBLOCK)
