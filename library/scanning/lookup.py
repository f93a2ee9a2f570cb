"""Simple SELECT statements for the batches of scans, without Django's query builder.

Django builds each query anew, and converts each of the hundreds of values of an `IN` one by one.
Both take longer than the database takes to find the rows.
"""

from collections.abc import Collection, Sequence
from typing import Any

from django.db import connection, models

VALUES_AT_ONCE = 30_000
"""How many values a statement has at most. SQLite refuses more than 32,766 if it is built with its
own defaults."""


def rows_among(
    model: type[models.Model],
    columns: Sequence[str],
    key: str,
    values: Collection[str | int],
    also: str = "",
) -> list[tuple[Any, ...]]:
    """`columns` of the rows whose column `key` is one of `values`. `also`: what follows in
    the condition, such as that of an index which has only some rows.

    The values are as the database driver returns them: Django's conversions are not applied.
    """
    wanted, rows = list(values), []
    for start in range(0, len(wanted), VALUES_AT_ONCE):
        some = wanted[start : start + VALUES_AT_ONCE]
        marks = ", ".join(["%s"] * len(some))
        rows += _rows(model, columns, f"{_quoted(key)} IN ({marks}){also}", some)
    return rows


def newest_id(model: type[models.Model]) -> int:
    """The highest id of the table, or 0. Rows that are inserted later have higher ids."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT MAX(id) FROM {_quoted(model._meta.db_table)}")  # noqa: S608
        return cursor.fetchone()[0] or 0


def rows_made_after(
    model: type[models.Model], columns: Sequence[str], newest: int
) -> list[tuple[Any, ...]]:
    """`columns` of the rows with an id above `newest`, in the order of ids."""
    return _rows(model, columns, "id > %s ORDER BY id", [newest])


def _rows(
    model: type[models.Model], columns: Sequence[str], condition: str, parameters: Sequence[Any]
) -> list[tuple[Any, ...]]:
    names = ", ".join(map(_quoted, columns))
    table = _quoted(model._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {names} FROM {table} WHERE {condition}", parameters)  # noqa: S608
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows


def _quoted(name: str) -> str:
    return connection.ops.quote_name(name)
