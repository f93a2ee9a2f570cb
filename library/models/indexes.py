"""Indexes of a kind that not every database takes."""

from typing import Any

from django.db import models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.backends.ddl_references import Statement


class SqliteIndex(models.Index):
    """An index that is made on SQLite only.

    An entry of a PostgreSQL index holds 2,704 bytes, less than the longest texts in tags, and a
    search there wants an index of trigrams.
    """

    def create_sql(
        self,
        model: type[models.Model],
        schema_editor: BaseDatabaseSchemaEditor,
        using: str = "",
        **kwargs: Any,
    ) -> Statement:
        if schema_editor.connection.vendor == "sqlite":
            return super().create_sql(model, schema_editor, using, **kwargs)
        return Statement("SELECT 1")

    def remove_sql(
        self, model: type[models.Model], schema_editor: BaseDatabaseSchemaEditor, **kwargs: Any
    ) -> str:
        if schema_editor.connection.vendor == "sqlite":
            return super().remove_sql(model, schema_editor, **kwargs)
        return "SELECT 1"
