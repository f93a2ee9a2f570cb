"""Ids of rows, fetched with as little as possible beside them."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Aggregate, JSONField, QuerySet

_CHUNK = 5_000


@dataclass(frozen=True, slots=True)
class Page:
    """How many rows a whole list has, and the ids of those on a page of it, in order."""

    count: int
    ids: list[int]


class IdList(Aggregate):
    """All ids in one value: to fetch a row for each takes longer than to find them."""

    function = "JSON_GROUP_ARRAY"
    output_field = JSONField()

    def as_postgresql(self, *arguments: Any, **options: Any) -> Any:
        return self.as_sql(*arguments, function="ARRAY_AGG", **options)

    def get_db_converters(self, connection: Any) -> list[Any]:
        """PostgreSQL's driver makes a list of an array by itself."""
        return [] if connection.vendor == "postgresql" else super().get_db_converters(connection)


def ids_of(rows: QuerySet[Any]) -> Iterator[int]:
    """Straight from the cursor: Django's own iteration takes longer than the database.

    All at once from PostgreSQL, bit by bit from SQLite.
    """
    try:
        sql, parameters = rows.values_list("pk").query.sql_with_params()
    except EmptyResultSet:
        return iter(())
    if connection.vendor == "postgresql":
        return iter(_array(sql, parameters))
    return chain.from_iterable(_chunks(sql, parameters))


def _array(sql: str, parameters: tuple[Any, ...]) -> list[int]:
    """Rows take the driver longer to take apart than the database to find."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT ARRAY({sql})", parameters)
        ids: list[int] = cursor.fetchone()[0]
    return ids


def _chunks(sql: str, parameters: tuple[Any, ...]) -> Iterator[list[int]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        while chunk := cursor.fetchmany(_CHUNK):
            yield [pk for (pk,) in chunk]
