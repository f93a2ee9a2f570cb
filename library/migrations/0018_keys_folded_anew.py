"""Computes the keys of artists, genres and record labels anew: typographic variants are one name.
Joins rows that become equal. Says of known credits whether their files state the artist's id.

It works in portions, each in a transaction of its own. What is done already is not found again
after an interruption, and rows that become one are joined in one transaction, so that it makes no
difference where it was interrupted. No rows of other apps point at these models yet.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from django.db import migrations, transaction
from django.utils import timezone
from library.models.folding import identity_key

ROWS_AT_ONCE = 2_000
NAMES_AT_ONCE = 100
TRACKS_AT_ONCE = 1_000
VALUES_AT_ONCE = 500

UPDATE_ARTIST = (
    'UPDATE library_artist SET key = %s, musicbrainz_artist_id = %s, revision = %s WHERE id = %s'
)
UPDATE_NAMED = 'UPDATE {table} SET key = %s, revision = %s WHERE id = %s'
# Of two links that become equal, the one of the row that goes is dropped.
DROP_EQUAL = (
    'DELETE FROM {links} WHERE {row} = %s AND EXISTS (SELECT 1 FROM {links} AS other '
    'WHERE other.{row} = %s AND {same})'
)
TOUCH_TRACKS = (
    'UPDATE library_track SET revision = %s WHERE id IN '
    '(SELECT track_id FROM {links} WHERE {row} = %s)'
)
TOUCH_ALBUMS = (
    'UPDATE library_album SET revision = %s WHERE id IN '
    '(SELECT album_id FROM library_albumlabel WHERE label_id = %s)'
)
MOVE = 'UPDATE {links} SET {row} = %s WHERE {row} = %s'
MOVE_CREDITS = (
    'UPDATE library_trackartist SET artist_id = %s, credited_as = COALESCE(credited_as, %s) '
    'WHERE artist_id = %s'
)
FORGET_SPELLING = (
    'UPDATE library_trackartist SET credited_as = NULL WHERE artist_id = %s AND credited_as = %s'
)
TRACKS = (
    'SELECT id, artists, musicbrainz_artist_ids FROM library_track '
    'WHERE id > %s ORDER BY id LIMIT %s'
)
CREDITS = (
    'SELECT credit.id, credit.track_id, artist.key, artist.musicbrainz_artist_id '
    'FROM library_trackartist AS credit '
    'JOIN library_artist AS artist ON artist.id = credit.artist_id '
    "WHERE credit.track_id BETWEEN %s AND %s AND credit.role = 'artist' "
    "AND artist.musicbrainz_artist_id <> ''"
)
SET_IDENTIFIED = 'UPDATE library_trackartist SET is_identified = %s WHERE id = %s'
UNIDENTIFIED_ARTISTS = (
    "SELECT id FROM library_artist AS artist WHERE musicbrainz_artist_id <> '' AND NOT EXISTS "
    '(SELECT 1 FROM library_trackartist AS credit '
    'WHERE credit.artist_id = artist.id AND credit.is_identified)'
)
SET_ALL_IDENTIFIED = 'UPDATE library_trackartist SET is_identified = %s WHERE artist_id = %s'


class Links(NamedTuple):
    """The table that points at the rows of a model, with the column, and what else makes two of its
    rows equal."""

    table: str
    column: str
    same: str


class Table(NamedTuple):
    name: str
    links: Links


class Row(NamedTuple):
    """A row of one of the tables. `links`: how many rows point at it."""

    id: int
    key: str
    name: str
    musicbrainz_artist_id: str = ''
    links: int = 0


ARTISTS = Table(
    'library_artist',
    Links(
        *('library_trackartist', 'artist_id'),
        'other.track_id = library_trackartist.track_id AND other.role = library_trackartist.role '
        'AND other.instrument = library_trackartist.instrument',
    ),
)
GENRES = Table(
    'library_genre',
    Links('library_trackgenre', 'genre_id', 'other.track_id = library_trackgenre.track_id'),
)
LABELS = Table(
    'library_label',
    Links('library_albumlabel', 'label_id', 'other.album_id = library_albumlabel.album_id'),
)


def fill(_: Any, schema_editor: Any) -> None:
    connection = schema_editor.connection
    for table in (ARTISTS, GENRES, LABELS):
        names = sorted(_changed(connection, table).items())
        for start in range(0, len(names), NAMES_AT_ONCE):
            with transaction.atomic(connection.alias), connection.cursor() as cursor:
                revision = _raised_revision(cursor)
                for key, rows in names[start : start + NAMES_AT_ONCE]:
                    _settle(cursor, table, key, rows, revision)
    for rows in _portions(connection, TRACKS, TRACKS_AT_ONCE):
        with transaction.atomic(connection.alias), connection.cursor() as cursor:
            _identify(cursor, rows)
    _identify_others(connection)


def _changed(connection: Any, table: Table) -> dict[str, list[Row]]:
    """The names whose key is another one now, with all rows that have it; those that
    most rows point at come first."""
    found: defaultdict[str, list[Row]] = defaultdict(list)
    columns = 'id, key, name' + (', musicbrainz_artist_id' if table is ARTISTS else '')
    ask = f'SELECT {columns} FROM {table.name} WHERE id > %s ORDER BY id LIMIT %s'
    for portion in _portions(connection, ask, ROWS_AT_ONCE):
        for row in (Row(*values) for values in portion):
            key = identity_key(row.name)
            if row.key.partition('\n')[0] != key:
                found[key].append(row)
    with connection.cursor() as cursor:
        for some in _slices(sorted(found)):
            marks = ', '.join(['%s'] * len(some))
            cursor.execute(f'SELECT {columns} FROM {table.name} WHERE key IN ({marks})', some)
            for row in (Row(*values) for values in cursor.fetchall()):
                if row.id not in {other.id for other in found[row.key]}:
                    found[row.key].append(row)
        counts = _counts(cursor, table, [row.id for rows in found.values() for row in rows])
    return {
        key: sorted((row._replace(links=counts[row.id]) for row in rows), key=_most_links_first)
        for key, rows in found.items()
    }


def _most_links_first(row: Row) -> tuple[int, int]:
    return -row.links, row.id


def _counts(cursor: Any, table: Table, ids: Sequence[int]) -> Counter[int]:
    counts: Counter[int] = Counter()
    links = table.links
    for some in _slices(ids):
        marks = ', '.join(['%s'] * len(some))
        cursor.execute(
            f'SELECT {links.column}, COUNT(*) FROM {links.table} '
            f'WHERE {links.column} IN ({marks}) GROUP BY {links.column}',
            some,
        )
        counts.update(dict(cursor.fetchall()))
    return counts


def _settle(cursor: Any, table: Table, key: str, rows: Sequence[Row], revision: int) -> None:
    """Give the key to the rows of that name, and join those that are one."""
    # The last first: the key of the name may have to be taken from one of them.
    for number, one in reversed([*enumerate(_groups(rows))]):
        stays, *others = one
        for goes in others:
            _join(cursor, table, goes, stays, revision)
        if table is ARTISTS:
            id_ = next((row.musicbrainz_artist_id for row in one if row.musicbrainz_artist_id), '')
            own_key = f'{key}\n{id_}' if number else key
            cursor.execute(UPDATE_ARTIST, [own_key, id_, revision, stays.id])
        else:
            cursor.execute(UPDATE_NAMED.format(table=table.name), [key, revision, stays.id])


def _groups(rows: Sequence[Row]) -> list[list[Row]]:
    """The rows that are one: all, unless they have different MusicBrainz ids. Those without an id
    go with the first."""
    by_id: dict[str, list[Row]] = {}
    for row in rows:
        if row.musicbrainz_artist_id:
            by_id.setdefault(row.musicbrainz_artist_id, []).append(row)
    without_id = [row for row in rows if not row.musicbrainz_artist_id]
    first, *others = list(by_id.values()) or [[]]
    together = sorted([*first, *without_id], key=_most_links_first)
    return [together, *others]


def _join(cursor: Any, table: Table, goes: Row, stays: Row, revision: int) -> None:
    links, column, same = table.links
    touch = TOUCH_ALBUMS if table is LABELS else TOUCH_TRACKS.format(links=links, row=column)
    cursor.execute(touch, [revision, goes.id])
    drop = DROP_EQUAL.format(links=links, row=column, same=same)
    cursor.execute(drop, [goes.id, stays.id])
    if table is ARTISTS:
        cursor.execute(MOVE_CREDITS, [stays.id, goes.name, goes.id])
        cursor.execute(FORGET_SPELLING, [stays.id, stays.name])
        _bury(cursor, goes.id, stays.id, revision)
    else:
        cursor.execute(MOVE.format(links=links, row=column), [stays.id, goes.id])
    cursor.execute(f'DELETE FROM {table.name} WHERE id = %s', [goes.id])


def _bury(cursor: Any, goes: int, stays: int, revision: int) -> None:
    cursor.execute(
        "DELETE FROM library_tombstone WHERE kind = 'artist' AND row_id IN (%s, %s)", [goes, stays]
    )
    cursor.execute(
        'INSERT INTO library_tombstone (kind, row_id, revision, replaced_by, deleted_at) '
        "VALUES ('artist', %s, %s, %s, %s)",
        [goes, revision, stays, cursor.db.ops.adapt_datetimefield_value(timezone.now())],
    )


def _raised_revision(cursor: Any) -> int:
    cursor.execute('UPDATE library_revision SET number = number + 1')
    cursor.execute('SELECT number FROM library_revision')
    row = cursor.fetchone()
    return row[0] if row else 0


def _identify(cursor: Any, tracks: Sequence[Any]) -> None:
    """Mark the credits of these tracks as artist whose files state the id of the artist's row."""
    stated = {pk: _stated_ids(artists, ids) for pk, artists, ids in tracks}
    cursor.execute(CREDITS, [tracks[0][0], tracks[-1][0]])
    identified = [
        (True, credit_id)
        for credit_id, track_id, key, id_ in cursor.fetchall()
        if stated.get(track_id, {}).get(key.partition('\n')[0]) == id_
    ]
    if identified:
        cursor.executemany(SET_IDENTIFIED, identified)


def _stated_ids(artists: str, ids: str) -> dict[str, str]:
    """The id of each name, if the file states one for each."""
    names, stated = json.loads(artists), json.loads(ids)
    if len(names) != len(stated):
        return {}
    return dict(zip(map(identity_key, names), stated, strict=True))


def _identify_others(connection: Any) -> None:
    """The ids of other artists were stated for album artists, which tracks do not keep: until their
    files are read again all of their credits count as stated."""
    with connection.cursor() as cursor:
        cursor.execute(UNIDENTIFIED_ARTISTS)
        ids = [pk for (pk,) in cursor.fetchall()]
    for some in _slices(ids):
        with transaction.atomic(connection.alias), connection.cursor() as cursor:
            cursor.executemany(SET_ALL_IDENTIFIED, [(True, pk) for pk in some])


def _slices(values: Sequence[Any]) -> Iterable[Sequence[Any]]:
    return (
        values[start : start + VALUES_AT_ONCE] for start in range(0, len(values), VALUES_AT_ONCE)
    )


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


class Migration(migrations.Migration):

    atomic = False

    dependencies = [
        ('library', '0017_albums_to_settle'),
    ]

    operations = [
        migrations.RunPython(fill, migrations.RunPython.noop, elidable=True),
    ]
