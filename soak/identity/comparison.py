"""What a library says of its ids, put so that two libraries of the same history can be compared.

Rows that both libraries had before are named by their ids, rows that are new by what they are: a
track by its path, an album by its tracks, an artist or a folder by its name.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from bench.upgrade.databases import Database
from bench.upgrade.shown import differences, shown

TABLES = {
    "track": "library_track",
    "album": "library_album",
    "artist": "library_artist",
    "folder": "library_folder",
    "scan": "library_scan",
    "join": "library_join",
}
Facts = dict[str, dict[str, Any]]


@dataclass(frozen=True)
class Before:
    """What a library knew before a round: the highest id of each table, all ids, its tombstones."""

    newest: dict[str, int]
    ids: dict[str, frozenset[int]]
    missing: frozenset[int]

    @classmethod
    def of(cls, database: Database) -> "Before":
        ids = {
            kind: frozenset(row["id"] for row in database.rows(f"SELECT id FROM {table}"))  # noqa: S608
            for kind, table in TABLES.items()
        }
        stones = database.rows("SELECT kind, row_id FROM library_tombstone")
        buried = {(row["kind"], row["row_id"]) for row in stones}
        newest = {
            kind: max([0, *ids[kind], *(pk for of, pk in buried if of == kind)]) for kind in ids
        }
        missing = database.rows("SELECT id FROM library_track WHERE missing_since IS NOT NULL")
        return cls(newest, ids, frozenset(row["id"] for row in missing))


def compared(killed: Database, twin: Database, before: Before) -> Iterator[str]:
    """A sentence for each thing in which the library `killed` is not as its twin."""
    found, wanted = facts(killed, before), facts(twin, before)
    for table, rows in wanted.items():
        for name in sorted(rows.keys() | found[table].keys()):
            one, other = found[table].get(name), rows.get(name)
            if one != other:
                yield f"{table}: {name} is {one}, of the undisturbed scan {other}"
    yield from differences(shown(killed), shown(twin))


def lost(database: Database, before: Before) -> Iterator[str]:
    """A sentence for each id of `before` that neither lives nor has a tombstone, or that has both,
    and for each tombstone that leads nowhere."""
    stones: dict[str, dict[int, int | None]] = defaultdict(dict)
    for row in database.rows("SELECT kind, row_id, replaced_by FROM library_tombstone"):
        stones[row["kind"]][row["row_id"]] = row["replaced_by"]
    for kind in ("track", "album", "artist", "folder"):
        rows = database.rows(f"SELECT id FROM {TABLES[kind]}")  # noqa: S608
        living, buried = {row["id"] for row in rows}, stones[kind]
        for pk in sorted(before.ids[kind] - living - buried.keys()):
            yield f"{kind} {pk} is lost without a tombstone"
        for pk in sorted(living & buried.keys()):
            yield f"{kind} {pk} lives and has a tombstone"
        for pk, other in sorted(buried.items()):
            if other is not None and other not in living and other not in buried:
                yield f"the tombstone of {kind} {pk} leads to {other}, which never was"


def facts(database: Database, before: Before) -> Facts:
    """By the name of a table: by the name of each row, what must be equal."""
    rows = {kind: database.rows(f"SELECT * FROM {table}") for kind, table in TABLES.items()}  # noqa: S608
    names = _Names(before)
    names.add("track", rows["track"], lambda row: f"{row['root']}/{row['path']}")
    names.add("artist", rows["artist"], lambda row: row["key"])
    names.add("folder", rows["folder"], lambda row: f"{row['root']}/{row['path']}")
    on_album = defaultdict[int, list[str]](list)
    for row in rows["track"]:
        on_album[row["album_id"]].append(names["track", row["id"]])
    names.add("album", rows["album"], lambda row: f"{row['title']} {sorted(on_album[row['id']])}")
    return {
        "track": {names["track", row["id"]]: _track(row, before) for row in rows["track"]},
        "album": {
            names["album", row["id"]]: (row["title"], sorted(on_album[row["id"]]))
            for row in rows["album"]
        },
        "artist": {names["artist", row["id"]]: (row["key"], row["name"]) for row in rows["artist"]},
        "folder": {
            names["folder", row["id"]]: f"{row['root']}/{row['path']}" for row in rows["folder"]
        },
        "tombstone": _tombstones(database, names, before),
        "join": Counter(_join(row, names) for row in rows["join"]),
        "player": {
            str(row["user_id"]): _player(row, names)
            for row in database.rows("SELECT * FROM library_playerstate")
        },
    }


class _Names:
    """The name of each row, by its table and its id."""

    def __init__(self, before: Before) -> None:
        self._before = before
        self._names: dict[tuple[str, int | None], str] = {}

    def add(self, kind: str, rows: list[dict[str, Any]], new_name: Any) -> None:
        for row in rows:
            is_known = row["id"] <= self._before.newest[kind]
            self._names[kind, row["id"]] = str(row["id"]) if is_known else f"new {new_name(row)}"

    def __getitem__(self, key: tuple[str, int | None]) -> str:
        kind, pk = key
        if key in self._names or pk is None:
            return self._names.get(key, "none")
        return str(pk) if pk <= self._before.newest[kind] else "new and gone"


def _track(row: dict[str, Any], before: Before) -> tuple[Any, ...]:
    is_known = row["id"] <= before.newest["track"]
    was_missing = row["id"] in before.missing
    scan = row["added_by_scan"] if row["added_by_scan"] <= before.newest["scan"] else "this round"
    missing = row["missing_since"]
    return (
        row["root"],
        row["path"],
        row["audio_digest"],
        row["title"],
        row["album_by_hand"],
        str(row["added_at"]) if is_known else "new",
        scan,
        str(missing) if was_missing and missing else missing is not None,
    )


def _tombstones(database: Database, names: _Names, before: Before) -> dict[str, Any]:
    """Tombstones of rows that were known before; of new tracks, how many have one already."""
    found: dict[str, Any] = {}
    of_new = 0
    for row in database.rows("SELECT kind, row_id, replaced_by FROM library_tombstone"):
        kind, pk = row["kind"], row["row_id"]
        if pk <= before.newest[kind]:
            found[f"{kind} {pk}"] = names[kind, row["replaced_by"]]
        elif kind == "track":
            of_new += 1
    return {**found, "new tracks": of_new}


def _join(row: dict[str, Any], names: _Names) -> str:
    shown_columns = (
        *(names["track", row["track_id"]], names["track", row["replaced_id"]]),
        *(row["reason"], row["lost_root"], row["lost_path"], row["replaced_path"]),
        *(row["ended_by"], row["ended_at"] is not None),
    )
    return " ".join(map(str, shown_columns))


def _player(row: dict[str, Any], names: _Names) -> tuple[Any, ...]:
    track = names["track", row["current_track_id"]]
    return (track, row["progress_seconds"], row["lost_title"], row["lost_progress_seconds"])
