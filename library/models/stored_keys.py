"""Computes the search texts, the sort keys and the words of stored rows anew, without their files:
for a migration, and for a scan after IGNORED_ARTICLES was changed.

Rows are read and written in portions, and only rows of which something changes are written.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache, partial
from itertools import chain
from typing import Any, NamedTuple

from django.db import connection

from library.models.folders import folder_name_key
from library.models.folding import name_key, sort_key
from library.models.paths import path_from_text
from library.models.searched import artist_text, searched_text, track_texts

ROWS_AT_ONCE = 2_000

_ADD_WORD = (
    "INSERT INTO library_word (text, backwards) VALUES (%s, %s) ON CONFLICT (text) DO NOTHING"
)

Row = Sequence[Any]


class _Table(NamedTuple):
    """`select` returns the id, the columns that are `computed`, and what `compute` needs, of rows
    after an id."""

    select: str
    update: str
    computed: int
    compute: Callable[[Row], Row]
    words: Callable[[Row], Iterable[str]]
    """Texts of plain words, of what was computed."""


class Portion(NamedTuple):
    """Statements to execute in one transaction, each with its rows, and the number of catalogue
    rows that they change."""

    statements: list[tuple[str, list[Row]]]
    changed: int


def portions(title_without_disc: Callable[[str], str]) -> Iterator[Portion]:
    """What has to be written for the rows of all tables. Each portion is read when it is asked for.
    Portions without anything to write are left out.

    `title_without_disc`: what tracks are sorted by instead of their album's title.
    """
    known: set[str] = set()
    tracks = _TRACKS._replace(compute=partial(_of_track, title_without_disc))
    for table in (tracks, *_OTHER_TABLES):
        last = 0
        while rows := _selected(table.select, last):
            last = rows[-1][0]
            if portion := _portion(table, rows, known):
                yield portion


def write(portion: Portion) -> None:
    """Execute the portion in the caller's transaction."""
    with connection.cursor() as cursor:
        for sql, rows in portion.statements:
            cursor.executemany(sql, rows)


def _selected(sql: str, last: int) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql, [last, ROWS_AT_ONCE])
        found: list[Any] = cursor.fetchall()
    return found


def _portion(table: _Table, rows: Iterable[Row], known: set[str]) -> Portion | None:
    updates: list[Row] = []
    texts: list[str] = []
    for row in rows:
        pk, stored, given = row[0], row[1 : 1 + table.computed], row[1 + table.computed :]
        computed = table.compute(given)
        texts += table.words(computed)
        if tuple(stored) != tuple(computed):
            updates.append((*computed, pk))
    words = _new_words(texts, known)
    pairs = ((table.update, updates), (_ADD_WORD, words))
    statements = [(sql, found) for sql, found in pairs if found]
    return Portion(statements, len(updates)) if statements else None


def _new_words(texts: Iterable[str], known: set[str]) -> list[Row]:
    found = set(chain.from_iterable(map(str.split, texts))) - known
    known |= found
    return [(word, word[::-1]) for word in sorted(found) if not word.isdecimal()]


def _of_track(title_without_disc: Callable[[str], str], given: Row) -> Row:
    *names_and_forms, genres, year, original_date, artists, sort_name = given
    names, forms = names_and_forms[:5], names_and_forms[5:]
    artist_sort = forms[1] or (sort_name if len(list_in(artists)) == 1 else "")
    years = (year, original_date)
    return (
        sort_key(names[0], forms[0]),
        sort_key(names[1], artist_sort),
        sort_key(title_without_disc(names[2]), forms[2]),
        searched_text(track_texts(names, forms), list_in(genres), years),
    )


def _of_album(given: Row) -> Row:
    title, title_sort, artist, artist_sort, genres, *years = given
    names = (title, artist, title_sort, artist_sort)
    return (
        sort_key(title, title_sort),
        sort_key(artist, artist_sort),
        searched_text(names, list_in(genres), years),
    )


def _of_artist(given: Row) -> Row:
    name, sort_name = given
    return sort_key(name, sort_name), name_key(name), artist_text(name, sort_name)


@lru_cache(maxsize=1024)
def list_in(text: str) -> list[str]:
    found: list[str] = json.loads(text)
    return found


def _of_name(given: Row) -> Row:
    return (sort_key(given[0]),)


_ALBUMS = _Table(
    "SELECT id, title_key, artist_key, search_text, title, title_sort, album_artist, "
    "album_artist_sort, genres, year, first_year "
    "FROM library_album WHERE id > %s ORDER BY id LIMIT %s",
    "UPDATE library_album SET title_key = %s, artist_key = %s, search_text = %s WHERE id = %s",
    3,
    _of_album,
    lambda computed: [computed[2]],
)
_ARTISTS = _Table(
    "SELECT id, sort_key, name_key, search_text, name, sort_name "
    "FROM library_artist WHERE id > %s ORDER BY id LIMIT %s",
    "UPDATE library_artist SET sort_key = %s, name_key = %s, search_text = %s WHERE id = %s",
    3,
    _of_artist,
    lambda computed: [computed[2]],
)


_TRACKS = _Table(
    "SELECT t.id, t.title_key, t.artist_key, t.album_key, t.search_text, "
    "t.title, t.artist, t.album_title, t.album_artist, t.composer, "
    "t.title_sort, t.artist_sort, t.album_sort, t.album_artist_sort, t.composer_sort, "
    "t.genres, t.year, t.original_date, t.artists, COALESCE(a.sort_name, '') "
    "FROM library_track t "
    "LEFT JOIN library_trackartist c ON c.track_id = t.id AND c.role = 'artist' AND c.position = 0 "
    "LEFT JOIN library_artist a ON a.id = c.artist_id "
    "WHERE t.id > %s ORDER BY t.id LIMIT %s",
    "UPDATE library_track SET title_key = %s, artist_key = %s, album_key = %s, search_text = %s "
    "WHERE id = %s",
    4,
    partial(_of_track, str),
    lambda computed: [computed[3]],
)


def _of_names(table: str) -> _Table:
    return _Table(
        f"SELECT id, sort_key, name FROM {table} WHERE id > %s ORDER BY id LIMIT %s",  # noqa: S608
        f"UPDATE {table} SET sort_key = %s WHERE id = %s",  # noqa: S608
        1,
        _of_name,
        lambda computed: [computed[0]],
    )


# Articles make no difference to folders: these are here for the migration.
_FOLDERS = _Table(
    select="SELECT id, name_key, name FROM library_folder WHERE id > %s ORDER BY id LIMIT %s",
    update="UPDATE library_folder SET name_key = %s WHERE id = %s",
    computed=1,
    compute=lambda given: (folder_name_key(path_from_text(given[0])),),
    words=lambda _: (),
)
_OTHER_TABLES = (
    *(_ALBUMS, _ARTISTS, _of_names("library_genre"), _of_names("library_label"), _FOLDERS),
)
