"""Stores many made-up rows quickly."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import connection
from django.db.models import Model

_INDEXES = {
    "sqlite": "SELECT name, sql FROM sqlite_master "
    "WHERE type = 'index' AND tbl_name = %s AND sql IS NOT NULL",
    "postgresql": "SELECT indexname, indexdef FROM pg_indexes "
    "WHERE tablename = %s AND indexname NOT LIKE '%%_pkey'",
}


def store_rows(model: type[Model], columns: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> None:
    """Call it in a transaction. A million rows would take minutes if each were put into the
    indexes, and on PostgreSQL if each had a statement of its own."""
    table, names = model._meta.db_table, ", ".join(columns)
    with _without_indexes(table), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
        else:
            values = ", ".join(["%s"] * len(columns))
            insert: Any = cursor.executemany  # of a driver that takes an iterator
            insert(f"INSERT INTO {table} ({names}) VALUES ({values})", rows)  # noqa: S608


@contextmanager
def _without_indexes(table: str) -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute(_INDEXES[connection.vendor], [table])
        indexes = cursor.fetchall()
        for name, _ in indexes:
            cursor.execute(f'DROP INDEX "{name}"')
        yield
        if connection.vendor == "postgresql":  # no index is made while foreign keys wait for checks
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for _, definition in indexes:
            cursor.execute(definition)
