"""SQLite: copied within one transaction either way, so that servers and scans may go on."""

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from django.db import connection

from operations.backup.errors import BackupError

BUSY_SECONDS = 20
EMPTY_DATABASE_BYTES = 4096


def dump(path: Path) -> None:
    """The database as it is at this moment. Nobody waits: in WAL mode this only reads."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM INTO %s", [str(path)])


def check(path: Path) -> None:
    """Raises BackupError where SQLite itself finds something wrong."""
    with _opened(path) as database:
        found = [row[0] for row in database.execute("PRAGMA integrity_check(5)")]
        orphans = database.execute("PRAGMA foreign_key_check").fetchall()
    if found != ["ok"]:
        raise BackupError(f"The database in the backup is damaged: {'; '.join(found)}.")
    if orphans:
        raise BackupError(f"The database in the backup has {len(orphans)} rows without owners.")


def tables(path: Path) -> set[str]:
    with _opened(path) as database:
        found = database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        return {name for (name,) in found}


def migrations(path: Path) -> list[list[str]]:
    """(app, name) of each that it has had."""
    with _opened(path) as database:
        found = database.execute("SELECT app, name FROM django_migrations")
        return [[str(app), str(name)] for app, name in found]


@contextmanager
def _opened(path: Path) -> Iterator[sqlite3.Connection]:
    """Only read, and nothing that its schema may hold is trusted. Raises BackupError."""
    try:
        with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro&immutable=1", uri=True)) as database:
            database.execute("PRAGMA trusted_schema=OFF")
            database.execute("PRAGMA cell_size_check=ON")
            yield database
    except sqlite3.DatabaseError as error:
        raise BackupError(f"The database in the backup cannot be used: {error}.") from None


def restore(path: Path) -> None:
    """All pages in one transaction of SQLite's own: whoever reads sees the old ones or the new
    ones, and who is killed in the middle leaves the old ones."""
    target = str(connection.settings_dict["NAME"])
    connection.close()
    with _none_left_behind(Path(target)), _opened(path) as source:
        try:
            with closing(sqlite3.connect(target, timeout=BUSY_SECONDS)) as database:
                database.execute("PRAGMA journal_mode=WAL")
                source.backup(database, progress=_not_for_ever(target))
        except sqlite3.Error as error:
            raise BackupError(f"{target} cannot be written: {error}.") from None


@contextmanager
def _none_left_behind(target: Path) -> Iterator[None]:
    """Where there was no database, there is none after a failure either."""
    was_there = target.exists()
    try:
        yield
    except BaseException:
        with suppress(OSError):
            if not was_there and target.stat().st_size <= EMPTY_DATABASE_BYTES:
                target.unlink()
        raise


def _not_for_ever(target: str) -> Callable[[int, int, int], None]:
    """sqlite3 itself tries again and again where somebody else holds the database."""
    deadline = time.monotonic() + BUSY_SECONDS

    def look(status: int, remaining: int, total: int) -> None:  # noqa: ARG001
        is_busy = status in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
        if is_busy and time.monotonic() > deadline:
            raise BackupError(f"{target} is in use by something else. Try again.")

    return look
