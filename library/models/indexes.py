"""Indexes whose SQL differs between SQLite and PostgreSQL, or that only one of them gets."""

from copy import copy
from typing import Any

from django.db import models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.backends.ddl_references import Statement


class OrderIndex(models.Index):
    """An index for sorted lists, in which NULL sorts first on both databases.

    SQLite sorts NULL first by itself. PostgreSQL needs NULLS FIRST here and in the query's ORDER BY
    (the terms of `library.queries.orders`); it uses the index only if the two agree.
    """

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
    """An index that exists only on databases of `vendor`. On others, creating and removing it runs
    a statement without effect."""

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
    """An index for SQLite only, for example of columns too long for one of PostgreSQL's entries.

    An entry of SQLite's may have any length.
    """

    vendor = "sqlite"


class PostgresqlIndex(_IndexOfOneDatabase):
    """An index for PostgreSQL only. One of its entries holds at most 2,704 bytes."""

    vendor = "postgresql"


class PostgresqlHashIndex(PostgresqlIndex):
    """A hash index, for PostgreSQL only: it finds equal texts of any length, but does not sort."""

    using = " USING hash"
