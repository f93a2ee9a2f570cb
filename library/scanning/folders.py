"""Folders: a row for each folder that holds tracks, and for those above it, up to the root.

The functions run inside the caller's transaction, except where they say that they only read.
"""

import os
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from hashlib import md5
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import QuerySet

from library import followers
from library.files.pictures import NO_COVER
from library.files.walk import FoundFile
from library.models.catalogue import Track
from library.models.folders import Folder, MusicFolder, folder_name, folder_name_key
from library.models.paths import path_from_text, path_to_text, unique_path_sql
from library.models.revision import NextRevision
from library.scanning import to_settle
from library.scanning.lookup import VALUES_AT_ONCE, newest_id, rows_among, rows_made_after
from library.scanning.upsert import Update, Upsert

PATHS_AT_ONCE = 500

Place = tuple[str, str]
"""A folder's root, and its path below it: "" for the root itself."""
Cover = tuple[str, str]
"""The identity and the name of a folder's picture; both empty without one."""

_COLUMNS = ("root", "path", "name", "name_key", "cover_id", "cover_file_name", "revision")
_NEW = Upsert(Folder, _COLUMNS, unique=("root", "path"), kept=_COLUMNS)
_PARENTS = Update(Folder, ("parent_id",))
_REVISION = Update(Folder, ("revision",))
_COVERS = Update(Folder, ("cover_id", "cover_file_name", "revision"))
_OF_TRACKS = Update(Track, ("folder_id",))


class StoredFolder(NamedTuple):
    """The columns of a folder's row that scans compare."""

    folder_id: int
    cover: Cover
    total_track_count: int


class PreparedFolders(NamedTuple):
    """The folders of a batch of tracks, with their pictures, and the rows that are stored already
    of these and of the folders above them."""

    covers: Mapping[Place, Cover | None]
    stored: Mapping[Place, StoredFolder]


def place_of(file: FoundFile) -> Place:
    """The folder of a file. Quicker than `os.path.dirname`, which also mends repeated slashes."""
    return file.root, file.path.rpartition("/")[0]


def place_of_path(root: str, path: str) -> Place:
    """The folder of the file at `path`."""
    return root, os.path.dirname(path)


def parent_of(place: Place) -> Place:
    """The folder above; a root is above itself."""
    root, path = place
    return root, os.path.dirname(path)


def places_up_from(places: Iterable[Place]) -> set[Place]:
    """These folders and all above them, up to the roots."""
    found: set[Place] = set()
    for place in places:
        while place not in found:
            found.add(place)
            place = parent_of(place)  # noqa: PLW2901  # one step up
    return found


def covers_of(files: Iterable[FoundFile]) -> dict[Place, Cover | None]:
    """The folders of these files, with their pictures; None for a picture that is not known."""
    return {
        place_of(file): (file.cover_id, file.cover_file_name) if file.is_listed else None
        for file in files
    }


def prepare_folders(files: Iterable[FoundFile]) -> PreparedFolders:
    """Find out which folders of these files are stored. Only reads the database."""
    covers = covers_of(files)
    return PreparedFolders(covers, stored_folders(places_up_from(covers)))


def stored_folders(places: Collection[Place]) -> dict[Place, StoredFolder]:
    """Those of these folders that have a row. Only reads the database."""
    paths_of: dict[str, list[str]] = defaultdict(list)
    for root, path in places:
        paths_of[root].append(path)
    return {
        (root, path): row
        for root, paths in paths_of.items()
        for start in range(0, len(paths), PATHS_AT_ONCE)
        for path, row in _stored_in(root, paths[start : start + PATHS_AT_ONCE])
    }


def store_folders(prepared: PreparedFolders, revision: NextRevision) -> dict[Place, int]:
    """Make the rows that are missing, and write pictures that changed. Returns the ids of all
    folders of the batch and of those above them."""
    ids = make_folders(prepared.covers, prepared.stored, revision)
    changed = [
        (*_cover_values(cover), revision.number, row.folder_id)
        for place, cover in prepared.covers.items()
        if cover and (row := prepared.stored.get(place)) and row.cover != cover
    ]
    _COVERS.execute(changed)
    return ids


def make_folders(
    covers: Mapping[Place, Cover | None],
    stored: Mapping[Place, StoredFolder],
    revision: NextRevision,
) -> dict[Place, int]:
    """Make rows for these folders and for those above them, unless they are `stored`. Returns the
    ids of all."""
    ids = {place: row.folder_id for place, row in stored.items()}
    new = sorted(places_up_from(covers) - ids.keys())
    if not new:
        return ids
    newest = newest_id(Folder)
    _NEW.execute([_new_row(place, covers.get(place) or NO_COVER, revision.number) for place in new])
    made = rows_made_after(Folder, ("id", "root", "path"), newest)
    ids |= {(path_from_text(root), path_from_text(path)): pk for pk, root, path in made}
    followers.link(Folder, [pk for pk, *_ in made], revision)
    # Rows that were inserted by an earlier attempt: its commit succeeded, but the connection was
    # lost before the answer arrived.
    earlier = stored_folders([place for place in new if place not in ids])
    ids |= {place: row.folder_id for place, row in earlier.items()}
    below = (place for place in new if place != parent_of(place))
    _PARENTS.execute([(ids[parent_of(place)], ids[place]) for place in below])
    return ids


def store_covers(covers: Mapping[Place, Cover | None], revision: NextRevision) -> None:
    """Write the pictures of these folders where they differ from the stored ones."""
    stored = stored_folders(covers.keys())
    _COVERS.execute(
        [
            (*_cover_values(cover), revision.number, row.folder_id)
            for place, row in stored.items()
            if (cover := covers[place]) and row.cover != cover
        ]
    )


def store_folders_of(tracks: Mapping[int, Place], revision: NextRevision) -> None:
    """Give these tracks, by their ids, the folders where they lie: tracks that a server of an older
    version stored have none."""
    covers: dict[Place, Cover | None] = dict.fromkeys(tracks.values())
    ids = make_folders(covers, stored_folders(places_up_from(covers)), revision)
    _OF_TRACKS.execute([(ids[place], pk) for pk, place in tracks.items()])
    refresh_counts({ids[place] for place in covers}, revision)
    to_settle.flag(ids[place] for place in covers)


def store_music_folders(roots: Iterable[str]) -> None:
    """Make the rows of these roots, whose ids are their numbers."""
    MusicFolder.objects.bulk_create([MusicFolder(root=root) for root in roots])


def folder_ids_of(track_ids: Collection[int]) -> set[int]:
    """The ids of the folders in which the database has these tracks. Only reads the database."""
    return set(folder_of_each(track_ids).values())


def folder_of_each(track_ids: Collection[int]) -> dict[int, int]:
    """The folder in which the database has each of these tracks. Only reads the database."""
    rows = rows_among(Track, ("id", "folder_id"), "id", track_ids)
    return {track_id: folder_id for track_id, folder_id in rows if folder_id is not None}


def folder_ids_without(tracks: QuerySet[Track]) -> list[int]:
    """The ids of folders that hold none of these tracks, nor have a folder below that does. Only
    reads the database."""
    parents = dict(Folder.objects.order_by().values_list("pk", "parent_id"))
    needed: set[int] = set()
    for found in tracks.order_by().values_list("folder_id", flat=True).distinct():
        at: int | None = found
        while at is not None and at not in needed:
            needed.add(at)
            at = parents.get(at)
    return sorted(parents.keys() - needed)


def refresh_counts(folder_ids: Collection[int], revision: NextRevision) -> None:
    """Count the present tracks of these folders again, and write the counts of those that changed
    and of the folders above them."""
    columns = ("id", "parent_id", "track_count")
    rows = rows_among(Folder, columns, "id", folder_ids)
    counts = present_tracks_in(folder_ids)
    added = {pk: counts[pk] - count for pk, _, count in rows if counts[pk] != count}
    if added:
        parents = {pk: parent for pk, parent, _ in rows if pk in added}
        _add_to_counts(added, _totals(added, parents), revision)


def touch_folders_above(folder_ids: Collection[int], revision: NextRevision) -> None:
    """Give the revision to the folders that these, which are about to be deleted, lie in. They may
    count fewer folders than clients know; see `library.queries.changes`."""
    rows = rows_among(Folder, ("parent_id",), "id", folder_ids)
    parents = {pk for (pk,) in rows if pk is not None}
    _REVISION.execute([(revision.number, pk) for pk in sorted(parents)])


def present_tracks_in(folder_ids: Collection[int]) -> Counter[int]:
    """How many present tracks lie in each of these folders, not counting folders below."""
    wanted, found = list(folder_ids), Counter[int]()
    for start in range(0, len(wanted), VALUES_AT_ONCE):
        some = wanted[start : start + VALUES_AT_ONCE]
        marks = ", ".join(["%s"] * len(some))
        sql = (
            f"SELECT folder_id, COUNT(*) FROM {Track._meta.db_table} "  # noqa: S608
            f"WHERE folder_id IN ({marks}) AND missing_since IS NULL GROUP BY folder_id"
        )
        with connection.cursor() as cursor:
            cursor.execute(sql, some)
            found.update(dict(cursor.fetchall()))
    return found


def add_to_totals(added: Mapping[int, int], revision: NextRevision) -> None:
    """Add to the total counts of these folders and of all above them. Folders that are not there
    (None, the place above a root) are passed over."""
    parents = dict(rows_among(Folder, ("id", "parent_id"), "id", added.keys()))
    _add_to_counts({}, _totals(added, parents), revision)


def _totals(added: Mapping[int, int], parents: dict[int, int | None]) -> dict[int, int]:
    """What is added to the totals of these folders and of all above them. `parents` has the parents
    of `added`, and gets those of the folders above."""
    while unknown := {up for up in parents.values() if up is not None} - parents.keys():
        parents.update(rows_among(Folder, ("id", "parent_id"), "id", unknown))
    totals: Counter[int] = Counter()
    for pk, number in added.items():
        at: int | None = pk
        while at is not None:
            totals[at] += number
            at = parents[at]
    return totals


def _add_to_counts(
    own: Mapping[int, int], totals: Mapping[int, int], revision: NextRevision
) -> None:
    changed = [pk for pk in totals if own.get(pk) or totals[pk]]
    if not changed:
        return
    sql = (
        f"UPDATE {Folder._meta.db_table} SET track_count = track_count + %s, "  # noqa: S608
        "total_track_count = total_track_count + %s, revision = %s WHERE id = %s"
    )
    rows = [(own.get(pk, 0), totals[pk], revision.number, pk) for pk in sorted(changed)]
    with connection.cursor() as cursor:
        cursor.executemany(sql, rows)


def _stored_in(root: str, paths: Sequence[str]) -> list[tuple[str, StoredFolder]]:
    """The rows of these folders of one root, found by the index that keeps paths unique."""
    texts = [path_to_text(path) for path in paths]
    if connection.vendor == "postgresql":
        texts = [md5(text.encode(), usedforsecurity=False).hexdigest() for text in texts]
    marks = ", ".join(["%s"] * len(texts))
    sql = (
        f"SELECT path, id, cover_id, cover_file_name, total_track_count FROM {_TABLE} "  # noqa: S608
        f"WHERE root = %s AND {unique_path_sql('path', connection.vendor)} IN ({marks})"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [path_to_text(root), *texts])
        return [
            (path_from_text(path), StoredFolder(pk, (cover_id, path_from_text(name)), total))
            for path, pk, cover_id, name, total in cursor.fetchall()
        ]


_TABLE = Folder._meta.db_table


def _new_row(place: Place, cover: Cover, revision: int) -> tuple[Any, ...]:
    name = folder_name(*place)
    root, path, shown = map(path_to_text, (*place, name))
    return root, path, shown, folder_name_key(name), *_cover_values(cover), revision


def _cover_values(cover: Cover) -> tuple[str, str]:
    return cover[0], path_to_text(cover[1])
