"""Adds columns to large tables without copying these."""

from typing import Any

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


class AddColumn(migrations.AddField):
    """AddField for a column that is null or has a default in the database.

    On SQLite Django makes the table anew for each column that is not null: a second for each column
    of 100,000 tracks. SQLite itself adds a column with a constant default at once.
    """

    def database_forwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        if schema_editor.connection.vendor != 'sqlite':
            super().database_forwards(app_label, schema_editor, from_state, to_state)
            return
        before = from_state.apps.get_model(app_label, self.model_name)
        after = to_state.apps.get_model(app_label, self.model_name)
        if self.allow_migrate_model(schema_editor.connection.alias, after):
            field = after._meta.get_field(self.name)
            BaseDatabaseSchemaEditor.add_field(schema_editor, before, field)
