"""Makes the folders of known tracks, from their paths, and the numbers of the music folders.

It works in portions, each in a transaction of its own. Of the tracks it keeps nothing; of the folders
their places, ids and counts. What is done twice, after an interruption, gives the same rows.
"""

import os
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from django.db import migrations, transaction
from django.db.models import F
from library.models.folders import folder_name, folder_name_key
from library.models.paths import path_from_text, path_to_text

TRACKS_AT_ONCE = 2_000
FOLDERS_AT_ONCE = 1_000

TRACKS = (
    'SELECT id, root, path, folder_id, cover_id, cover_file_name FROM library_track '
    'WHERE id > %s ORDER BY id LIMIT %s'
)
SET_FOLDER = 'UPDATE library_track SET folder_id = %s WHERE id = %s'
FOLDERS = 'SELECT id, root, path FROM library_folder WHERE id > %s ORDER BY id LIMIT %s'
ADD_FOLDER = (
    'INSERT INTO library_folder (root, path, name, name_key, parent_id, revision, cover_id, '
    "cover_file_name, albums_to_settle, track_count, total_track_count) "
    "VALUES (%s, %s, %s, %s, NULL, %s, '', '', %s, 0, 0)"
)
NEWER_FOLDERS = 'SELECT id, root, path FROM library_folder WHERE id > %s'
SET_PARENT = 'UPDATE library_folder SET parent_id = %s WHERE id = %s'
SET_COVER = 'UPDATE library_folder SET cover_id = %s, cover_file_name = %s WHERE id = %s'
COUNTS = (
    'SELECT folder_id, COUNT(*) FROM library_track '
    'WHERE missing_since IS NULL AND folder_id IS NOT NULL GROUP BY folder_id'
)
SET_COUNTS = 'UPDATE library_folder SET track_count = %s, total_track_count = %s WHERE id = %s'
ROOTS = 'SELECT DISTINCT root FROM library_track ORDER BY root'
KNOWN_ROOTS = 'SELECT root FROM library_musicfolder'
ADD_ROOT = 'INSERT INTO library_musicfolder (root) VALUES (%s)'

Place = tuple[str, str]


def fill(apps: Any, schema_editor: Any) -> None:
    connection = schema_editor.connection
    revisions = apps.get_model('library', 'Revision').objects
    revisions.update(number=F('number') + 1)
    revision = revisions.values_list('number', flat=True).first() or 0
    with transaction.atomic(connection.alias), connection.cursor() as cursor:
        _number_roots(cursor)
    ids: dict[Place, int] = {}
    for rows in _portions(connection, FOLDERS, FOLDERS_AT_ONCE):
        ids.update(_by_place(rows))
    for rows in _portions(connection, TRACKS, TRACKS_AT_ONCE):
        with transaction.atomic(connection.alias), connection.cursor() as cursor:
            _fill_tracks(cursor, rows, ids, revision)
    _count(connection, ids)


def _number_roots(cursor: Any) -> None:
    cursor.execute(KNOWN_ROOTS)
    known = set(cursor.fetchall())
    cursor.execute(ROOTS)
    _execute_all(cursor, ADD_ROOT, [row for row in cursor.fetchall() if row not in known])


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


def _by_place(rows: Iterable[Any]) -> dict[Place, int]:
    return {(path_from_text(root), path_from_text(path)): pk for pk, root, path in rows}


def _fill_tracks(cursor: Any, rows: list[Any], ids: dict[Place, int], revision: int) -> None:
    places = {row[0]: _folder_of(row) for row in rows}
    _add_folders(cursor, set(places.values()), ids, revision)
    new = [(ids[places[pk]], pk) for pk, _, _, folder_id, *_ in rows if folder_id is None]
    _execute_all(cursor, SET_FOLDER, new)
    covers = {ids[places[row[0]]]: row[4:] for row in rows if row[5]}
    _execute_all(cursor, SET_COVER, [(*cover, pk) for pk, cover in covers.items()])


def _folder_of(row: Any) -> Place:
    return path_from_text(row[1]), os.path.dirname(path_from_text(row[2]))


def _add_folders(
    cursor: Any, places: set[Place], ids: dict[Place, int], revision: int
) -> None:
    new: set[Place] = set()
    for root, path in places:
        at = path
        while (root, at) not in ids and (root, at) not in new:
            new.add((root, at))
            at = os.path.dirname(at)
    if not new:
        return
    newest = max(ids.values(), default=0)
    rows = [_new_row(place, revision) for place in sorted(new)]
    cursor.executemany(ADD_FOLDER, rows)
    cursor.execute(NEWER_FOLDERS, [newest])
    ids.update(_by_place(cursor.fetchall()))
    parents = [(ids[root, os.path.dirname(path)], ids[root, path]) for root, path in new if path]
    _execute_all(cursor, SET_PARENT, parents)


def _new_row(place: Place, revision: int) -> tuple[Any, ...]:
    name = folder_name(*place)
    root, path = place
    texts = (path_to_text(root), path_to_text(path), path_to_text(name), folder_name_key(name))
    return (*texts, revision, False)


def _count(connection: Any, ids: dict[Place, int]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(COUNTS)
        own = dict(cursor.fetchall())
    totals: Counter[int] = Counter()
    for (root, path), pk in ids.items():
        if pk in own:
            for above in _up_from(path):
                totals[ids[root, above]] += own[pk]
    rows = [(own.get(pk, 0), totals[pk], pk) for pk in ids.values()]
    for start in range(0, len(rows), FOLDERS_AT_ONCE):
        with transaction.atomic(connection.alias), connection.cursor() as cursor:
            cursor.executemany(SET_COUNTS, rows[start : start + FOLDERS_AT_ONCE])


def _up_from(path: str) -> Iterator[str]:
    while path:
        yield path
        path = os.path.dirname(path)
    yield ''


def _execute_all(cursor: Any, sql: str, rows: list[Any]) -> None:
    if rows:
        cursor.executemany(sql, rows)


class Migration(migrations.Migration):

    atomic = False

    dependencies = [
        ('library', '0011_what_is_known_of_new_fields'),
    ]

    operations = [
        migrations.RunPython(fill, migrations.RunPython.noop, elidable=True),
    ]
