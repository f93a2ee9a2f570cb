"""The file, written: a compressed tar archive of a manifest, a database and a secret key."""

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
    """All of it or nothing: it is written under another name first. Only its owner may read it,
    since it holds sessions and hashes of passwords. Raises OSError and BackupError."""
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
    """Take away those that killed backups with a name of the time left: no other has their name."""
    for partial in folder.iterdir():
        if _OWN_PARTIAL.fullmatch(partial.name):
            with suppress(OSError, BackupError), _partial(partial, partial):
                pass  # it is removed at the end


def digest_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextmanager
def _partial(partial: Path, path: Path) -> Iterator[IO[bytes]]:
    """The file to write to until it is named `path`. One that a killed backup left is written
    anew; one that another backup is writing to raises BackupError."""
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
    """Whether no other process writes to the file, and it has its name still: one that held the
    lock a moment ago may have removed it."""
    try:
        return take_lock(descriptor) and os.path.samestat(os.lstat(partial), os.fstat(descriptor))
    except FileNotFoundError:
        return False
    except LocksUnknown:
        return True


def _name(partial: Path, path: Path) -> None:
    """Raises FileExistsError where a file of that name has come meanwhile."""
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
