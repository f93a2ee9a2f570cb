"""Folders as people put their files there: what is in one, and what is above it."""

import os
from collections.abc import Sequence
from typing import Any, NamedTuple

from django.conf import settings
from django.db import connection
from django.db.models import Count, F, Min, OuterRef, QuerySet, Subquery
from django.db.models.functions import Collate

from library.models.catalogue import Track
from library.models.folders import Folder, FolderQuerySet, MusicFolder, folder_name_key
from library.models.folding import sort_key
from library.models.paths import path_to_text
from library.queries.filters import IdFilter, chosen
from library.queries.lists import Page
from library.queries.prepared import IsAmong, PreparedQuery, given, ids_value

MOST_IN_ORDER = 2_000

_COLUMNS = ("id", "name", "path", "root", "parent_id", "cover_id", "revision")
_FIELDS = (*_COLUMNS, "track_count", "total_track_count", "music_folder_id")
_NUMBER = Subquery(MusicFolder.objects.filter(root=OuterRef("root")).values("pk")[:1])
_UP = """
WITH RECURSIVE up (id, parent_id, name, height) AS (
    SELECT id, parent_id, name, 0 FROM library_folder WHERE id = %s
    UNION ALL
    SELECT above.id, above.parent_id, above.name, height + 1
    FROM library_folder above JOIN up ON above.id = up.parent_id
)
SELECT id, name FROM up WHERE height > 0 ORDER BY height DESC
"""


def root_page(offset: int, limit: int, others: Sequence[IdFilter] = ()) -> Page:
    """The music folders that hold present tracks, in the order of their names. With filters of
    other apps: the folders at any depth that these let through."""
    if others:
        return _page(chosen(Folder.objects.listed(), others), offset, limit)
    return _page(Folder.objects.listed().filter(parent=None), offset, limit)


def listed_folder_count() -> int:
    """How many folders hold present tracks, themselves or in folders below them."""
    return Folder.objects.listed().count()


def folder_page(parent_id: int, offset: int, limit: int, others: Sequence[IdFilter] = ()) -> Page:
    """The folders directly in this one that hold present tracks, in the order of their names."""
    folders = Folder.objects.listed().filter(parent=parent_id)
    return _page(chosen(folders, others), offset, limit)


def find_folder(folder_id: int) -> int | None:
    """The id itself if the folder holds present tracks."""
    return Folder.objects.listed().filter(pk=folder_id).values_list("pk", flat=True).first()


def folders_above(folder_id: int) -> list[dict[str, Any]]:
    """The ids and names of the folders above, the root first."""
    with connection.cursor() as cursor:
        cursor.execute(_UP, [folder_id])
        return [{"id": pk, "name": name} for pk, name in cursor.fetchall()]


def tracks_in(folder_id: int, count: int, offset: int, limit: int) -> list[tuple[int, str]]:
    """The ids and file names of present tracks directly in the folder, in the order of names.

    `count`: how many they are. Up to MOST_IN_ORDER are sorted as people count: `2.mp3` before
    `10.mp3`. The database sorts more, byte by byte.
    """
    tracks = Track.objects.present().filter(folder=folder_id)
    if count > MOST_IN_ORDER:
        path = Collate("path", "C") if connection.vendor == "postgresql" else F("path")
        rows = list(tracks.order_by(path).values_list("pk", "path")[offset : offset + limit])
    else:
        everything = tracks.order_by().values_list("pk", "path")[: MOST_IN_ORDER + 1]
        rows = sorted(everything, key=_in_order)[offset : offset + limit]
    return [(pk, path_to_text(os.path.basename(path))) for pk, path in rows]


def folders_in(folder_id: int) -> list[int]:
    """The folders directly in this one that hold present tracks, in the order of their names."""
    folders = Folder.objects.listed().filter(parent=folder_id).order_by("name_key", "id")
    return list(folders.values_list("pk", flat=True))


def songs_in(folder_id: int) -> list[int]:
    """The present tracks directly in the folder: by disc and number, then as people sort names."""
    tracks = Track.objects.present().filter(folder=folder_id).order_by()
    rows = tracks.values_list("pk", "path", "disc_number", "track_number")
    return [row[0] for row in sorted(rows, key=_as_played)]


def _as_played(row: tuple[int, str, int | None, int | None]) -> tuple[int, int, str, int]:
    pk, path, disc, number = row
    return disc or 0, number or 0, folder_name_key(os.path.basename(path)), pk


class NumberedFolder(NamedTuple):
    """A music folder. `folder_id`: of its root, if that holds present tracks."""

    id: int
    root: str
    folder_id: int | None


def music_folders() -> list[NumberedFolder]:
    """The music folders that are set, or hold present tracks, by their numbers."""
    tops = Folder.objects.listed().filter(parent=None, root=OuterRef("root")).values("pk")
    rows = MusicFolder.objects.annotate(folder_id=Subquery(tops[:1])).order_by("pk")
    found = [NumberedFolder(*row) for row in rows.values_list("pk", "root", "folder_id")]
    are_set = {str(root) for root in settings.MUSIC_DIRS}
    return [each for each in found if each.folder_id or each.root in are_set]


class TopFolder(NamedTuple):
    """A folder directly in a root. `sort_key`: of its name without a leading article."""

    sort_key: str
    id: int
    name: str


def top_folders(root: str | None) -> list[TopFolder]:
    """Those that hold present tracks, of this root or of all, as people sort names."""
    folders = Folder.objects.listed().filter(parent__isnull=False, parent__parent=None).order_by()
    if root is not None:
        folders = folders.filter(root=root)
    rows = ((pk, path_to_text(name)) for pk, name in folders.values_list("pk", "name"))
    return sorted(TopFolder(folder_name_key(sort_key(name)), pk, name) for pk, name in rows)


def _in_order(row: tuple[int, str]) -> tuple[str, str]:
    return folder_name_key(os.path.basename(row[1])), row[1]


def folder_rows(ids: Sequence[int]) -> list[dict[str, Any]]:
    """The folders with these ids, in their order. Makes three queries, however many they are.

    The cover is the folder's own picture if one of its tracks shows that, else the picture of the
    first of its tracks that has one.
    """
    among = ids_value(ids)
    by_id = {row[0]: dict(zip(_FIELDS, row, strict=True)) for row in _rows.rows(among)}
    folder_counts, covers = dict(_folder_counts.rows(among)), _covers(among)
    for pk, row in by_id.items():
        for name in ("name", "path", "root"):
            row[name] = path_to_text(row[name])
        row["folder_count"] = folder_counts.get(pk, 0)
        own = covers.get(pk, {})
        if row["cover_id"] not in own:
            row["cover_id"] = min(own, key=own.__getitem__, default="")
        row["cover_track_id"] = own.get(row["cover_id"])
    return [by_id[pk] for pk in ids if pk in by_id]


def _page(folders: FolderQuerySet, offset: int, limit: int) -> Page:
    count = folders.count()
    if offset >= count or not limit:
        return Page(count, [])
    in_order = folders.order_by("name_key", "id").values_list("pk", flat=True)
    return Page(count, list(in_order[offset : offset + limit]))


def _covers(among: Any) -> dict[int, dict[str, int]]:
    """For each of these folders its tracks' pictures, each with the first track that has it."""
    covers: dict[int, dict[str, int]] = {}
    for folder_id, cover_id, track_id in _first_with_cover.rows(among):
        covers.setdefault(folder_id, {})[cover_id] = track_id
    return covers


def _with_number() -> QuerySet[Any, Any]:
    folders = Folder.objects.filter(IsAmong(F("pk"), given())).order_by()
    return folders.annotate(music_folder_id=_NUMBER).values_list(*_FIELDS)


def _counted_below() -> QuerySet[Any, Any]:
    """How many listed folders are directly in each."""
    below = Folder.objects.listed().filter(IsAmong(F("parent"), given())).order_by()
    return below.values("parent").annotate(number=Count("pk")).values_list("parent", "number")


def _first_of_each_cover() -> QuerySet[Any, Any]:
    in_folders = Track.objects.present().filter(IsAmong(F("folder"), given()), has_cover=True)
    first = in_folders.order_by().values("folder", "cover_id").annotate(first=Min("pk"))
    return first.values_list("folder", "cover_id", "first")


_rows = PreparedQuery(_with_number)
_folder_counts = PreparedQuery(_counted_below)
_first_with_cover = PreparedQuery(_first_of_each_cover)
