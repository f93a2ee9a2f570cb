"""Writes what a scan found out about known tracks without reading their files, in the caller's
transaction: that files are gone or back, where they are on the disk, and the covers beside them."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import connection

from library.files.walk import FoundFile
from library.models.catalogue import Track
from library.models.paths import path_to_text
from library.models.revision import NextRevision
from library.scanning import to_settle
from library.scanning.albums import album_ids_of, refresh_albums
from library.scanning.folders import covers_of, folder_ids_of, refresh_counts, store_covers
from library.scanning.report import ScanCounts
from library.scanning.track_rows import COVER_COLUMNS, folder_cover
from library.scanning.upsert import Update

_PATHS = Update(Track, ("path",))
_INODES = Update(Track, ("device", "inode"))
_PRESENCE = ("missing_since", "updated_at", "revision", "device", "inode")
_PRESENT = Update(Track, _PRESENCE)
_PRESENT_WITH_COVER = Update(Track, (*_PRESENCE, *COVER_COLUMNS))


def mark_missing(track_ids: Sequence[int], now: datetime, revision: NextRevision) -> ScanCounts:
    """Set `missing_since` on tracks whose files are gone. Their rows stay."""
    marked = Track.objects.present().filter(pk__in=track_ids)
    albums = dict(marked.values_list("pk", "album_id"))
    if albums:
        marked.update(missing_since=now, updated_at=now, revision=revision.number)
        touched = {album_id for album_id in albums.values() if album_id is not None}
        refresh_albums(touched, revision, touched)
        folder_ids = folder_ids_of(albums.keys())
        refresh_counts(folder_ids, revision)
        to_settle.flag(folder_ids)
    return ScanCounts(missing=len(albums))


def restore(found: dict[int, FoundFile], now: datetime, revision: NextRevision) -> ScanCounts:
    """Mark missing tracks as present: their files are back, unchanged."""
    _touch(found, now, revision)
    to_settle.flag(folder_ids_of(found))
    return ScanCounts(restored=len(found))


def step_aside(paths: Mapping[int, str]) -> None:
    """Give tracks, by id, these paths, which no files can have, so that other tracks can take
    theirs. Those whose files were found are written to other places in the same transaction."""
    _PATHS.execute([(path_to_text(path), pk) for pk, path in paths.items()])


def store_inodes(found: Mapping[int, tuple[int, int]]) -> ScanCounts:
    """Write the device and inode of tracks, by track id. Not counted as a change: users do not see
    these columns."""
    _INODES.execute([(device, inode, pk) for pk, (device, inode) in found.items()])
    return ScanCounts()


def change_covers(found: dict[int, FoundFile], now: datetime, revision: NextRevision) -> ScanCounts:
    """Write the folder's cover of tracks whose folder has another cover file now, or none."""
    _touch(found, now, revision)
    return ScanCounts(updated=len(found))


def _touch(found: dict[int, FoundFile], now: datetime, revision: NextRevision) -> None:
    """Mark tracks with unchanged files as present, and write their folder's cover, unless the
    cover is embedded. Refreshes their albums."""
    stamp = connection.ops.adapt_datetimefield_value(now)
    embedded = set(
        Track.objects.filter(pk__in=found, has_cover=True, cover_file_name="").values_list(
            "pk", flat=True
        )
    )
    number = revision.number
    rows = {pk: (None, stamp, number, file.device, file.inode) for pk, file in found.items()}
    _PRESENT.execute([(*row, pk) for pk, row in rows.items() if pk in embedded])
    _PRESENT_WITH_COVER.execute(
        [(*row, *folder_cover(found[pk]), pk) for pk, row in rows.items() if pk not in embedded]
    )
    touched = album_ids_of(found)
    refresh_albums(touched, revision, touched)
    store_covers(covers_of(found.values()), revision)
    refresh_counts(folder_ids_of(found), revision)
