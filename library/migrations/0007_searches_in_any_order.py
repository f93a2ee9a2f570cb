"""On PostgreSQL each order of tracks is searched in its own index, which holds what is searched.

So keys and searched texts together are no longer than an entry of an index, on every database: a
library moves from one to another as it is. A SQLite database has these indexes already, without
what they include.
"""

from typing import Any

import library.models.indexes
from django.db import migrations, models
from django.db.models.functions import Length
from library.migrations._on_postgresql import OnPostgresql
from library.models.folding import SEARCHED_BYTES, SORT_KEY_BYTES, cut

PRESENT = models.Q(('missing_since__isnull', True))
SEARCHED = ['search_text']
SIZES = [
    ('Album', 'title_key', SORT_KEY_BYTES),
    ('Album', 'artist_key', SORT_KEY_BYTES),
    ('Artist', 'name_key', SORT_KEY_BYTES),
    ('Artist', 'sort_key', SORT_KEY_BYTES),
    ('Track', 'title_key', SORT_KEY_BYTES),
    ('Track', 'artist_key', SORT_KEY_BYTES),
    ('Track', 'album_key', SORT_KEY_BYTES),
    ('Track', 'search_text', SEARCHED_BYTES),
]
ORDERS = {
    'track_title': ['title_key', 'id'],
    'track_artist': ['artist_key', 'album_key', 'disc_number', 'track_number', 'id'],
    'track_album': ['album_key', 'disc_number', 'track_number', 'id'],
    'track_year': ['year', 'id'],
    'track_duration': ['duration_s', 'id'],
}


def cut_to_size(apps: Any, _: Any) -> None:
    for model, name, size_bytes in SIZES:
        rows = apps.get_model('library', model).objects
        long = rows.annotate(length=Length(name)).filter(length__gt=size_bytes // 4)
        for pk, text in list(long.values_list('pk', name)):
            if (fitting := cut(text, size_bytes)) != text:
                rows.filter(pk=pk).update(**{name: fitting})


class Migration(migrations.Migration):

    dependencies = [
        ('library', '0006_paths_of_any_length'),
    ]

    operations = [
        OnPostgresql(
            *(migrations.RemoveIndex('track', name) for name in (*ORDERS, 'track_added', 'track_searched')),
        ),
        migrations.RunPython(cut_to_size, migrations.RunPython.noop),
        OnPostgresql(
            *(
                migrations.AddIndex('track', library.models.indexes.OrderIndex(
                    condition=PRESENT, include=SEARCHED, name=name, fields=fields,
                ))
                for name, fields in ORDERS.items()
            ),
            migrations.AddIndex('track', models.Index(
                models.F('added_at').desc(), models.F('id').desc(),
                condition=PRESENT, include=SEARCHED, name='track_added',
            )),
        ),
    ]
