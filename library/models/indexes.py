"""Indexes of a kind that not every database takes."""

from copy import copy
from typing import Any

from django.db import models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.backends.ddl_references import Statement


class OrderIndex(models.Index):
    """Rows without a value come first on every database: SQLite's way, which PostgreSQL has to be
    told, in the index as in the query (`orders.terms`)."""

    def create_sql(
        self,
        model: type[models.Model],
        schema_editor: BaseDatabaseSchemaEditor,
        using: str = "",
        **kwargs: Any,
    ) -> Statement:
        made = copy(self)
        if schema_editor.connection.vendor == "postgresql":
            nullable = {field.name for field in model._meta.concrete_fields if field.null}
            made.fields_orders = [
                (name, "NULLS FIRST" if name in nullable else order)
                for name, order in self.fields_orders
            ]
        return models.Index.create_sql(made, model, schema_editor, using, **kwargs)


class _IndexOfOneDatabase(models.Index):
    """Made and taken away on databases of `vendor`, nothing elsewhere."""

    vendor = ""
    using = ""

    def create_sql(
        self,
        model: type[models.Model],
        schema_editor: BaseDatabaseSchemaEditor,
        using: str = "",
        **kwargs: Any,
    ) -> Statement:
        if schema_editor.connection.vendor == self.vendor:
            return super().create_sql(model, schema_editor, using or self.using, **kwargs)
        return Statement("SELECT 1")

    def remove_sql(
        self, model: type[models.Model], schema_editor: BaseDatabaseSchemaEditor, **kwargs: Any
    ) -> str:
        if schema_editor.connection.vendor == self.vendor:
            return super().remove_sql(model, schema_editor, **kwargs)
        return "SELECT 1"


class SqliteIndex(_IndexOfOneDatabase):
    """Made on SQLite only, which holds entries of any length."""

    vendor = "sqlite"


class PostgresqlIndex(_IndexOfOneDatabase):
    """Made on PostgreSQL only, where an entry holds 2,704 bytes."""

    vendor = "postgresql"


class PostgresqlHashIndex(PostgresqlIndex):
    """For equality alone, of texts of any length."""

    using = " USING hash"
