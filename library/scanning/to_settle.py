"""Flags of folders whose tracks changed since their albums were worked out. To settle a folder
means to work out the albums of its tracks.

A transaction that changes tracks sets the flags; the one that writes the albums clears them. So
whatever ends a scan, the next one knows what is left to do.
"""

from collections.abc import Collection, Iterable
from typing import NamedTuple, Self

from django.db import connection

from library.albums.units import Place, unit_of
from library.models.catalogue import Track
from library.models.folders import Folder
from library.scanning.lookup import VALUES_AT_ONCE, rows_among

_COLUMNS = ("id", "root", "path", "parent_id", "track_count")
_TABLE = Folder._meta.db_table


class FolderRow(NamedTuple):
    """A folder. `root` and `path` are as they are stored; see `library.models.paths`."""

    folder_id: int
    root: str
    path: str
    parent_id: int | None
    track_count: int

    @property
    def unit(self) -> Place:
        return unit_of((self.root, self.path))

    @property
    def is_top(self) -> bool:
        """Whether this is the folder of its unit, rather than a disc folder."""
        return self.unit == (self.root, self.path)

    @classmethod
    def among(cls, key: str, values: Collection[int]) -> list[Self]:
        """The folders whose column `key` is one of `values`."""
        return [cls(*row) for row in rows_among(Folder, _COLUMNS, key, values)]


def flag(folder_ids: Iterable[int]) -> None:
    """Note that the albums of these folders' tracks are to be worked out."""
    _write(folder_ids, is_flagged=True)


def clear(folder_ids: Iterable[int]) -> None:
    """Note that the albums of these folders' tracks are worked out."""
    _write(folder_ids, is_flagged=False)


def flagged(above: int, limit: int) -> list[FolderRow]:
    """The first flagged folders with an id above this one. Only reads the database."""
    sql = (
        f"SELECT {', '.join(_COLUMNS)} FROM {_TABLE} "  # noqa: S608
        "WHERE albums_to_settle AND id > %s ORDER BY id LIMIT %s"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [above, limit])
        return [FolderRow(*row) for row in cursor.fetchall()]


def flagged_ids() -> list[int]:
    """The ids of all flagged folders. Only reads the database."""
    flagged_folders = Folder.objects.order_by().filter(albums_to_settle=True)
    return list(flagged_folders.values_list("pk", flat=True))


def flagged_ids_with_new_tracks() -> list[int]:
    """The ids of flagged folders that hold present tracks without an album. Only reads the
    database."""
    sql = (
        f"SELECT id FROM {_TABLE} folder WHERE albums_to_settle AND EXISTS ("  # noqa: S608
        f"SELECT 1 FROM {Track._meta.db_table} track WHERE track.folder_id = folder.id "
        "AND track.album_id IS NULL AND track.missing_since IS NULL)"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return [pk for (pk,) in cursor.fetchall()]


def is_anything_flagged() -> bool:
    """Whether the albums of any tracks are to be worked out. Only reads the database."""
    return bool(flagged(0, 1))


def _write(folder_ids: Iterable[int], *, is_flagged: bool) -> None:
    other = "NOT albums_to_settle" if is_flagged else "albums_to_settle"
    wanted = sorted(folder_ids)
    for start in range(0, len(wanted), VALUES_AT_ONCE):
        some = wanted[start : start + VALUES_AT_ONCE]
        marks = ", ".join(["%s"] * len(some))
        sql = (
            f"UPDATE {_TABLE} SET albums_to_settle = %s "  # noqa: S608
            f"WHERE id IN ({marks}) AND {other}"
        )
        with connection.cursor() as cursor:
            cursor.execute(sql, [is_flagged, *some])
