"""Has the albums of all known tracks worked out anew, by the first scan or the first portion of the
rereading: until now each track was looked at alone. Albums, as long as it is not known better, have
the key of their names.

It works in portions, each in a transaction of its own. Portions that are done twice, after an
interruption, give the same rows.
"""

from typing import Any

from django.db import migrations, models, transaction
from library.models.folding import identity_key

ALBUMS_AT_ONCE = 1_000
FOLDERS_AT_ONCE = 1_000

ALBUMS = 'SELECT id, title, album_artist FROM library_album WHERE id > %s ORDER BY id LIMIT %s'
SET_NAME_KEY = 'UPDATE library_album SET name_key = %s WHERE id = %s'
FOLDERS = 'SELECT id FROM library_folder WHERE id > %s ORDER BY id LIMIT %s'
FLAG = (
    'UPDATE library_folder SET albums_to_settle = %s WHERE id BETWEEN %s AND %s '
    'AND id IN (SELECT folder_id FROM library_track WHERE folder_id BETWEEN %s AND %s)'
)


def fill(apps: Any, schema_editor: Any) -> None:
    connection = schema_editor.connection
    for rows in _portions(connection, ALBUMS, ALBUMS_AT_ONCE):
        keys = [(identity_key(title, album_artist), pk) for pk, title, album_artist in rows]
        with transaction.atomic(connection.alias), connection.cursor() as cursor:
            cursor.executemany(SET_NAME_KEY, keys)
    for rows in _portions(connection, FOLDERS, FOLDERS_AT_ONCE):
        span = rows[0][0], rows[-1][0]
        with transaction.atomic(connection.alias), connection.cursor() as cursor:
            cursor.execute(FLAG, [True, *span, *span])


def _portions(connection: Any, sql: str, size: int) -> Any:
    last = 0
    while True:
        with connection.cursor() as cursor:
            cursor.execute(sql, [last, size])
            rows = cursor.fetchall()
        if not rows:
            return
        yield rows
        last = rows[-1][0]


class Migration(migrations.Migration):

    atomic = False

    dependencies = [
        ('library', '0016_names_in_credits'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='album',
            index=models.Index(fields=['musicbrainz_release_id'], name='album_of_release'),
        ),
        migrations.AddIndex(
            model_name='track',
            index=models.Index(
                condition=models.Q(('album_by_hand__gt', '')),
                fields=['album_by_hand'],
                name='track_by_hand',
            ),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
