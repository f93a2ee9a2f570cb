"""Operations of a migration that only PostgreSQL needs."""

from typing import Any

from django.db import migrations


class OnPostgresql(migrations.SeparateDatabaseAndState):
    """Elsewhere the state alone changes."""

    def __init__(self, *operations: Any) -> None:
        super().__init__(operations, operations)

    def database_forwards(self, app_label: str, schema_editor: Any, *states: Any) -> None:
        if schema_editor.connection.vendor == 'postgresql':
            super().database_forwards(app_label, schema_editor, *states)

    def database_backwards(self, app_label: str, schema_editor: Any, *states: Any) -> None:
        if schema_editor.connection.vendor == 'postgresql':
            super().database_backwards(app_label, schema_editor, *states)
