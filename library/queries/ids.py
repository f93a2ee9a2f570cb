"""Ids of rows, fetched with as little as possible beside them."""

import json
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Aggregate, JSONField, QuerySet

_CONCATENATED = "SELECT GROUP_CONCAT(pk) FROM (%s)"


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


def ids_of(rows: QuerySet[Any]) -> list[int]:
    """In one value: the driver takes longer to take rows apart than the database to find them."""
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
