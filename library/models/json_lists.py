"""Conditions on columns that hold a list of texts as JSON."""

from typing import Any

from django.db.models import BooleanField, Func, Value


class Includes(Func):
    """Whether the list in a column includes a text exactly."""

    template = "EXISTS (SELECT 1 FROM JSON_EACH(%(expressions)s)"
    arg_joiner = ") WHERE value = "
    output_field = BooleanField()

    def __init__(self, column: str, text: Value) -> None:
        super().__init__(column, text)

    def as_postgresql(self, compiler: Any, connection: Any) -> Any:
        return self.as_sql(
            compiler, connection, template="(%(expressions)s::text))", arg_joiner=" @> TO_JSONB("
        )
