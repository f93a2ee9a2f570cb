"""Many rows by one prepared statement.

`bulk_create(update_conflicts=True)` compiles every value of every row into SQL of its own, inside
the transaction: for 500 tracks some 0.4 s, against 0.02 s here. The rows are ready tuples, in the
form in which the database takes them; SQLite and PostgreSQL share the syntax.
"""

from collections.abc import Callable, Sequence
from functools import partial
from itertools import chain

from django.db import connection, models

from library.models.paths import unique_path_sql

ROWS_AT_ONCE = 50
"""In one statement, of a plain INSERT: one for each of many short rows takes half as long again."""

Row = tuple[str | int | float | None, ...]


class Upsert:
    """INSERT … ON CONFLICT DO UPDATE into `model`'s table.

    `columns` are all that a row holds, `unique` those that tell whether it is there already, and
    `kept` those that an existing row keeps. Without `unique` it is a plain INSERT.
    """

    def __init__(
        self,
        model: type[models.Model],
        columns: Sequence[str],
        unique: Sequence[str] = (),
        kept: Sequence[str] = (),
    ) -> None:
        self.table = model._meta.db_table
        self.columns = tuple(columns)
        self.unique = tuple(unique)
        self.updated = [name for name in columns if name not in {*unique, *kept}]

    def execute(self, rows: Sequence[Row]) -> None:
        """Write `rows` in the caller's transaction."""
        several = 0 if self.unique else len(rows) // ROWS_AT_ONCE * ROWS_AT_ONCE
        starts = range(0, several, ROWS_AT_ONCE)
        joined = [(*chain(*rows[start : start + ROWS_AT_ONCE]),) for start in starts]
        _execute(partial(self._sql, ROWS_AT_ONCE), joined)
        _execute(self._sql, rows[several:])

    def _sql(self, row_count: int = 1) -> str:
        quote = connection.ops.quote_name
        names = ", ".join(map(quote, self.columns))
        row = f"({', '.join(['%s'] * len(self.columns))})"
        values = ", ".join([row] * row_count)
        sql = f"INSERT INTO {quote(self.table)} ({names}) VALUES {values}"  # noqa: S608
        if not self.unique:
            return sql
        unique = ", ".join(
            unique_path_sql(quote(name), connection.vendor) if name == "path" else quote(name)
            for name in self.unique
        )
        if not self.updated:
            return f"{sql} ON CONFLICT ({unique}) DO NOTHING"
        updates = ", ".join(f"{quote(name)} = EXCLUDED.{quote(name)}" for name in self.updated)
        return f"{sql} ON CONFLICT ({unique}) DO UPDATE SET {updates}"


class Update:
    """UPDATE of `columns` in `model`'s table; a row ends in the values of `where`."""

    def __init__(
        self, model: type[models.Model], columns: Sequence[str], where: Sequence[str] = ("id",)
    ) -> None:
        self.table = model._meta.db_table
        self.columns = tuple(columns)
        self.where = tuple(where)

    def execute(self, rows: Sequence[Row]) -> int:
        """Write `rows` in the caller's transaction; how many there were to write to."""
        return _execute(self._sql, rows)

    def _sql(self) -> str:
        quote = connection.ops.quote_name
        updates = ", ".join(f"{quote(name)} = %s" for name in self.columns)
        where = " AND ".join(f"{quote(name)} = %s" for name in self.where)
        return f"UPDATE {quote(self.table)} SET {updates} WHERE {where}"  # noqa: S608


def _execute(sql: Callable[[], str], rows: Sequence[Row]) -> int:
    if not rows:
        return 0
    with connection.cursor() as cursor:
        cursor.executemany(sql(), rows)
        return int(cursor.rowcount)
