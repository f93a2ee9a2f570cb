"""Linux's inotify: the kernel reports what happens in watched folders, event by event.

Python has no module for it. A library would hide what matters here: that the kernel's queue has
overflowed, that a folder could not be watched, and names that are no UTF-8.
"""

import ctypes
import os
import struct
from collections.abc import Iterator
from contextlib import suppress
from typing import NamedTuple

# From <sys/inotify.h>. Plain numbers: `enum.IntFlag` takes ten times as long for each event.
ATTRIB = 0x4
CLOSE_WRITE = 0x8
MOVED_FROM = 0x40
MOVED_TO = 0x80
CREATE = 0x100
DELETE = 0x200
DELETE_SELF = 0x400
MOVE_SELF = 0x800
UNMOUNT = 0x2000
QUEUE_OVERFLOW = 0x4000
IGNORED = 0x8000
ONLY_FOLDERS = 0x01000000
EXCLUDE_UNLINKED = 0x04000000
IS_FOLDER = 0x40000000

_HEADER = struct.Struct("iIII")
_READ_BYTES = 64 * 1024


class Event(NamedTuple):
    """`watch` is the number of the watched folder, -1 if the queue has overflowed. `name` is that
    of the file or folder in it, empty if the event concerns the watched folder itself. `cookie`
    connects the two ends of a move."""

    watch: int
    mask: int
    cookie: int
    name: str


class Inotify:
    """One queue of events. Raises OSError if the system allows no more of them."""

    def __init__(self) -> None:
        self._libc = ctypes.CDLL(None, use_errno=True)
        self._fd = _checked(self._libc.inotify_init1(os.O_NONBLOCK | os.O_CLOEXEC))

    def fileno(self) -> int:
        return self._fd

    def watch(self, folder: str, mask: int) -> int:
        """Returns the number of the watch. The same folder by another path has the same number.
        Raises OSError; ENOSPC means that the user has as many watches as the system allows."""
        return _checked(self._libc.inotify_add_watch(self._fd, os.fsencode(folder), mask))

    def unwatch(self, watch: int) -> None:
        """Nothing happens if the kernel has removed the watch already."""
        self._libc.inotify_rm_watch(self._fd, watch)

    def read(self) -> Iterator[Event]:
        """All events in the queue; does not wait."""
        with suppress(BlockingIOError):
            while data := os.read(self._fd, _READ_BYTES):
                yield from _events_in(data)

    def close(self) -> None:
        os.close(self._fd)


def _events_in(data: bytes) -> Iterator[Event]:
    start = 0
    while start < len(data):
        watch, mask, cookie, length = _HEADER.unpack_from(data, start)
        start += _HEADER.size
        name = data[start : start + length].rstrip(b"\0")  # the kernel pads with zeros
        start += length
        yield Event(watch, mask, cookie, os.fsdecode(name))


def _checked(result: int) -> int:
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    return result
