"""Writes a backup: a compressed tar archive of a manifest, a database and a secret key."""

import errno
import hashlib
import io
import json
import os
import re
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict
from pathlib import Path
from typing import IO

from operations.backup.errors import BackupError
from operations.backup.manifest import Manifest
from runtime.file_locks import LocksUnknown, take_lock

SUFFIX = ".tar.gz"
MANIFEST, DATABASE, SECRET_KEY = "manifest.json", "database", "secret_key"
_OWN_PARTIAL = re.compile(r"\.mus-[0-9TZ-]{20}\.tar\.gz\.partial")
_WITHOUT_LINKS = {errno.EPERM, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK}


def write_archive(path: Path, manifest: Manifest, database: Path, secret_key: str) -> None:
    """Write the archive to `path`, completely or not at all: it has another name until it is whole.

    Only its owner may read it, since it holds sessions and password hashes. Raises OSError and
    BackupError.
    """
    partial = path.with_name(f".{path.name}.partial")
    with _partial(partial, path) as file:
        with tarfile.open(fileobj=file, mode="w:gz", compresslevel=6) as archive:
            _add(archive, MANIFEST, json.dumps(asdict(manifest), indent=1).encode())
            archive.add(database, DATABASE)
            if secret_key:
                _add(archive, SECRET_KEY, secret_key.encode())
        file.flush()
        os.fsync(file.fileno())
        _name(partial, path)


def sweep_partials(folder: Path) -> None:
    """Delete unfinished archives that killed backups left in `folder`.

    Only archives that are named after the time: no later backup would overwrite these.
    """
    for partial in folder.iterdir():
        if _OWN_PARTIAL.fullmatch(partial.name):
            with suppress(OSError, BackupError), _partial(partial, partial):
                pass  # `_partial` deletes the file


def digest_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextmanager
def _partial(partial: Path, path: Path) -> Iterator[IO[bytes]]:
    """The unfinished archive `partial`, open and empty; deleted afterwards, if it still exists.

    A file that a killed backup left is overwritten. Raises BackupError if another backup is writing
    to the file.
    """
    descriptor = os.open(partial, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    with open(descriptor, "r+b") as file:
        if not _is_ours(partial, descriptor):
            raise BackupError(f"Another backup is being written to {path}.")
        try:
            os.fchmod(descriptor, 0o600)
            os.ftruncate(descriptor, 0)
            yield file
        finally:
            with suppress(FileNotFoundError):
                partial.unlink()


def _is_ours(partial: Path, descriptor: int) -> bool:
    """Whether no other process writes to the file, and `partial` is still its name: a process that
    held the lock a moment ago may have deleted it."""
    try:
        return take_lock(descriptor) and os.path.samestat(os.lstat(partial), os.fstat(descriptor))
    except FileNotFoundError:
        return False
    except LocksUnknown:
        return True


def _name(partial: Path, path: Path) -> None:
    """Rename `partial` to `path`. Raises FileExistsError if `path` has been created meanwhile."""
    try:
        os.link(partial, path)
    except OSError as error:
        if error.errno not in _WITHOUT_LINKS:  # exFAT, many shares
            raise
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        os.replace(partial, path)


def _add(archive: tarfile.TarFile, name: str, content: bytes) -> None:
    member = tarfile.TarInfo(name)
    member.size = len(content)
    member.mode = 0o600
    archive.addfile(member, io.BytesIO(content))


def for_owner_alone(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
