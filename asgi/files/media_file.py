"""An open file that is sent over HTTP, with the values of its response headers."""

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
    """A response that has started cannot be completed: its file was truncated or cannot be read.

    The server must close the connection. Otherwise the client would wait for the rest, or take the
    part for the whole file.
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
    """The disk whose threads read the file."""
    begins_at: int = 0
    """Where in the file the first of `size_bytes` is."""
    _lock: Lock = field(default_factory=Lock, init=False, repr=False, compare=False)

    def read(self, offset: int, count: int) -> bytes:
        """Read `count` bytes at `offset`. Blocks.

        Raises BodyCutShort if the file is shorter or the disk fails.
        """
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
                return os.pread(self.file.fileno(), count, self.begins_at + offset)
            except OSError as error:
                raise BodyCutShort(f"{self.file.name!r}: {error.strerror}.") from error

    def close(self) -> None:
        """Close the file after any read in another thread has ended; may block that long.

        Closing earlier could make the read hit another file that got the same descriptor number.
        """
        with self._lock:
            self.file.close()


def media_file(
    file: FileIO, media_type: str, headers: Headers = (), *, etag: str = "", disk: Disk = own_disk
) -> MediaFile:
    """Describe the open `file`. Blocks.

    The default entity tag is a digest of its size, times and inode.
    """
    status = os.fstat(file.fileno())
    return MediaFile(
        file, status.st_size, status.st_mtime_ns, media_type, etag or _etag(status), headers, disk
    )


def open_regular_file(path: str) -> FileIO:
    """Open `path` for reading, if it is a regular file. Raises OSError.

    Anything else is not even opened: opening a pipe could block, opening a tape could move it.
    """
    _refuse_unless_regular(os.stat(path), path)
    file = FileIO(path, "rb", opener=_opener)
    try:
        _refuse_unless_regular(os.fstat(file.fileno()), path)
    except OSError:
        file.close()
        raise
    return file


def _etag(status: os.stat_result) -> str:
    """A strong entity tag: different whenever the bytes are.

    `ctime` reveals an edit that set the modification time back; the inode reveals that another file
    was put in this place.
    """
    parts = (status.st_mtime_ns, status.st_ctime_ns, status.st_size, status.st_ino)
    return f'"{blake2b(repr(parts).encode(), digest_size=12).hexdigest()}"'


def _refuse_unless_regular(status: os.stat_result, path: str) -> None:
    if not stat.S_ISREG(status.st_mode):
        raise FileNotFoundError(errno.ENOENT, "There is no regular file of this name", path)


def _opener(path: str, _flags: int) -> int:
    return os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NOCTTY | os.O_NONBLOCK)
