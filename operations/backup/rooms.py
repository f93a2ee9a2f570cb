"""Temporary folders for making and restoring backups, on the disk on which the result will be.

A process that is killed leaves its folder behind. The next backup in the same place deletes such
folders. Each process holds a lock on its folder, so folders in use are recognised.
"""

import os
import re
import shutil
import stat
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from operations.backup.errors import BackupError
from runtime.file_locks import LocksUnknown, take_lock

PREFIX = ".mus-"
MAX_AGE_WITHOUT_LOCKS_SECONDS = 24 * 3600
CONTENT = frozenset({"database", "database-journal", "database-wal", "database-shm", "secret_key"})
_NAME = re.compile(re.escape(PREFIX) + r"[a-z0-9_]{8}")  # as `tempfile` names them
_ATTEMPTS = 10


@contextmanager
def room_in(folder: Path) -> Iterator[Path]:
    """A new folder in `folder` for a `with` block; deleted afterwards. Raises BackupError."""
    _sweep(folder)
    name, descriptor = _make(folder)
    try:
        yield name
    finally:
        shutil.rmtree(name, ignore_errors=True)
        os.close(descriptor)


def _make(folder: Path) -> tuple[Path, int]:
    """Create and lock a folder. Tries again if another process deletes it before it is locked."""
    for _ in range(_ATTEMPTS):
        try:
            name = Path(tempfile.mkdtemp(prefix=PREFIX, dir=folder))
        except OSError as error:
            raise BackupError(
                f"The folder {folder} cannot be written to: {error.strerror}."
            ) from None
        with suppress(FileNotFoundError):
            descriptor = os.open(name, os.O_RDONLY | os.O_DIRECTORY)
            with suppress(LocksUnknown):
                if not take_lock(descriptor) or not name.exists():
                    os.close(descriptor)
                    continue
            return name, descriptor
    raise BackupError(f"The folder {folder} cannot be written to: something empties it.")


def _sweep(folder: Path) -> None:
    with suppress(OSError):  # what cannot be read or deleted may stay
        for entry in list(os.scandir(folder)):
            if _NAME.fullmatch(entry.name) and _is_own(entry):
                _remove_if_left(Path(entry.path))


def _is_own(entry: os.DirEntry[str]) -> bool:
    """Whether it is a folder of this user that holds only files which a backup may leave there."""
    status = entry.stat(follow_symlinks=False)
    if not stat.S_ISDIR(status.st_mode) or status.st_uid != os.geteuid():
        return False
    return set(os.listdir(entry.path)) <= CONTENT


def _remove_if_left(room: Path) -> None:
    descriptor = os.open(room, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        if _is_left(room, descriptor):
            shutil.rmtree(room)
    finally:
        os.close(descriptor)


def _is_left(room: Path, descriptor: int) -> bool:
    """Whether no process uses the folder any more. On a file system without locks its age decides:
    MAX_AGE_WITHOUT_LOCKS_SECONDS."""
    try:
        return take_lock(descriptor)
    except LocksUnknown:
        files = [room, *room.iterdir()]
        youngest = max(file.lstat().st_mtime for file in files)
        return time.time() - youngest > MAX_AGE_WITHOUT_LOCKS_SECONDS
