"""Backups that mus did not write."""

import gzip
import hashlib
import io
import json
import sqlite3
import tarfile
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from typing import Any

Member = tuple[tarfile.TarInfo, bytes]


def members_of(path: Path) -> list[Member]:
    with tarfile.open(path) as archive:
        return [(each, _content(archive, each)) for each in archive.getmembers()]


def write(path: Path, members: Iterable[Member]) -> Path:
    with tarfile.open(path, "w:gz") as archive:
        for member, content in members:
            archive.addfile(member, io.BytesIO(content))
    return path


def plain(name: str, content: bytes = b"") -> Member:
    member = tarfile.TarInfo(name)
    member.size = len(content)
    return member, content


def special(name: str, kind: bytes, target: str = "") -> Member:
    member = tarfile.TarInfo(name)
    member.type, member.linkname = kind, target
    return member, b""


def with_facts(path: Path, **facts: Any) -> Path:
    """A copy of the backup whose manifest says something else."""
    (_, manifest), *others = members_of(path)
    content = json.dumps({**json.loads(manifest), **facts}).encode()
    return write(path.with_name(f"told {path.name}"), [plain("manifest.json", content), *others])


def with_database(path: Path, statement: str) -> Path:
    """A copy of the backup with a change in its SQLite database, and the checksum that fits."""
    manifest, (member, content), *others = members_of(path)
    file = path.with_name("changed.sqlite3")
    file.write_bytes(content)
    with closing(sqlite3.connect(file)) as database, database:
        database.execute(statement)
    changed = file.read_bytes()
    member.size = len(changed)
    copy = write(path.with_name(f"new {path.name}"), [manifest, (member, changed), *others])
    return with_facts(copy, sha256=hashlib.sha256(changed).hexdigest())


def recompressed(path: Path, change: Any) -> bytes:
    """What is in the file, changed by `change` as bytes before compression."""
    return gzip.compress(change(gzip.decompress(path.read_bytes())))


def _content(archive: tarfile.TarFile, member: tarfile.TarInfo) -> bytes:
    file = archive.extractfile(member)
    return file.read() if file else b""
