"""Fills the new columns and tables as far as that needs no file: genres, first years, the totals of
albums, and what is searched. The rest comes when the files are read again.

Until now `Track.genre` held all genres of a track, with `; ` between them.

It works in portions, each in a transaction of its own, so that memory and waits of other writers
have a bound. Portions that are done twice, after an interruption, give the same rows.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import groupby
from typing import Any

from django.db import migrations, transaction
from django.db.models import F
from library.migrations._folding_before import search_text, searched_text, sort_key
from library.models.folding import identity_key
from library.models.searched import first_date

TRACKS_AT_ONCE = 1_000
ALBUMS_AT_ONCE = 100

OF_TRACK = 'id, title, artist, album_title, album_artist, composer, genre, genres, year'
TRACKS = f'SELECT {OF_TRACK} FROM library_track WHERE id > %s ORDER BY id LIMIT %s'
UPDATE_TRACK = (
    'UPDATE library_track SET genre = %s, genres = %s, first_year = %s, search_text = %s '
    'WHERE id = %s'
)
GIVE_BACK = 'UPDATE library_track SET genre = %s, search_text = %s WHERE id = %s'
ADD_GENRE = 'INSERT INTO library_genre (key, name, sort_key, revision) VALUES (%s, %s, %s, 0)'
ADD_TRACK_GENRE = (
    'INSERT INTO library_trackgenre (track_id, genre_id, position) VALUES (%s, %s, %s)'
)
ALBUMS = (
    'SELECT id, title, album_artist, year, cover_id FROM library_album '
    'WHERE id > %s ORDER BY id LIMIT %s'
)
TRACKS_OF_ALBUMS = (
    'SELECT album_id, disc_number, track_number, path, genres, duration_s, added_at, id, cover_id '
    'FROM library_track WHERE album_id BETWEEN %s AND %s AND missing_since IS NULL'
)
UPDATE_ALBUM = (
    'UPDATE library_album SET genres = %s, first_year = %s, first_date = %s, search_text = %s, '
    'track_count = %s, duration_s = %s, first_added_at = %s, cover_track_id = %s WHERE id = %s'
)


def fill(apps: Any, schema_editor: Any) -> None:
    connection = schema_editor.connection
    genres: dict[str, int] = {}
    for rows in _portions(connection, TRACKS, TRACKS_AT_ONCE):
        with transaction.atomic(connection.alias), connection.cursor() as cursor:
            _fill_tracks(cursor, rows, genres)
    for rows in _portions(connection, ALBUMS, ALBUMS_AT_ONCE):
        with transaction.atomic(connection.alias), connection.cursor() as cursor:
            _fill_albums(cursor, rows)
    # Clients that keep lists of before have to ask for them anew.
    apps.get_model('library', 'Revision').objects.update(number=F('number') + 1)


def give_back(_: Any, schema_editor: Any) -> None:
    """All genres into `Track.genre`, and nothing else into the search, as the version before has it.
    """
    connection = schema_editor.connection
    for rows in _portions(connection, TRACKS, TRACKS_AT_ONCE):
        before = [
            ('; '.join(names_in(genres)) or genre, search_text(dict.fromkeys(names)), pk)
            for pk, *names, _, genre, genres, _ in rows
        ]
        with transaction.atomic(connection.alias), connection.cursor() as cursor:
            cursor.executemany(GIVE_BACK, before)


def _portions(connection: Any, sql: str, size: int) -> Iterator[list[Any]]:
    last = 0
    while True:
        with connection.cursor() as cursor:
            cursor.execute(sql, [last, size])
            rows = cursor.fetchall()
        if not rows:
            return
        yield rows
        last = rows[-1][0]


def _fill_tracks(cursor: Any, rows: Sequence[Any], genre_ids: dict[str, int]) -> None:
    updates, links = [], []
    for pk, *names, genre, filled, year in rows:
        genres = names_in(filled) or genres_of(genre)
        text = searched_text(names, genres, (year,))
        updates.append((genres[0] if genres else '', as_json(genres), year, text, pk))
        if not names_in(filled):
            links.append((pk, genres))
    _add_genres(cursor, {name for _, genres in links for name in genres}, genre_ids)
    cursor.executemany(UPDATE_TRACK, updates)
    _execute_all(
        cursor,
        ADD_TRACK_GENRE,
        [
            (pk, genre_ids[identity_key(name)], position)
            for pk, genres in links
            for position, name in enumerate(genres)
        ],
    )


def _add_genres(cursor: Any, names: Iterable[str], genre_ids: dict[str, int]) -> None:
    if all(identity_key(name) in genre_ids for name in names):
        return
    cursor.execute('SELECT key, id FROM library_genre')
    genre_ids.update(cursor.fetchall())
    new = {identity_key(name): name for name in sorted(names)}
    rows = [(key, name, sort_key(name)) for key, name in new.items() if key not in genre_ids]
    _execute_all(cursor, ADD_GENRE, rows)
    cursor.execute('SELECT key, id FROM library_genre')
    genre_ids.update(cursor.fetchall())


def _fill_albums(cursor: Any, rows: Sequence[Any]) -> None:
    cursor.execute(TRACKS_OF_ALBUMS, [rows[0][0], rows[-1][0]])
    tracks = sorted(cursor.fetchall(), key=_place)
    of_album = {pk: list(group) for pk, group in groupby(tracks, key=lambda row: row[0])}
    cursor.executemany(
        UPDATE_ALBUM,
        [(*_of_album(row, of_album.get(row[0], [])), row[0]) for row in rows],
    )


def _place(track: Sequence[Any]) -> tuple[Any, ...]:
    album_id, *numbers, path = track[:4]
    return (album_id, *(-1 if number is None else number for number in numbers), path)


def _of_album(album: Sequence[Any], tracks: Sequence[Any]) -> tuple[Any, ...]:
    _, title, album_artist, year, cover_id = album
    covered = (track[7] for track in tracks if cover_id and track[8] == cover_id)
    genres = _by_frequency(name for track in tracks for name in names_in(track[4]))
    return (
        as_json(genres),
        year,
        first_date(year, '', ''),
        searched_text((title, album_artist), genres, (year,)),
        len(tracks),
        sum(track[5] for track in tracks),
        min((track[6] for track in tracks), default=None),
        min(covered, default=None),
    )


def _by_frequency(names: Iterable[str]) -> tuple[str, ...]:
    counts: Counter[str] = Counter()
    first: dict[str, str] = {}
    for name in names:
        first.setdefault(identity_key(name), name)
        counts[identity_key(name)] += 1
    return tuple(first[key] for key, _ in counts.most_common())


@lru_cache(maxsize=1024)
def genres_of(joined: str) -> tuple[str, ...]:
    names = [name.strip() for name in joined.split(';')]
    return tuple({identity_key(name): name for name in reversed(names) if name}.values())[::-1]


@lru_cache(maxsize=1024)
def names_in(text: str) -> tuple[str, ...]:
    return tuple(json.loads(text))


as_json: Callable[[tuple[str, ...]], str] = lru_cache(maxsize=1024)(json.dumps)


def _execute_all(cursor: Any, sql: str, rows: Sequence[Any]) -> None:
    if rows:
        cursor.executemany(sql, rows)


class Migration(migrations.Migration):

    atomic = False

    dependencies = [
        ('library', '0010_fields_folders_genres'),
    ]

    operations = [
        migrations.RunPython(fill, give_back, elidable=True),
    ]
