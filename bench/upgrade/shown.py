"""What people see of a library, without the ids: equal for two libraries of the same files.

Missing tracks are not seen. They are what they were when their files were read for the last time.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from bench.upgrade.databases import Database, Row

OF_ITS_OWN = {
    *("id", "key", "album_id", "folder_id", "parent_id", "cover_folder_id", "cover_track_id"),
    *("revision", "added_at", "updated_at", "missing_since", "first_added_at"),
    *("albums_to_settle", "added_by_scan"),
}
"""Columns that differ between two libraries of the same files."""
NO_ORDER = {"genres", "labels"}
"""Lists of albums: what is equally frequent stands in the order of the ids."""
TRACK_CREDITS = (
    "SELECT c.track_id, c.role, c.position, c.instrument, c.credited_as, c.is_identified, a.name, "
    "a.musicbrainz_artist_id FROM library_trackartist c JOIN library_artist a ON a.id = c.artist_id"
)
TRACK_GENRES = (
    "SELECT t.track_id, t.position, g.name FROM library_trackgenre t "
    "JOIN library_genre g ON g.id = t.genre_id"
)
ALBUM_LABELS = (
    "SELECT t.album_id, t.position, g.name FROM library_albumlabel t "
    "JOIN library_label g ON g.id = t.label_id"
)
PRESENT = "SELECT id FROM library_track WHERE missing_since IS NULL"
USED = "SELECT * FROM library_{0} WHERE id IN (SELECT {0}_id FROM {1} WHERE {2}_id IN ({3}))"
PRESENT_ALBUMS = "SELECT id FROM library_album WHERE track_count > 0"
ARTISTS = USED.format("artist", "library_trackartist", "track", PRESENT)
GENRES = USED.format("genre", "library_trackgenre", "track", PRESENT)
LABELS = USED.format("label", "library_albumlabel", "album", PRESENT_ALBUMS)

Things = dict[str, Row]


def shown(database: Database) -> dict[str, Things]:
    """By the name of the table, by what tells a row from others, its columns."""
    tracks = database.rows("SELECT * FROM library_track WHERE missing_since IS NULL")
    folders = {row["id"]: row for row in database.rows("SELECT * FROM library_folder")}
    on_albums = defaultdict[int, list[str]](list)
    for row in tracks:
        on_albums[row["album_id"]].append(_place(row))
    names = {pk: "\n".join(sorted(places)) for pk, places in on_albums.items() if pk}
    return {
        "tracks": _tracks(database, tracks, names, folders),
        "albums": _albums(database, names),
        "artists": _artists(database, folders),
        "genres": _by_key(database.rows(GENRES)),
        "labels": _by_key(database.rows(LABELS)),
        "words": {row["text"]: _own(row) for row in database.rows("SELECT * FROM library_word")},
        "folders": _folders(folders),
    }


def _tracks(
    database: Database, tracks: list[Row], albums: dict[int, str], folders: dict[int, Row]
) -> Things:
    """`albums`: the name of each, by id."""
    credited = _lists(database.rows(TRACK_CREDITS), "track_id")
    genres = _lists(database.rows(TRACK_GENRES), "track_id")
    return {
        _place(row): {
            **_own(row),
            "album": albums.get(row["album_id"]),
            "folder": row["folder_id"] and _place(folders[row["folder_id"]]),
            "credits": credited[row["id"]],
            "genres' rows": genres[row["id"]],
        }
        for row in tracks
    }


def _albums(database: Database, names: dict[int, str]) -> Things:
    """The albums that have present tracks, each called after the paths of these."""
    rows = {row["id"]: row for row in database.rows("SELECT * FROM library_album")}
    labels = _lists(database.rows(ALBUM_LABELS), "album_id")
    return {
        name: {
            **_own(rows[pk]),
            "duration_s": round(rows[pk]["duration_s"], 3),
            "labels' rows": sorted(label for _, label in labels[pk]),
            "has picture's track": rows[pk]["cover_track_id"] is not None,
        }
        for pk, name in names.items()
    }


def _artists(database: Database, folders: dict[int, Row]) -> Things:
    return {
        f"{row['name_key']} {row['musicbrainz_artist_id']}": {
            **_own(row),
            "picture in": row["cover_folder_id"] and _place(folders[row["cover_folder_id"]]),
        }
        for row in database.rows(ARTISTS)
    }


def _folders(folders: dict[int, Row]) -> Things:
    return {
        _place(row): {
            **_own(row),
            "parent": row["parent_id"] and _place(folders[row["parent_id"]]),
            "albums are to be settled": bool(row["albums_to_settle"]),
        }
        for row in folders.values()
    }


def differences(found: dict[str, Things], wanted: dict[str, Things]) -> Iterator[str]:
    """A line for each thing that is not as wanted."""
    for table, things in wanted.items():
        others = found[table]
        for name in sorted(things.keys() - others.keys()):
            yield f"{table}: {_short(name)} is not there"
        for name in sorted(others.keys() - things.keys()):
            yield f"{table}: {_short(name)} should not be there"
        for name in sorted(others.keys() & things.keys()):
            for column, value in things[name].items():
                if others[name][column] != value:
                    yield (
                        f"{table}: {column} of {_short(name)} is "
                        f"{_short(others[name][column])}, not {_short(value)}"
                    )


def _short(value: object) -> str:
    text = " | ".join(str(value).splitlines())
    return text if len(text) <= 120 else f"{text[:117]}..."


def _place(row: Row) -> str:
    return f"{row['root']}/{row['path']}"


def _own(row: Row) -> Row:
    return {
        name: _sorted(value) if name in NO_ORDER and "artist" not in name else value
        for name, value in row.items()
        if name not in OF_ITS_OWN
    }


def _sorted(value: Any) -> Any:
    return sorted(json.loads(value)) if isinstance(value, str) else value


def _by_key(rows: Iterable[Row]) -> Things:
    return {row["key"]: _own(row) for row in rows}


def _lists(rows: Iterable[Row], column: str) -> defaultdict[int, list[tuple[Any, ...]]]:
    """Of each track or album its rows, without this column."""
    found = defaultdict[int, list[tuple[Any, ...]]](list)
    for row in rows:
        found[row[column]].append(tuple(value for name, value in row.items() if name != column))
    for each in found.values():
        each.sort(key=str)
    return found
