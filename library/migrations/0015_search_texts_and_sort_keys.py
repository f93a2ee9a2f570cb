"""Computes what is searched, what is sorted by, and the words of known rows anew: signs and letters
that people type in several ways are equal now, and leading articles do not count.

It works in portions, each in a transaction of its own, and writes only what is not so yet. So it goes on
after an interruption. The way back gives the texts and keys of the version before.
"""

from collections.abc import Iterator
from typing import Any

from django.db import connection, migrations, models, transaction
from django.db.models import F
from library.albums.titles import title_without_disc
from library.migrations._added_columns import AddColumn
from library.migrations._folding_before import other_form, searched_text, sort_key
from library.models import stored_keys

ROWS_AT_ONCE = 2_000

TRACKS = (
    'SELECT id, title, artist, album_title, album_artist, composer, title_sort, artist_sort, album_sort, '
    'album_artist_sort, composer_sort, genres, year, original_date '
    'FROM library_track WHERE id > %s ORDER BY id LIMIT %s'
)
GIVE_BACK_TRACK = (
    'UPDATE library_track SET title_key = %s, artist_key = %s, album_key = %s, search_text = %s WHERE id = %s'
)
ALBUMS = (
    'SELECT id, title, title_sort, album_artist, album_artist_sort, genres, year, first_year '
    'FROM library_album WHERE id > %s ORDER BY id LIMIT %s'
)
GIVE_BACK_ALBUM = (
    'UPDATE library_album SET title_key = %s, artist_key = %s, search_text = %s WHERE id = %s'
)
ARTISTS = 'SELECT id, name, sort_name FROM library_artist WHERE id > %s ORDER BY id LIMIT %s'
GIVE_BACK_ARTIST = 'UPDATE library_artist SET name_key = %s, sort_key = %s WHERE id = %s'
NAMES = 'SELECT id, name FROM {} WHERE id > %s ORDER BY id LIMIT %s'
GIVE_BACK_NAME = 'UPDATE {} SET sort_key = %s WHERE id = %s'


def fill(apps: Any, _: Any) -> None:
    for portion in stored_keys.portions(title_without_disc):
        with transaction.atomic():
            stored_keys.write(portion)
    # Clients that keep lists of before have to ask for them anew.
    apps.get_model('library', 'Revision').objects.update(number=F('number') + 1)


def give_back(_apps: Any, _: Any) -> None:
    for sql, update, of in (
        (TRACKS, GIVE_BACK_TRACK, _track),
        (ALBUMS, GIVE_BACK_ALBUM, _album),
        (ARTISTS, GIVE_BACK_ARTIST, _artist),
        *(
            (NAMES.format(table), GIVE_BACK_NAME.format(table), _name)
            for table in ('library_genre', 'library_label')
        ),
    ):
        for rows in _portions(sql):
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.executemany(update, [(*of(*row[1:]), row[0]) for row in rows])


def _portions(sql: str) -> Iterator[list[Any]]:
    last = 0
    while True:
        with connection.cursor() as cursor:
            cursor.execute(sql, [last, ROWS_AT_ONCE])
            rows = cursor.fetchall()
        if not rows:
            return
        yield rows
        last = rows[-1][0]


def _track(*columns: Any) -> tuple[str, ...]:
    names, forms = columns[:5], columns[5:10]
    genres, year, original_date = columns[10:]
    others = (other_form(*pair) for pair in zip(names, forms, strict=True) if pair[1] not in {'', pair[0]})
    return (
        sort_key(forms[0] or names[0]),
        sort_key(forms[1] or names[1]),
        sort_key(forms[2] or names[2]),
        searched_text((*names, *others), stored_keys.list_in(genres), (year, original_date)),
    )


def _album(title: str, title_sort: str, artist: str, artist_sort: str, genres: str, *years: int) -> Any:
    names = (title, artist, title_sort, artist_sort)
    return (
        sort_key(title_sort or title),
        sort_key(artist_sort or artist),
        searched_text(names, stored_keys.list_in(genres), years),
    )


def _artist(name: str, sort_name: str) -> tuple[str, str]:
    return sort_key(name), sort_key(sort_name or name)


def _name(name: str) -> tuple[str]:
    return (sort_key(name),)


class Migration(migrations.Migration):

    atomic = False

    dependencies = [
        ('library', '0014_albums_artists_words'),
    ]

    # The column comes last: what fills the rest may be interrupted and has to be able to begin anew.
    operations = [
        migrations.RunPython(fill, give_back, elidable=True),
        AddColumn(
            model_name='revision',
            name='sorted_without',
            field=models.TextField(blank=True, db_default='', help_text='The IGNORED_ARTICLES that sort keys were made with.'),
        ),
    ]
