"""The file: a compressed tar archive of a manifest, a database and, perhaps, a secret key."""

import hashlib
import io
import json
import os
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from library.backup.errors import BackupError

FORMAT = 1
SUFFIX = ".tar.gz"
MANIFEST, DATABASE, SECRET_KEY = "manifest.json", "database", "secret_key"
MAX_MANIFEST_BYTES = 1024 * 1024
CHUNK_BYTES = 1024 * 1024


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """`migrations`: (app, name) of each that the database has had; `sha256`: of the database."""

    version: str
    made_at: str
    vendor: str
    migrations: list[list[str]]
    sha256: str
    format: int = FORMAT

    @property
    def when(self) -> str:
        return f"{datetime.fromisoformat(self.made_at):%Y-%m-%d %H:%M} UTC"


def write_archive(path: Path, manifest: Manifest, database: Path, secret_key: str) -> None:
    """All of it or nothing: under a name of its own first. Only its owner may read it, since it
    holds sessions and hashes of passwords. Raises OSError."""
    partial = path.with_name(f".{path.name}.partial")
    try:
        with open(partial, "xb", opener=_for_owner_alone) as file:
            with tarfile.open(fileobj=file, mode="w:gz", compresslevel=6) as archive:
                _add(archive, MANIFEST, json.dumps(asdict(manifest), indent=1).encode())
                archive.add(database, DATABASE)
                if secret_key:
                    _add(archive, SECRET_KEY, secret_key.encode())
            file.flush()
            os.fsync(file.fileno())
        os.link(partial, path)  # fails where a file of that name has come meanwhile
    finally:
        with suppress(FileNotFoundError):
            partial.unlink()


@dataclass(frozen=True)
class Archive:
    """One that is open for reading, and whose manifest makes sense."""

    manifest: Manifest
    secret_key: str
    _archive: tarfile.TarFile

    def extract_database(self, path: Path) -> None:
        """Raises BackupError where it is not what was written."""
        digest = hashlib.sha256()
        with _member(self._archive, DATABASE) as source, path.open("xb") as copy:
            while chunk := source.read(CHUNK_BYTES):
                digest.update(chunk)
                copy.write(chunk)
        if digest.hexdigest() != self.manifest.sha256:
            raise BackupError("The backup is damaged: its database is not what was written.")


@contextmanager
def open_archive(path: Path) -> Iterator[Archive]:
    """Raises BackupError where `path` cannot be read or is no backup, then or while it is read."""
    try:
        with tarfile.open(path, "r:gz") as archive:
            manifest = _read_manifest(archive)
            secret_key = ""
            if SECRET_KEY in archive.getnames():
                secret_key = _member(archive, SECRET_KEY).read().decode()
            yield Archive(manifest, secret_key, archive)
    except (tarfile.TarError, EOFError, ValueError) as error:
        raise BackupError(f"{path} is no backup of mus, or it is damaged: {error}.") from None
    except OSError as error:
        raise BackupError(f"{path} cannot be read: {error.strerror or error}.") from None


def digest_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _read_manifest(archive: tarfile.TarFile) -> Manifest:
    facts: dict[str, Any] = json.loads(_member(archive, MANIFEST).read(MAX_MANIFEST_BYTES))
    if facts.get("format") != FORMAT:
        raise BackupError(
            f"The backup has format {facts.get('format')}, and this version of mus knows {FORMAT}. "
            "Use the version that made it, or a newer one."
        )
    try:
        return Manifest(**facts)
    except TypeError as error:
        raise ValueError(str(error)) from None


def _member(archive: tarfile.TarFile, name: str) -> IO[bytes]:
    try:
        file = archive.extractfile(name)
    except KeyError:
        file = None
    if file is None:
        raise ValueError(f"there is no {name} in it")
    return file


def _add(archive: tarfile.TarFile, name: str, content: bytes) -> None:
    member = tarfile.TarInfo(name)
    member.size = len(content)
    member.mode = 0o600
    archive.addfile(member, io.BytesIO(content))


def _for_owner_alone(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
