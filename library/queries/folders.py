"""Folders as people put their files there: what is in one, and what is above it."""

import os
from collections.abc import Collection, Sequence
from typing import Any

from django.db import connection
from django.db.models import Count, F, Min, OuterRef, Subquery
from django.db.models.functions import Collate

from library.models.catalogue import Track
from library.models.folders import Folder, FolderQuerySet, MusicFolder, folder_name_key
from library.models.paths import path_to_text
from library.queries.lists import Page

MOST_IN_ORDER = 2_000

_COLUMNS = ("id", "name", "path", "root", "parent_id", "cover_id", "revision")
_COUNTS = ("track_count", "total_track_count")
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


def root_page(offset: int, limit: int) -> Page:
    """The music folders that hold present tracks, in the order of their names."""
    return _page(Folder.objects.listed().filter(parent=None), offset, limit)


def folder_page(parent_id: int, offset: int, limit: int) -> Page:
    """The folders directly in this one that hold present tracks, in the order of their names."""
    return _page(Folder.objects.listed().filter(parent=parent_id), offset, limit)


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


def _in_order(row: tuple[int, str]) -> tuple[str, str]:
    return folder_name_key(os.path.basename(row[1])), row[1]


def folder_rows(ids: Sequence[int]) -> list[dict[str, Any]]:
    """The folders with these ids, in their order. Makes three queries, however many they are.

    The cover is the folder's own picture if one of its tracks shows that, else the picture of the
    first of its tracks that has one.
    """
    rows = Folder.objects.filter(pk__in=ids).order_by()
    names = (*_COLUMNS, *_COUNTS, "music_folder_id")
    by_id = {
        row[0]: dict(zip(names, row, strict=True))
        for row in rows.annotate(music_folder_id=_NUMBER).values_list(*names)
    }
    folder_counts, covers = _folder_counts(ids), _covers(ids)
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


def _folder_counts(ids: Collection[int]) -> dict[int, int]:
    """How many listed folders are directly in each."""
    below = Folder.objects.listed().filter(parent__in=ids).order_by()
    counted = below.values("parent").annotate(number=Count("pk"))
    return {
        parent: number
        for parent, number in counted.values_list("parent", "number")
        if parent is not None
    }


def _covers(ids: Collection[int]) -> dict[int, dict[str, int]]:
    """For each folder its tracks' pictures, each with the first track that has it."""
    tracks = Track.objects.present().filter(folder__in=ids, has_cover=True).order_by()
    first = tracks.values("folder", "cover_id").annotate(first=Min("pk"))
    covers: dict[int, dict[str, int]] = {}
    for folder_id, cover_id, track_id in first.values_list("folder", "cover_id", "first"):
        covers.setdefault(folder_id, {})[cover_id] = track_id
    return covers
