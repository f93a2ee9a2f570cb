"""Recognises renamed folders: a folder that is gone, most of whose tracks moved to one new folder.

Its row takes the new place, with the rows of the folders below it, so that it keeps its id. A row
that this scan had made for the new place before is joined with it.

A batch holds only some of the tracks that move. Each batch decides by the tracks that the old
folder still has, so the last of several batches decides at the latest. A scan that is interrupted
has lost nothing: the row that it made for the new place counts as new in the next scan, too.
"""

import os
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import NamedTuple

from django.conf import settings
from django.db import connection
from django.db.models import Max, Min, Q

from library import followers
from library.models.catalogue import Track
from library.models.folders import Folder, folder_name, folder_name_key
from library.models.paths import path_from_text, path_to_text
from library.models.revision import NextRevision
from library.models.scan import Scan, ScanState
from library.models.tombstones import Tombstone
from library.scanning.folders import (
    Place,
    StoredFolder,
    add_to_totals,
    make_folders,
    places_up_from,
    present_tracks_in,
    stored_folders,
    touch_folders_above,
)
from library.scanning.lookup import newest_id, rows_among
from library.scanning.spelling import is_alike, spelling_of
from library.scanning.upsert import Update

_PLACES = Update(Folder, ("root", "path", "revision"))
_NAMES = Update(Folder, ("name", "name_key", "parent_id"))
_TRACKS_TO_FOLDER = f"UPDATE {Track._meta.db_table} SET folder_id = %s WHERE folder_id = %s"  # noqa: S608
_FOLDERS_TO_PARENT = (
    f"UPDATE {Folder._meta.db_table} SET parent_id = %s, revision = %s WHERE parent_id = %s"  # noqa: S608
)
_COUNTS = Update(Folder, ("track_count", "total_track_count"))


class Rename(NamedTuple):
    """A folder's row, and the place that it takes."""

    folder_id: int
    place: Place


class _Step(NamedTuple):
    """From one place to another."""

    old: Place
    new: Place


def newest_folder_before(scan_id: int) -> int:
    """The highest id of a folder before this scan, and before the scans right before it that were
    not completed: a folder that one of these made while tracks moved is as new as one that this
    scan makes. Only reads the database."""
    earlier = Scan.objects.scans().filter(pk__lte=scan_id)
    completed = earlier.filter(state=ScanState.COMPLETED).aggregate(Max("pk"))["pk__max"] or 0
    since = earlier.filter(pk__gt=completed).aggregate(lowest=Min("newest_folder_before"))
    lowest: int | None = since["lowest"]
    return newest_id(Folder) if lowest is None else lowest


def plan_renames(moved: Mapping[int, Place], newest_before: int) -> list[Rename]:
    """Which folders were renamed, judged by these moved tracks: their ids and new folders.

    `newest_before`: see `newest_folder_before`. Looks at the disk and only reads
    the database, so it is called outside of a transaction.
    """
    counts = Counter(each for step in _steps_of_tracks(moved) for each in _levels(*step))
    if not counts:
        return []
    stored = stored_folders({place for step in counts for place in step})
    planned: dict[Place, _Step] = {}
    in_order = sorted(counts, key=lambda step: (step.old[1].count("/"), -counts[step], step))
    for step in in_order:
        row, there = stored.get(step.old), stored.get(step.new)
        is_free = there is None or there.folder_id > newest_before
        taken = {each.new for each in planned.values()}
        if row is None or not is_free or step.old in planned or step.new in taken:
            continue
        if _is_covered(step, planned) or not _are_most(counts[step], step.old, row):
            continue
        if _has_vanished(step):
            planned[step.old] = step
    return [Rename(stored[step.old].folder_id, step.new) for step in planned.values()]


def rename_folders(renames: Iterable[Rename], revision: NextRevision) -> None:
    """Carry out what `plan_renames` found, in the caller's transaction. Doing it again has no
    effect: an earlier attempt may have been committed without an answer."""
    for rename in renames:
        for root, path in Folder.objects.filter(pk=rename.folder_id).values_list("root", "path"):
            old, new = (root, path), rename.place
            if old != new and not _is_inside(old, new) and not _is_inside(new, old):
                _rename(rename, old, revision)


def _steps_of_tracks(moved: Mapping[int, Place]) -> Iterator[_Step]:
    """For each moved track the step from its folder, where that is another."""
    folder_of = dict(rows_among(Track, ("id", "folder_id"), "id", moved.keys()))
    known = {pk for pk in folder_of.values() if pk is not None}
    places = {
        pk: (path_from_text(root), path_from_text(path))
        for pk, root, path in rows_among(Folder, ("id", "root", "path"), "id", known)
    }
    for track_id, new in moved.items():
        old = places.get(folder_of.get(track_id) or 0)
        if old is not None and old != new:
            yield _Step(old, new)


def _levels(old: Place, new: Place) -> Iterator[_Step]:
    """The step itself, and those of the folders above as far as the names below are the same: a
    folder is renamed with all that is in it."""
    while old != new:
        if not _is_inside(old, new) and not _is_inside(new, old):
            yield _Step(old, new)
        if not (old[1] and new[1]) or os.path.basename(old[1]) != os.path.basename(new[1]):
            return
        old, new = (old[0], os.path.dirname(old[1])), (new[0], os.path.dirname(new[1]))


def _is_inside(place: Place, other: Place) -> bool:
    """Whether `place` lies below `other` in the same root."""
    is_below = place[1].startswith(f"{other[1]}/") if other[1] else bool(place[1])
    return place[0] == other[0] and is_below


def _is_covered(step: _Step, planned: Mapping[Place, _Step]) -> bool:
    """Whether a folder above is renamed so that this one goes along with it."""
    (old_root, old), (new_root, new) = step
    while old and new and os.path.basename(old) == os.path.basename(new):
        old, new = os.path.dirname(old), os.path.dirname(new)
        if planned.get((old_root, old)) == _Step((old_root, old), (new_root, new)):
            return True
    return False


def _are_most(moved: int, old: Place, row: StoredFolder) -> bool:
    """Whether most of the tracks at or below `old` moved: of the present ones if there are any."""
    root, path = old
    tracks = row.total_track_count or (
        Track.objects.missing().filter(root=root, path__below=path).count()
    )
    return 2 * moved > tracks


def _has_vanished(step: _Step) -> bool:
    """Whether the old folder is gone. A file system that ignores case opens a folder that was
    renamed from `inbox` to `Inbox` by its old name as well."""
    (root, path), (new_root, new_path) = step
    if root not in map(str, settings.MUSIC_DIRS) or not os.path.isdir(f"{root}/{path}"):
        return True
    if root != new_root or not is_alike(path, new_path):
        return False
    spelling = spelling_of(root, path)
    return spelling is None or spelling.path != path


def _rename(rename: Rename, old: Place, revision: NextRevision) -> None:
    new_root, new_path = rename.place
    going, there = _rows_at_or_below(old), _rows_at_or_below(rename.place)
    replaced = {there[rest]: going[rest] for rest in there.keys() & going.keys()}
    before = _totals_of({going[""], *([there[""]] if "" in there else [])})
    old_parent = _parent_of(rename.folder_id)
    if replaced:
        _join(replaced, revision)
    new_parent = _make_parent(rename.place, revision)
    _PLACES.execute(
        [
            (path_to_text(new_root), path_to_text(_at(new_path, rest)), revision.number, pk)
            for rest, pk in going.items()
        ]
    )
    name = folder_name(new_root, new_path)
    _NAMES.execute([(path_to_text(name), folder_name_key(name), new_parent, rename.folder_id)])
    total = _count_again({*going.values(), *there.values()} - replaced.keys(), rename.folder_id)
    if old_parent is not None:
        add_to_totals({old_parent: -before[going[""]]}, revision)
    if new_parent is not None:
        add_to_totals({new_parent: total - before.get(there.get("", 0), 0)}, revision)


def _rows_at_or_below(place: Place) -> dict[str, int]:
    """The ids of a folder and of those below it, by what follows the folder's own path: "/CD1"."""
    root, path = place
    at_or_below = Q(path=path) | Q(path__below=path)
    rows = Folder.objects.filter(at_or_below, root=root).values_list("path", "pk")
    return {_rest(found, path): pk for found, pk in rows}


def _rest(path: str, above: str) -> str:
    return path[len(above) :] if above or not path else f"/{path}"


def _at(above: str, rest: str) -> str:
    return f"{above}{rest}" if above else rest[1:]


def _join(replaced: Mapping[int, int], revision: NextRevision) -> None:
    """Join rows with others: `replaced` maps the ids that go to those that stay."""
    touch_folders_above(replaced.keys(), revision)
    pairs = [(stays, goes) for goes, stays in replaced.items()]
    below = [(stays, revision.number, goes) for stays, goes in pairs]
    with connection.cursor() as cursor:
        cursor.executemany(_TRACKS_TO_FOLDER, pairs)
        cursor.executemany(_FOLDERS_TO_PARENT, below)
    followers.join(Folder, replaced)
    Folder.objects.filter(pk__in=replaced.keys()).delete()
    Tombstone.objects.bury(Folder, replaced.keys(), revision.number, replaced)


def _parent_of(folder_id: int) -> int | None:
    return Folder.objects.filter(pk=folder_id).values_list("parent_id", flat=True).get()


def _make_parent(place: Place, revision: NextRevision) -> int | None:
    root, path = place
    if not path:
        return None
    parent = (root, os.path.dirname(path))
    stored = stored_folders(places_up_from([parent]))
    return make_folders({parent: ("", "")}, stored, revision)[parent]


def _totals_of(folder_ids: Collection[int]) -> dict[int, int]:
    return dict(rows_among(Folder, ("id", "total_track_count"), "id", folder_ids))


def _count_again(folder_ids: Collection[int], top: int) -> int:
    """Write the counts of these folders, which are all at or below `top`. Returns its total."""
    parents = dict(rows_among(Folder, ("id", "parent_id"), "id", folder_ids))
    own = present_tracks_in(folder_ids)
    totals: Counter[int] = Counter()
    for pk in folder_ids:
        at: int | None = pk
        while at is not None and at in parents:
            totals[at] += own[pk]
            at = None if at == top else parents[at]
    _COUNTS.execute([(own[pk], totals[pk], pk) for pk in folder_ids])
    return totals[top]
