"""What has to be looked at to work out the albums of some units: their tracks, and those of other
units that are, or may become, one album with them. Only reads the database."""

import os
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from operator import itemgetter
from typing import Any, NamedTuple

from library.albums import members
from library.albums.members import Member, member_of
from library.albums.unit_albums import UnitAlbum, unit_albums
from library.albums.units import Place, unit_of
from library.models.albums import Album
from library.models.catalogue import Track
from library.scanning.album_rows import DERIVED, SOURCE_COLUMNS
from library.scanning.lookup import rows_among
from library.scanning.to_settle import FolderRow

_OTHER_COLUMNS = ("folder_id", "missing_since", "revision")
COLUMNS = (
    *SOURCE_COLUMNS,
    *(name for name in (*members.COLUMNS, *_OTHER_COLUMNS) if name not in SOURCE_COLUMNS),
)
"""The columns of tracks that are read: those of `SOURCE_COLUMNS` come first."""
ID, ALBUM, FOLDER, MISSING_SINCE, REVISION = (
    COLUMNS.index(name) for name in ("id", "album_id", "folder_id", "missing_since", "revision")
)
_member_values = itemgetter(*map(COLUMNS.index, members.COLUMNS))

TrackRow = tuple[Any, ...]
"""A row of COLUMNS."""


class StoredAlbum(NamedTuple):
    """An album before. `derived` is a row of `DERIVED`."""

    derived: Sequence[Any]
    revision: int

    def column(self, name: str) -> Any:
        return self.derived[DERIVED.index(name)]


_ALBUM_COLUMNS = ("id", "revision", *DERIVED)


class Neighbourhood:
    """The tracks and albums around some units.

    - `rows`: of all tracks that were looked at, by id, present or missing.
    - `stored`: the albums that these tracks were on, or that have one of their keys, by id.
    - `missing`: the ids of the missing tracks of each of these albums; and of those without a
      folder, which a server of an older version stored.
    - `present`: the ids of the present tracks of the units.
    - `folder_ids`: of all folders of the units.
    """

    def __init__(self, folders: Sequence[FolderRow]) -> None:
        self.rows: dict[int, TrackRow] = {}
        self.stored: dict[int, StoredAlbum] = {}
        self.missing = defaultdict[int, list[int]](list)
        self.present: set[int] = set()
        self._albums: dict[Place, list[UnitAlbum]] = {}
        self._asked: defaultdict[str, set[Any]] = defaultdict(set)
        self._on: set[int | None] = set()
        self._wanted = {folder.unit for folder in folders}
        self.folder_ids = self._load_units(folders)
        while self._look_further():
            pass

    def albums(self) -> list[UnitAlbum]:
        """The albums of the units, and those albums of other units that may be one with them."""
        of_units = [each for unit in self._wanted for each in self._albums.get(unit, ())]
        others = [
            each
            for unit, albums in self._albums.items()
            if unit not in self._wanted
            for each in albums
            if self._is_near(each)
        ]
        return of_units + others

    def _is_near(self, album: UnitAlbum) -> bool:
        asked = self._asked
        return (
            album.key in asked["name_key"]
            or (album.release_id in asked["musicbrainz_release_id"])
            or (album.by_hand in asked["album_by_hand"])
            or any(member.album_id in self.stored for member in album.members)
        )

    def _look_further(self) -> bool:
        """Load the units that hold tracks of the albums so far, and of albums that have a key or
        release id of these, or of what these were before: who loses a namesake may be told apart
        otherwise. Returns whether there may be more."""
        albums = self.albums()
        on = {member.album_id for each in albums for member in each.members} | self._on
        before = [*_albums_among("id", self._new("id", on))]
        names = {(each.key, each.release_id) for each in albums}
        names |= {
            (album.column("name_key"), album.column("musicbrainz_release_id"))
            for _, album in before
        }
        keys = self._new("name_key", (key for key, _ in names))
        ids = self._new("musicbrainz_release_id", (release_id for _, release_id in names))
        marks = self._new("album_by_hand", (each.by_hand for each in albums))
        found = [
            *before,
            *_albums_among("name_key", keys),
            *_albums_among("musicbrainz_release_id", ids),
        ]
        album_ids = {pk for pk, _ in found} - self.stored.keys()
        self.stored.update(found)
        self._asked["id"] |= album_ids
        on_albums = _tracks_among("album_id", album_ids)
        for row in on_albums:
            if row[MISSING_SINCE] is not None or row[FOLDER] is None:
                self.missing[row[ALBUM]].append(row[ID])
                self.rows[row[ID]] = row
        # Whatever is asked for makes more of the albums of other units near.
        is_any_new = bool(keys or ids or marks or album_ids)
        is_any_loaded = self._load_units_of([*on_albums, *_tracks_marked(marks)])
        return is_any_loaded or (is_any_new and len(self._albums) > len(self._wanted))

    def _new(self, column: str, values: Iterable[Any]) -> set[Any]:
        """Those of the values that were not asked for before. They count as asked for now."""
        new = {value for value in values if value} - self._asked[column]
        self._asked[column] |= new
        return new

    def _load_units_of(self, rows: Iterable[TrackRow]) -> bool:
        """Load the units of these tracks. Returns whether any was not loaded yet."""
        folder_ids = {
            row[FOLDER]
            for row in rows
            if row[MISSING_SINCE] is None
            and row[FOLDER] is not None
            and _unit_of_row(row) not in self._albums
        }
        self._load_units(FolderRow.among("id", folder_ids))
        return bool(folder_ids)

    def _load_units(self, folders: Sequence[FolderRow]) -> set[int]:
        """Load the units of these folders. Returns the ids of all their folders."""
        units = {folder.unit for folder in folders}
        all_folders = _folders_of_units(folders)
        present = defaultdict[Place, list[Member]](list)
        for row in _tracks_among("folder_id", all_folders.keys()):
            unit = all_folders[row[FOLDER]].unit
            if unit in self._wanted:
                self._on.add(row[ALBUM])
            if row[MISSING_SINCE] is None and unit in units:
                self.rows[row[ID]] = row
                present[unit].append(member_of(_member_values(row)))
                if unit in self._wanted:
                    self.present.add(row[ID])
        for unit, of_unit in present.items():
            self._albums[unit] = unit_albums(of_unit)
        return {*all_folders}


def _folders_of_units(folders: Iterable[FolderRow]) -> dict[int, FolderRow]:
    """All folders of these folders' units, by id."""
    known = {folder.folder_id: folder for folder in folders}
    units = {folder.unit for folder in folders}
    inner: Iterable[FolderRow] = list(known.values())
    while above := {f.parent_id for f in inner if not f.is_top and f.parent_id} - known.keys():
        inner = FolderRow.among("id", above)
        known |= {folder.folder_id: folder for folder in inner}
    outer: Collection[int] = known.keys()
    while outer:
        below = {folder.folder_id: folder for folder in FolderRow.among("parent_id", outer)}
        outer = {pk for pk, folder in below.items() if folder.unit in units} - known.keys()
        known |= {pk: below[pk] for pk in outer}
    return known


def _albums_among(key: str, values: Collection[Any]) -> Iterable[tuple[int, StoredAlbum]]:
    for pk, revision, *derived in rows_among(Album, _ALBUM_COLUMNS, key, values):
        yield pk, StoredAlbum(derived, revision)


def _tracks_marked(marks: Collection[Any]) -> list[TrackRow]:
    return rows_among(Track, COLUMNS, "album_by_hand", marks, " AND album_by_hand > ''")


def _tracks_among(key: str, values: Collection[Any]) -> list[TrackRow]:
    return rows_among(Track, COLUMNS, key, values)


def _unit_of_row(row: TrackRow) -> Place:
    _, root, path, *_ = _member_values(row)
    return unit_of((root, os.path.dirname(path)))
