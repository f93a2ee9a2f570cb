"""Databases for installations that tests work on through processes of their own.

Each is named by the place where SQLite keeps it. Where DATABASE_URL leads to a PostgreSQL server,
it is one of that server's databases instead, with a name made of that place; the database that the
URL names is left alone.
"""

import os
import shutil
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from hashlib import blake2b
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg.rows import dict_row
from psycopg.types.json import set_json_loads

from tests.services import postgresql

Row = dict[str, Any]
LOCKS_WITHIN_SECONDS = 60.0
BUSY_SECONDS = 30.0
TABLES = (
    "library_scan, library_track, library_album, library_artist, library_playerstate, auth_user"
)

_SERVER_URL = os.environ.get("DATABASE_URL", "")
IS_POSTGRESQL = _SERVER_URL.startswith(("postgres://", "postgresql://"))
_made: set[Path] = set()
_making = threading.Lock()


def place_in(data: Path) -> Path:
    """Of the database that belongs to a data folder."""
    return data / "mus.sqlite3"


def service_variables(place: Path) -> dict[str, str]:
    """What leads a process to the database at `place`, which is made where there is none, and to
    the channel layer that is tested with it."""
    if not IS_POSTGRESQL:
        return {}
    with _making:  # tests start processes from several threads
        if place not in _made:
            _create(place)
    layer = {name: os.environ[name] for name in ("REDIS_URL",) if name in os.environ}
    return {"DATABASE_URL": _url(_name(place)), **layer}


def copy_database(source: Path, target: Path) -> None:
    """`source` is not in use."""
    if IS_POSTGRESQL:
        _create(target, _name(source))
    elif source != target:
        target.parent.mkdir(0o700, parents=True, exist_ok=True)
        shutil.copy(source, target)  # its rights too: mus would tell of others'


def drop_database(place: Path) -> None:
    """If it is there; SQLite's files go with their folder."""
    if not IS_POSTGRESQL:
        place.unlink(missing_ok=True)
    elif place in _made:
        postgresql.drop_database(_SERVER_URL, _name(place))
        _made.discard(place)


def drop_all_databases() -> None:
    for place in list(_made):
        drop_database(place)


def query(place: Path, sql: str, *parameters: object) -> list[Row]:
    """Rows by a connection of our own; a `?` for each parameter, on either database."""
    if IS_POSTGRESQL:
        with psycopg.connect(_url(_name(place)), row_factory=dict_row) as connection:
            set_json_loads(_as_text, connection)  # as SQLite has it
            return connection.execute(_as_psycopg(sql), parameters).fetchall()
    with closing(sqlite3.connect(f"file:{place}?mode=ro", uri=True)) as database:
        database.row_factory = sqlite3.Row
        return [dict(row) for row in database.execute(sql, parameters)]


def execute(place: Path, sql: str, *parameters: object) -> None:
    if IS_POSTGRESQL:
        with psycopg.connect(_url(_name(place))) as connection:
            connection.execute(_as_psycopg(sql), parameters)
        return
    with closing(sqlite3.connect(place, timeout=BUSY_SECONDS)) as database, database:
        database.execute(sql, parameters)


@contextmanager
def write_lock(place: Path, within_s: float = LOCKS_WITHIN_SECONDS) -> Iterator[None]:
    """Nobody else is in the midst of writing, and nobody begins."""
    connection = _connect(place)
    deadline = time.monotonic() + within_s
    try:
        while not _takes_lock(connection):
            assert time.monotonic() < deadline, "another writes without end"
            time.sleep(0.0005)
        yield
    finally:
        connection.execute("ROLLBACK")
        connection.close()


def is_being_written(place: Path) -> bool:
    """Whether some process is in the midst of a transaction."""
    connection = _connect(place)
    try:
        if not _takes_lock(connection):
            return True
        connection.execute("ROLLBACK")
        return False
    finally:
        connection.close()


@contextmanager
def refused_inserts(
    connection: Any, table: str, when: str = "1 = 1", code: str = "check_violation"
) -> Iterator[None]:
    """Rows of `table` that `when` is true of (as `NEW`) are not taken; `connection` is Django's.
    `code`: how PostgreSQL says so."""
    begin = f"CREATE TRIGGER refuse BEFORE INSERT ON {table}"
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            raises = "SELECT RAISE(ABORT, 'not this one')"
            cursor.execute(f"{begin} WHEN {when} BEGIN {raises}; END")
        else:
            raises = f"RAISE EXCEPTION 'not this one' USING ERRCODE = '{code}'"
            cursor.execute(
                "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS "
                f"$$ BEGIN {raises}; END $$"
            )
            cursor.execute(f"{begin} FOR EACH ROW WHEN ({when}) EXECUTE FUNCTION refuse()")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            if connection.vendor == "sqlite":
                cursor.execute("DROP TRIGGER refuse")
            else:
                cursor.execute("DROP FUNCTION refuse CASCADE")


def _connect(place: Path) -> Any:
    if IS_POSTGRESQL:
        return psycopg.connect(_url(_name(place)), autocommit=True)
    return sqlite3.connect(place, isolation_level=None, timeout=0, check_same_thread=False)


def _takes_lock(connection: Any) -> bool:
    try:
        if IS_POSTGRESQL:
            connection.execute("BEGIN")
            connection.execute(f"LOCK TABLE {TABLES} IN SHARE ROW EXCLUSIVE MODE NOWAIT")
        else:
            connection.execute("BEGIN IMMEDIATE")
    except (sqlite3.OperationalError, psycopg.errors.LockNotAvailable):
        if IS_POSTGRESQL:
            connection.execute("ROLLBACK")
        return False
    return True


def _create(place: Path, template: str = "template0") -> None:
    postgresql.create_database(_SERVER_URL, _name(place), template)
    _made.add(place)


def _name(place: Path) -> str:
    return f"mus_{blake2b(bytes(place), digest_size=8).hexdigest()}"


def _url(database: str) -> str:
    return urlunsplit(urlsplit(_SERVER_URL)._replace(path=f"/{database}"))


def _as_text(json: str | bytes) -> str:
    return json if isinstance(json, str) else json.decode()


def _as_psycopg(sql: str) -> bytes:
    return sql.replace("%", "%%").replace("?", "%s").encode()
