"""SQLite: backups and restores are one transaction each, so that servers may run meanwhile."""

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
    """Write the present state of the database to `path`. Others do not wait: in WAL mode a reader
    blocks nobody."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM INTO %s", [str(path)])


def check(path: Path) -> None:
    """Raises BackupError if SQLite's own checks find a fault."""
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
    """App and name of each migration that the database in the backup has had."""
    with _opened(path) as database:
        found = database.execute("SELECT app, name FROM django_migrations")
        return [[str(app), str(name)] for app, name in found]


@contextmanager
def _opened(path: Path) -> Iterator[sqlite3.Connection]:
    """The backup's database, open for reading. Functions that its schema may call are not trusted.

    Raises BackupError if SQLite cannot use it.
    """
    try:
        with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro&immutable=1", uri=True)) as database:
            database.execute("PRAGMA trusted_schema=OFF")
            database.execute("PRAGMA cell_size_check=ON")
            yield database
    except sqlite3.DatabaseError as error:
        raise BackupError(f"The database in the backup cannot be used: {error}.") from None


def restore(path: Path, afterwards: str = "") -> None:
    """Replace the database by SQLite's backup function, which copies all pages in one transaction:
    readers see the old or the new database, and after a kill in the middle the old one is there.

    `afterwards`: an SQL statement that changes the restored rows in the same transaction.
    """
    if afterwards:
        _change(path, afterwards)
    target = str(connection.settings_dict["NAME"])
    connection.close()
    with _none_left_behind(Path(target)), _opened(path) as source:
        try:
            with closing(sqlite3.connect(target, timeout=BUSY_SECONDS)) as database:
                database.execute("PRAGMA journal_mode=WAL")
                source.backup(database, progress=_not_for_ever(target))
        except sqlite3.Error as error:
            raise BackupError(f"{target} cannot be written: {error}.") from None


def _change(path: Path, statement: str) -> None:
    """Run the statement in the unpacked database, before its pages are copied.

    Its schema has to be trusted for that, as mus does afterwards anyway: the conditions of columns
    with JSON call a function.
    """
    try:
        with closing(sqlite3.connect(path)) as database, database:
            database.execute(statement)
    except sqlite3.Error as error:
        raise BackupError(f"The database in the backup cannot be used: {error}.") from None


@contextmanager
def _none_left_behind(target: Path) -> Iterator[None]:
    """If there was no database before, delete the empty one after a failure."""
    was_there = target.exists()
    try:
        yield
    except BaseException:
        with suppress(OSError):
            if not was_there and target.stat().st_size <= EMPTY_DATABASE_BYTES:
                target.unlink()
        raise


def _not_for_ever(target: str) -> Callable[[int, int, int], None]:
    """A progress callback that gives up after BUSY_SECONDS: while another process holds the
    database, sqlite3 itself would try again without end."""
    deadline = time.monotonic() + BUSY_SECONDS

    def on_progress(status: int, remaining: int, total: int) -> None:  # noqa: ARG001
        is_busy = status in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
        if is_busy and time.monotonic() > deadline:
            raise BackupError(f"{target} is in use by something else. Try again.")

    return on_progress
