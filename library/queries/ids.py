"""Fetching the ids of many rows quickly: the database returns them all as one value."""

import json
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Aggregate, JSONField, QuerySet

_CONCATENATED = "SELECT GROUP_CONCAT(pk) FROM (%s)"


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list: `count` rows in the whole list, and the page's ids in order."""

    count: int
    ids: list[int]


class IdList(Aggregate):
    """An aggregate that returns all ids as one list. Fetching one row for each id would take longer
    than the search itself."""

    function = "JSON_GROUP_ARRAY"
    output_field = JSONField()

    def as_postgresql(self, *arguments: Any, **options: Any) -> Any:
        return self.as_sql(*arguments, function="ARRAY_AGG", **options)

    def get_db_converters(self, connection: Any) -> list[Any]:
        """None for PostgreSQL, whose driver already returns an array as a list."""
        return [] if connection.vendor == "postgresql" else super().get_db_converters(connection)


def ids_of(rows: QuerySet[Any]) -> list[int]:
    """The ids of `rows`, in their order. One query, which returns a single value: the driver would
    take longer to unpack one row for each id than the database takes to find them."""
    try:
        sql, parameters = rows.values_list("pk").query.sql_with_params()
    except EmptyResultSet:
        return []
    if connection.vendor == "postgresql":
        ids: list[int] = _value(f"SELECT ARRAY({sql})", parameters)
        return ids
    return list(json.loads(f"[{_value(_CONCATENATED % sql, parameters) or ''}]"))


def _value(sql: str, parameters: tuple[Any, ...]) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.fetchone()[0]
