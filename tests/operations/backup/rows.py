"""All rows of a database, to be compared."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

TABLES = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"


Rows = dict[str, list[tuple[Any, ...]]]


def without_restores(rows: Rows) -> Rows:
    """Without what each restore adds and renews: its own row, and the epoch of the revision."""
    kept = dict(rows)
    if "library_revision" in rows:
        kept["library_revision"] = [row[:2] for row in rows["library_revision"]]
        kept["library_scan"] = [row for row in rows["library_scan"] if "restore" not in row]
    return kept


def all_rows(database: Path) -> Rows:
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        names = sorted(row[0] for row in connection.execute(TABLES))
        return without_restores(
            {
                name: sorted(connection.execute(f'SELECT * FROM "{name}"').fetchall(), key=repr)  # noqa: S608
                for name in names
            }
        )


def integrity(database: Path) -> str:
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        return str(connection.execute("PRAGMA integrity_check").fetchone()[0])
