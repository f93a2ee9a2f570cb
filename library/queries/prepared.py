"""Queries whose SQL is written once and then run with other values.

For a page of 100 rows Django takes longer to write the SQL than the database takes to find them.
"""

import json
from collections.abc import Callable, Sequence
from functools import lru_cache
from threading import local
from typing import Any

from django.db import connection
from django.db.models import (
    Aggregate,
    BooleanField,
    Expression,
    F,
    Func,
    JSONField,
    QuerySet,
    TextField,
    Value,
)
from django.db.models.expressions import Combinable

_GIVEN = object()
_ALL = 2**62


def given() -> Value:
    """In a prepared query: a value that `PreparedQuery.rows` is called with."""
    return Value(_GIVEN)


class PreparedQuery(local):
    """The query that `make` returns, which has to end in `values_list`.

    Each thread writes the SQL when it first needs it, because converters of values belong to the
    thread's own connection. Rows may share the lists of JSON columns: nobody may change these.
    """

    def __init__(self, make: Callable[[], QuerySet[Any, Any]]) -> None:
        self._make = make
        self._sql = ""
        self._parameters: tuple[Any, ...] = ()
        self._compiler: Any = None
        self._converters: dict[int, Any] = {}
        self._json_columns: list[int] = []

    def rows(self, *values: Any) -> list[Any]:
        """The rows with `values` in place of each `given()`, in the order in which they stand in
        the SQL. No field checks the values: SQLite's driver raises OverflowError for a number of
        more than 64 bits."""
        return self._run("", values)

    def part(self, offset: int, limit: int, *values: Any) -> list[Any]:
        """The same, but no more than `limit` rows, after the first `offset`."""
        return self._run(" LIMIT %s OFFSET %s", (*values, limit, offset))

    def filled_rows(
        self, filled: Callable[[Any], Any] | None, values: tuple[Any, ...], limit: int | None
    ) -> list[Any]:
        """`rows` or `part`, with what `filled` returns in place of each other parameter."""
        if limit is None:
            return self._run("", values, filled)
        return self._run(" LIMIT %s OFFSET %s", (*values, limit, 0), filled)

    def _run(
        self, end: str, values: tuple[Any, ...], filled: Callable[[Any], Any] | None = None
    ) -> list[Any]:
        if self._compiler is None:
            self._write()
        later = iter(values)
        own = self._parameters if filled is None else map(filled, self._parameters)
        parameters = [next(later) if each is _GIVEN else each for each in own]
        with connection.cursor() as cursor:
            cursor.execute(self._sql + end, [*parameters, *later])
            found: list[Any] = cursor.fetchall()
        if not (self._converters or self._json_columns):
            return found
        rows = list(self._compiler.apply_converters(found, self._converters))
        for row in rows:
            for column in self._json_columns:
                row[column] = _decoded(row[column])
        return rows

    def _write(self) -> None:
        compiler = self._make().query.get_compiler(connection=connection)
        self._sql, self._parameters = compiler.as_sql()
        columns = [column for column, *_ in compiler.select]
        self._json_columns = [
            number
            for number, column in enumerate(columns)
            if isinstance(getattr(column, "target", None), JSONField)
        ]
        converters = compiler.get_converters(columns)
        self._converters = {
            number: each for number, each in converters.items() if number not in self._json_columns
        }
        self._compiler = compiler


@lru_cache(maxsize=1024)
def _decoded(text: str | None) -> Any:
    """What `JSONField.from_db_value` returns, which takes a third of the time of a list of albums:
    most lists are empty, or those of other rows."""
    return None if text is None else json.loads(text)


def ids_value(ids: Sequence[int]) -> Any:
    """The one value that stands for `ids` in `IsAmong`."""
    return [*ids] if connection.vendor == "postgresql" else json.dumps([*ids])


class IdArray(Aggregate):
    """All ids as one value. The driver would take longer to fetch a row for each id than the
    database takes to find them; on SQLite ten times as long if other threads are busy, because it
    releases Python's lock for each row."""

    function = "JSON_GROUP_ARRAY"
    window_compatible = True
    output_field = TextField()

    def as_postgresql(self, *arguments: Any, **options: Any) -> Any:
        return self.as_sql(*arguments, function="ARRAY_AGG", **options)


def ids_from(found: Any) -> list[int]:
    """What an `IdArray` returned: a list from PostgreSQL, JSON from SQLite; None for no rows."""
    return json.loads(found) if isinstance(found, str) else [*(found or ())]


def ids_in_order(rows: QuerySet[Any, Any], column: str) -> list[int]:
    """`column` of each of the ordered `rows`, fetched as one value. They are sliced, since Django
    drops the order of a subquery for an aggregate otherwise; both databases aggregate the rows of
    the subquery as they come."""
    return ids_from(rows.values(column)[:_ALL].aggregate(ids=IdArray(column))["ids"])


class IsAmong(Func):
    """The condition that a value is one of many ids, which are one value: see `ids_value`.
    PostgreSQL puts them into a hash, SQLite into a tree, before it looks for the first value."""

    arg_joiner = " IN (SELECT value FROM JSON_EACH("
    template = "%(expressions)s))"
    output_field = BooleanField()

    def __init__(self, value: Combinable | Expression | F, ids: Value) -> None:
        super().__init__(value, ids)

    def as_postgresql(self, compiler: Any, connection: Any) -> Any:
        template = "%(expressions)s::BIGINT[])"
        return self.as_sql(compiler, connection, template=template, arg_joiner=" = ANY(")
