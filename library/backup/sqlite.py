"""SQLite: copied within one transaction either way, so that servers and scans may go on."""

import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from django.db import connection

from library.backup.errors import BackupError

BUSY_SECONDS = 20


def dump(path: Path) -> None:
    """The database as it is at this moment. Nobody waits: in WAL mode this only reads."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM INTO %s", [str(path)])


def check(path: Path) -> None:
    """Raises BackupError where SQLite itself finds something wrong."""
    try:
        with closing(sqlite3.connect(path)) as database:
            found = [row[0] for row in database.execute("PRAGMA integrity_check(5)")]
            orphans = database.execute("PRAGMA foreign_key_check").fetchall()
    except sqlite3.DatabaseError as error:
        raise BackupError(f"The database in the backup cannot be used: {error}.") from None
    if found != ["ok"]:
        raise BackupError(f"The database in the backup is damaged: {'; '.join(found)}.")
    if orphans:
        raise BackupError(f"The database in the backup has {len(orphans)} rows without owners.")


def restore(path: Path) -> None:
    """All pages in one transaction of SQLite's own: whoever reads sees the old ones or the new
    ones, and who is killed in the middle leaves the old ones."""
    target = str(connection.settings_dict["NAME"])
    connection.close()
    try:
        with (
            closing(sqlite3.connect(path)) as source,
            closing(sqlite3.connect(target, timeout=BUSY_SECONDS)) as database,
        ):
            database.execute("PRAGMA journal_mode=WAL")
            source.backup(database, progress=_not_for_ever(target))
    except sqlite3.Error as error:
        raise BackupError(f"{target} cannot be written: {error}.") from None


def _not_for_ever(target: str) -> Callable[[int, int, int], None]:
    """sqlite3 itself tries again and again where somebody else holds the database."""
    deadline = time.monotonic() + BUSY_SECONDS

    def look(status: int, remaining: int, total: int) -> None:  # noqa: ARG001
        is_busy = status in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
        if is_busy and time.monotonic() > deadline:
            raise BackupError(f"{target} is in use by something else. Try again.")

    return look
