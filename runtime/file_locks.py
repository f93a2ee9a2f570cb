"""Locks on open files and folders, which go with the process that holds them."""

import errno
import fcntl

_WITHOUT_LOCKS = {errno.EOPNOTSUPP, errno.ENOLCK, errno.ENOSYS, errno.EBADF}


class LocksUnknown(Exception):
    """The file system knows no locks, as some network shares; NFS has none for folders."""


def take_lock(descriptor: int) -> bool:
    """False where another process holds the lock on this file or folder. Raises LocksUnknown."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError as error:
        if error.errno in _WITHOUT_LOCKS:
            raise LocksUnknown from None
        raise
    return True
