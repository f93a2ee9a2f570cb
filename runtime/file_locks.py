"""Locks on open files and folders (`flock`), which the system releases when their process ends."""

import errno
import fcntl

_WITHOUT_LOCKS = {errno.EOPNOTSUPP, errno.ENOLCK, errno.ENOSYS, errno.EBADF}


class LocksUnknown(Exception):
    """The file system has no locks: some network shares have none, NFS has none for folders."""


def take_lock(descriptor: int) -> bool:
    """Take the lock; False if another process holds it. Raises LocksUnknown."""
    try:
        _lock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def wait_for_lock(descriptor: int) -> None:
    """Take the lock; blocks until no other process holds it. Raises LocksUnknown."""
    _lock(descriptor, fcntl.LOCK_EX)


def _lock(descriptor: int, operation: int) -> None:
    try:
        fcntl.flock(descriptor, operation)
    except OSError as error:
        if error.errno in _WITHOUT_LOCKS:
            raise LocksUnknown from None
        raise
