"""A real server with a folder of files, and rows for them as a scan would have left them."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psutil
import pytest
from django.db.models.expressions import DatabaseDefault

from library.models.catalogue import Track
from library.models.paths import path_to_text
from tests import databases
from tests.library.media.client import Listener
from tests.web.library_rows import unsaved_track
from tests.web.served import ServedMus, serve

MAKE_SESSION = """
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY, get_user_model
from django.contrib.sessions.backends.db import SessionStore
user = get_user_model().objects.create_user("lee")
session = SessionStore()
session[SESSION_KEY] = str(user.pk)
session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
session[HASH_SESSION_KEY] = user.get_session_auth_hash()
session.create()
print(session.session_key)
"""


@dataclass
class Library:
    """A server whose library is filled file by file, without a scan."""

    server: ServedMus
    listener: Listener
    music: Path

    def file(self, name: str, content: bytes = b"sound", **fields: Any) -> str:
        """A file in the music folder, and the path under which it is streamed."""
        file = self.music / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
        return self.track(file, **fields)

    def track(self, file: Path | str, **fields: Any) -> str:
        """The path under which the track is streamed that a scan would have made of `file`."""
        (path,) = stored(self.server, row(file, self.music, **fields))
        return path

    def process(self) -> psutil.Process:
        return psutil.Process(self.server.process.pid)


@contextmanager
def served_library(folder: Path, database: Path, **variables: str) -> Iterator[Library]:
    with serve(folder, database, "--no-scan", **variables) as server:
        session = server.python(MAKE_SESSION).split()[-1]
        listener = Listener(server, f"sessionid={session}")
        yield Library(server, listener, Path(server.variables["MUSIC_DIR"]))


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory, database: Path) -> Iterator[Library]:
    """One for all tests of a module: each makes files and tracks of its own."""
    with served_library(tmp_path_factory.mktemp("served"), database) as served:
        yield served


@pytest.fixture(scope="module")
def listener(library: Library) -> Listener:
    return library.listener


def row(file: Path | str, root: Path | str, **fields: Any) -> dict[str, Any]:
    """What a scan that saw `file` below `root` writes; `fields` stand instead."""
    facts = os.stat(file)
    return {
        "root": str(root),
        "path": os.path.relpath(file, root),
        "mtime_ns": facts.st_mtime_ns,
        "size_bytes": facts.st_size,
        "inode": facts.st_ino,
        "device": facts.st_dev,
        **fields,
    }


def stored(server: ServedMus, *rows: dict[str, Any]) -> list[str]:
    """The URLs' paths of new tracks. Written beside Django, whose database is another one here."""
    fields = [field for field in Track._meta.concrete_fields if not field.primary_key]
    columns = ", ".join(str(field.column) for field in fields)
    marks = ", ".join("?" * len(fields))
    insert = f"INSERT INTO library_track ({columns}) VALUES ({marks})"  # noqa: S608
    place = databases.place_in(Path(server.variables["DATA_DIR"]))
    values = [
        [_stored_value(getattr(track, field.attname)) for field in fields]
        for track in (unsaved_track(**row) for row in rows)
    ]
    for each in values:
        databases.execute(place, insert, *each)
    newest = f"SELECT id FROM library_track ORDER BY id DESC LIMIT {len(rows)}"  # noqa: S608
    numbers = reversed([each["id"] for each in databases.query(place, newest)])
    return [f"/api/v1/tracks/{number}/stream" for number in numbers]


def _stored_value(value: Any) -> Any:
    if isinstance(value, DatabaseDefault):
        default: Any = value
        value = default.expression.value
    if isinstance(value, datetime):
        return value.astimezone(UTC).replace(tzinfo=None).isoformat(" ")
    if isinstance(value, str):
        return path_to_text(value)
    return json.dumps(value) if isinstance(value, list) else value
