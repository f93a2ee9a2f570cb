"""What PostgreSQL needs to order as SQLite does, and to search 100,000 tracks as quickly.

Nothing changes in a SQLite database, whose state this only describes anew.
"""

from typing import Any

import library.models.indexes
import library.models.keys
from django.db import migrations, models
from django.db.models.functions import Length
from library.migrations._on_postgresql import OnPostgresql
from library.models.folding import cut

PRESENT = models.Q(('missing_since__isnull', True))
SEARCHED_BYTES = 2_600
KEYS: list[tuple[str, str, dict[str, Any]]] = [
    ('album', 'artist_key', {'blank': True}),
    ('album', 'key', {'unique': True}),
    ('album', 'title_key', {'db_index': True}),
    ('artist', 'key', {'unique': True}),
    ('artist', 'name_key', {'blank': True}),
    ('artist', 'sort_key', {'db_index': True}),
    ('track', 'album_key', {'blank': True}),
    ('track', 'artist_key', {}),
    ('track', 'title_key', {}),
]


def cut_search_texts(apps: Any, _: Any) -> None:
    """Those of a library that was moved here by other means, to what the index below takes."""
    tracks = apps.get_model('library', 'Track').objects
    lengths = tracks.annotate(length=Length('search_text'))
    for track in lengths.filter(length__gt=SEARCHED_BYTES // 4).only('search_text'):
        tracks.filter(pk=track.pk).update(search_text=cut(track.search_text, SEARCHED_BYTES))


def drop_pattern_indexes(_: Any, schema_editor: Any) -> None:
    """Django makes one beside each index of a text, for prefixes under other collations than C:
    nobody asks for those, and each costs every row that is written."""
    connection = schema_editor.connection
    with connection.cursor() as cursor:
        for table in ('library_album', 'library_artist'):
            for name in connection.introspection.get_constraints(cursor, table):
                if name.endswith('_like'):
                    cursor.execute(f'DROP INDEX {connection.ops.quote_name(name)}')


class Migration(migrations.Migration):

    dependencies = [
        ('library', '0004_repeat_one'),
    ]

    operations = [
        OnPostgresql(
            migrations.RunPython(cut_search_texts, migrations.RunPython.noop),
            migrations.RemoveIndex('track', 'track_artist'),
            migrations.RemoveIndex('track', 'track_album'),
            migrations.RemoveIndex('track', 'track_year'),
            *(
                migrations.AlterField(model, name, library.models.keys.KeyField(**options))
                for model, name, options in KEYS
            ),
            migrations.RunPython(drop_pattern_indexes, migrations.RunPython.noop),
            migrations.AddIndex('track', library.models.indexes.OrderIndex(
                condition=PRESENT, name='track_artist',
                fields=['artist_key', 'album_key', 'disc_number', 'track_number', 'id'],
            )),
            migrations.AddIndex('track', library.models.indexes.OrderIndex(
                condition=PRESENT, name='track_album',
                fields=['album_key', 'disc_number', 'track_number', 'id'],
            )),
            migrations.AddIndex('track', library.models.indexes.OrderIndex(
                condition=PRESENT, name='track_year', fields=['year', 'id'],
            )),
            migrations.AddIndex('track', library.models.indexes.PostgresqlIndex(
                condition=PRESENT, name='track_searched', fields=['id', 'search_text'],
            )),
            migrations.AddIndex('track', library.models.indexes.PostgresqlHashIndex(
                condition=PRESENT, name='track_genre', fields=['genre'],
            )),
        ),
    ]
