"""On PostgreSQL paths are told apart by their digests, since its indexes hold 2,704 bytes of one.

Nothing changes in a SQLite database.
"""

from typing import Any

from django.db import migrations
from library.models.paths import unique_path_sql

INDEXES = {
    'library_track': 'track_unique_path',
    'library_scanfailure': 'scan_failure_unique_path',
}


def tell_apart_by_digests(_: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == 'postgresql':
        for table, name in INDEXES.items():
            path = unique_path_sql('path', 'postgresql')
            schema_editor.execute(f'ALTER TABLE {table} DROP CONSTRAINT {name}')
            schema_editor.execute(f'CREATE UNIQUE INDEX {name} ON {table} (root, {path})')


def tell_apart_by_themselves(_: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == 'postgresql':
        for table, name in INDEXES.items():
            schema_editor.execute(f'DROP INDEX {name}')
            schema_editor.execute(f'ALTER TABLE {table} ADD CONSTRAINT {name} UNIQUE (root, path)')


class Migration(migrations.Migration):

    dependencies = [
        ('library', '0005_postgresql'),
    ]

    operations = [
        migrations.RunPython(tell_apart_by_digests, tell_apart_by_themselves),
    ]
