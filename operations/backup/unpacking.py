"""Reads a backup. The order, kind and size of its members are checked, and the whole of it is
unpacked and verified before anything is replaced."""

import gzip
import hashlib
import os
import shutil
import stat
import tarfile
import zlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from operations.backup.archive import DATABASE, MANIFEST, SECRET_KEY
from operations.backup.errors import BackupError
from operations.backup.manifest import MAX_MANIFEST_BYTES, Manifest, parse_manifest

CHUNK_BYTES = 1024 * 1024
MAX_SECRET_KEY_BYTES = 4096
MAX_HEADER_BYTES = 64 * 1024
MAX_PADDING_BYTES = 1024 * 1024


class _Unpacked:
    """The unpacked stream, from which tarfile reads.

    A header may claim any size, and tarfile reads a header of that size into memory. So the number
    of bytes that it may read for one header is limited.
    """

    def __init__(self, file: gzip.GzipFile) -> None:
        self._file = file
        self._header_bytes_left: int | None = MAX_HEADER_BYTES
        self._last = b""

    @property
    def ended_with_zeros(self) -> bool:
        """Whether the last block that was read is the end mark of an archive. tarfile also takes an
        invalid header for the end."""
        return not any(self._last)

    @contextmanager
    def header(self) -> Iterator[None]:
        self._header_bytes_left = MAX_HEADER_BYTES
        yield
        self._header_bytes_left = None

    def read(self, size: int) -> bytes:
        if self._header_bytes_left is not None:
            self._header_bytes_left -= size
            if self._header_bytes_left < 0:
                raise ValueError("a header in it is too large")
        self._last = self._file.read(size)
        return self._last

    def seek(self, position: int) -> int:
        return self._file.seek(position)

    def tell(self) -> int:
        return self._file.tell()


@dataclass(frozen=True)
class Archive:
    """A backup that is open for reading and has a valid manifest."""

    path: Path
    manifest: Manifest
    _members: "_Members"

    def unpack(self, database: Path) -> str:
        """Write the database to that path, and return the secret key; "" if there is none.

        Raises BackupError if anything in the archive differs from what `write_archive` writes.
        """
        with _naming(self.path):
            digest = _copy(self._members, database)
            secret_key = _read_secret_key(self._members)
            self._members.refuse_more()
        if digest != self.manifest.sha256:
            raise BackupError("The backup is damaged: its database is not what was written.")
        return secret_key


@contextmanager
def open_archive(path: Path) -> Iterator[Archive]:
    """Raises BackupError if `path` cannot be read or is not a backup."""
    with ExitStack() as opened:
        with _naming(path):
            file = opened.enter_context(_open_file(path))
            members = _Members(opened.enter_context(gzip.GzipFile(fileobj=file)))
            manifest = parse_manifest(members.read(MANIFEST, MAX_MANIFEST_BYTES))
        yield Archive(path, manifest, members)


class _Members:
    """The members of an archive. They must be plain files, each once, in the expected order."""

    def __init__(self, file: gzip.GzipFile) -> None:
        self._unpacked = _Unpacked(file)
        self._tar = tarfile.open(fileobj=self._unpacked, mode="r:")  # type: ignore[call-overload]  # noqa: SIM115

    def next(self, name: str) -> tarfile.TarInfo | None:
        """The next member, which must have that name; None at the end of the archive."""
        with self._unpacked.header():
            member: tarfile.TarInfo | None = self._tar.next()
        if member is None:
            return None
        if member.name != name:
            raise ValueError(f"it has {member.name[:80]!a} where {name} should be")
        if not member.isreg() or member.issparse() or member.size < 0:
            raise ValueError(f"its {name} is not a plain file")
        return member

    def needed(self, name: str) -> tarfile.TarInfo:
        member = self.next(name)
        if member is None:
            raise ValueError(f"there is no {name} in it")
        return member

    def chunks(self, member: tarfile.TarInfo) -> Iterator[bytes]:
        source = self._tar.extractfile(member)
        while source and (chunk := source.read(CHUNK_BYTES)):
            yield chunk

    def read(self, name: str, max_bytes: int) -> bytes:
        return self.content(self.needed(name), max_bytes)

    def content(self, member: tarfile.TarInfo, max_bytes: int) -> bytes:
        if member.size > max_bytes:
            raise ValueError(f"its {member.name} is larger than {max_bytes:,} bytes")
        return b"".join(self.chunks(member))

    def refuse_more(self) -> None:
        """Raises ValueError if there is another member, or anything but zeros after the last one.

        Reads to the end of the file, where gzip verifies its checksum.
        """
        with self._unpacked.header():
            another = self._tar.next()
        if another is not None:
            raise ValueError(f"it has {another.name[:80]!a} besides")
        is_marked = self._unpacked.ended_with_zeros
        padding = self._unpacked.read(MAX_PADDING_BYTES + 1)
        if not is_marked or any(padding) or len(padding) > MAX_PADDING_BYTES:
            raise ValueError("something follows its last member")


@contextmanager
def _naming(path: Path) -> Iterator[None]:
    """Turn all errors of reading an archive into a BackupError whose one line names the file."""
    try:
        yield
    except (
        *(tarfile.TarError, gzip.BadGzipFile, zlib.error),
        *(EOFError, ValueError, OverflowError, RecursionError),
    ) as error:
        reason = ascii(" ".join(str(error).split()))[1:-1].rstrip(".")
        raise BackupError(f"{path} is no backup of mus, or it is damaged: {reason}.") from None
    except OSError as error:
        raise BackupError(f"{path} cannot be read: {error.strerror or error}.") from None


def _open_file(path: Path) -> IO[bytes]:
    # O_NONBLOCK: opening a pipe would otherwise wait for a writer.
    file = open(os.open(path, os.O_RDONLY | os.O_NONBLOCK), "rb")  # noqa: SIM115
    if stat.S_ISREG(os.fstat(file.fileno()).st_mode):
        return file
    file.close()
    raise ValueError("it is not a file")


def _copy(members: _Members, database: Path) -> str:
    """Unpack the database to that path; returns the SHA-256 of its bytes."""
    member = members.needed(DATABASE)
    _refuse_without_room(member.size, database.parent)
    digest = hashlib.sha256()
    with open(database, "xb") as copy:
        for chunk in members.chunks(member):
            digest.update(chunk)
            with _writing(database.parent):
                copy.write(chunk)
                copy.flush()
    return digest.hexdigest()


def _refuse_without_room(size_bytes: int, folder: Path) -> None:
    """Raises BackupError if the disk has no room for so many bytes.

    An archive of a few megabytes may unpack to as many gigabytes. Some file systems report a size
    of 0; then nothing is checked.
    """
    disk = shutil.disk_usage(folder)
    if disk.total and size_bytes > disk.free:
        raise BackupError(
            f"The database in the backup has {size_bytes:,} bytes, and {disk.free:,} are left on "
            f"the disk of {folder.parent}."
        )


@contextmanager
def _writing(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise BackupError(f"{folder.parent} cannot be written to: {error.strerror}.") from None


def _read_secret_key(members: _Members) -> str:
    member = members.next(SECRET_KEY)
    if member is None:
        return ""
    secret_key = members.content(member, MAX_SECRET_KEY_BYTES).decode(errors="replace")
    line = secret_key.removesuffix("\n")
    if not line or not line.isprintable() or "\ufffd" in line:
        raise ValueError(f"its {SECRET_KEY} is not a line of text")
    return secret_key
