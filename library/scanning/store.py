"""Writes one batch of a scan to the database.

All functions but `prepare` run inside the caller's transaction. `prepare` runs before it, to keep
the transaction short.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain

from django.db import connection
from django.utils import timezone

from library.files.walk import FoundFile
from library.followers import Follower
from library.models.catalogue import Track, TrackArtist, TrackGenre
from library.models.folding import identity_key
from library.models.genres import Genre
from library.models.paths import path_to_text
from library.models.revision import NextRevision
from library.models.scan import ScanFailure
from library.scanning.albums import (
    album_ids_of,
    album_key,
    refresh_albums,
    store_albums,
    stored_albums,
)
from library.scanning.artists import (
    Credited,
    credited,
    prepare_artists,
    store_artists,
)
from library.scanning.folder_renames import Rename, plan_renames, rename_folders
from library.scanning.folders import (
    PreparedFolders,
    covers_of,
    folder_ids_of,
    place_of,
    prepare_folders,
    refresh_counts,
    store_covers,
    store_folders,
)
from library.scanning.keyed_rows import PreparedRows, prepare_names, store_names
from library.scanning.lookup import newest_id, rows_made_after
from library.scanning.read_with import current_version
from library.scanning.report import ScanCounts
from library.scanning.track_rows import (
    COVER_COLUMNS,
    KNOWN_TRACKS,
    NEW_TRACKS,
    UNCHANGED_TRACKS,
    Change,
    TrackWrite,
    folder_cover,
    track_rows,
)
from library.scanning.unchanged import Written, credits_of, unchanged_tracks
from library.scanning.upsert import Row, Update, Upsert

_CREDITS = Upsert(TrackArtist, ("track_id", "artist_id", "role", "position", "instrument"))
_GENRES = Upsert(TrackGenre, ("track_id", "genre_id", "position"))
_FAILURES = Upsert(
    ScanFailure,
    (
        "root",
        "path",
        "stage",
        "reason",
        "mtime_ns",
        "size_bytes",
        "read_with",
        "scan_id",
        "first_seen_at",
    ),
    unique=("root", "path"),
    kept=("first_seen_at",),
)
_VERSIONS = Update(Track, ("read_with",))
_INODES = Update(Track, ("device", "inode"))
_PRESENCE = ("missing_since", "updated_at", "revision", "device", "inode")
_PRESENT = Update(Track, _PRESENCE)
_PRESENT_WITH_COVER = Update(Track, (*_PRESENCE, *COVER_COLUMNS))


@dataclass(frozen=True, slots=True)
class FailureWrite:
    """A `ScanFailure` row to write. The time and size are those of the file that failed."""

    root: str
    path: str
    stage: str
    reason: str
    mtime_ns: int = 0
    size_bytes: int = 0


@dataclass(frozen=True, slots=True)
class PreparedBatch:
    """The tracks of a batch, with everything that can be computed before the transaction.

    `writes`, `rows`, `album_keys` and `credited` have one entry for each track, in the same order.
    `rows` lack the ids of folder and album, and the revision. `album_keys` holds None for a track
    without an album. `albums`: the ids of albums that are stored already, by key. `unchanged`: the
    revisions, by id, of known tracks of which nothing changes that is shown; they keep these.
    """

    writes: Sequence[TrackWrite]
    rows: Sequence[Row]
    album_keys: Sequence[str | None]
    credited: Sequence[Credited]
    artists: PreparedRows
    genres: PreparedRows
    albums: dict[str, int]
    folders: PreparedFolders
    renames: Sequence[Rename]
    unchanged: Mapping[int, int]


def prepare(
    writes: Sequence[TrackWrite], now: datetime, newest_folder_before: int = 0
) -> PreparedBatch:
    """Compute what `store_tracks` needs. Reads albums, artists and folders outside the transaction,
    which is safe because only a scan, which holds the lease, writes them.

    `newest_folder_before`: the highest id of a folder before this scan.
    """
    album_keys = [album_key(write.found, write.tags) for write in writes]
    credits_ = [credited(write.tags) for write in writes]
    rows = track_rows(writes, now)
    artists = prepare_artists(credits_)
    albums = stored_albums({key for key in album_keys if key})
    return PreparedBatch(
        writes=writes,
        rows=rows,
        album_keys=album_keys,
        credited=credits_,
        artists=artists,
        genres=prepare_names(Genre, _genre_names(writes)),
        albums=albums,
        folders=prepare_folders(write.found for write in writes),
        renames=plan_renames(
            {
                write.track_id: place_of(write.found)
                for write in writes
                if write.track_id is not None and write.change is Change.MOVED
            },
            newest_folder_before,
        ),
        unchanged=unchanged_tracks(
            Written(
                write.track_id, row, albums.get(key) if key else None, credits_of(each, artists)
            )
            for write, row, key, each in zip(writes, rows, album_keys, credits_, strict=True)
            if write.track_id is not None
        ),
    )


def store_tracks(
    batch: PreparedBatch, revision: NextRevision, waiting: Collection[Follower] = ()
) -> ScanCounts:
    """Write the tracks with their albums, artists, credits and genres.

    New tracks are offered to the followers that are `waiting` for tracks.
    """
    albums = store_albums({key for key in batch.album_keys if key}, batch.albums)
    folders = _store_folders(batch, revision)
    rows = [
        (
            *row,
            folders[place_of(write.found)],
            albums[key] if key else None,
            batch.unchanged.get(write.track_id or 0) or revision.number,
        )
        for write, row, key in zip(batch.writes, batch.rows, batch.album_keys, strict=True)
    ]
    newest = newest_id(Track)
    ids = _insert(batch.writes, rows, newest)
    known = {pk: row for pk, row in zip(ids, rows, strict=True) if pk <= newest}
    touched = album_ids_of([pk for pk, row in known.items() if row[-1] == revision.raised])
    left_folders = folder_ids_of(known.keys())
    same = {
        write.track_id
        for write in batch.writes
        if write.change is Change.REREAD and write.track_id in batch.unchanged
    }
    KNOWN_TRACKS.execute([(pk, *row) for pk, row in known.items() if pk not in same])
    UNCHANGED_TRACKS.execute([(pk, *row) for pk, row in known.items() if pk in same])
    own_folders = {folders[place_of(write.found)] for write in batch.writes}
    refresh_counts(left_folders | own_folders, revision)
    _store_credits(batch, ids, known, revision)
    _store_genres(batch, ids, known, revision)
    touched |= {
        albums[key]
        for row, key in zip(rows, batch.album_keys, strict=True)
        if key and row[-1] == revision.raised
    }
    refresh_albums(touched | set(albums.values()), revision, touched)
    for follower in waiting:
        follower.link([pk for pk in ids if pk > newest])
    return _count(batch.writes)


def _store_folders(batch: PreparedBatch, revision: NextRevision) -> dict[tuple[str, str], int]:
    """Write the folders of the batch. Returns their ids."""
    folders = batch.folders
    if batch.renames:
        rename_folders(batch.renames, revision)
        folders = prepare_folders(write.found for write in batch.writes)
    return store_folders(folders, revision)


def _insert(writes: Sequence[TrackWrite], rows: Sequence[Row], newest: int) -> list[int]:
    """Insert the new tracks. Returns the ids of all tracks of the batch, in order.

    `newest`: the highest id in the table before.
    """
    NEW_TRACKS.execute(
        [row for write, row in zip(writes, rows, strict=True) if write.track_id is None]
    )
    made = (pk for (pk,) in rows_made_after(Track, ["id"], newest))
    ids = [write.track_id or next(made, None) for write in writes]
    return [pk for pk in ids if pk] if all(ids) else _ids_by_place(writes)


def _ids_by_place(writes: Sequence[TrackWrite]) -> list[int]:
    """The ids of the tracks, looked up by path.

    Needed if an earlier attempt had inserted the rows: its commit succeeded, but the connection was
    lost before the answer arrived.
    """
    roots, paths = {write.found.root for write in writes}, [write.found.path for write in writes]
    stored = Track.objects.filter(root__in=roots, path__in=paths).values_list("root", "path", "pk")
    ids = {(root, path): pk for root, path, pk in stored}
    return [write.track_id or ids[write.found.root, write.found.path] for write in writes]


def _store_credits(
    batch: PreparedBatch, ids: Sequence[int], known: Collection[int], revision: NextRevision
) -> None:
    artists = store_artists(batch.artists, revision)
    if known:
        TrackArtist.objects.filter(track_id__in=known).delete()
    _CREDITS.execute(
        [
            (pk, artists[key], role, position, instrument)
            for pk, each in zip(ids, batch.credited, strict=True)
            for role, position, key, instrument in each.positions
        ]
    )


def _store_genres(
    batch: PreparedBatch, ids: Sequence[int], known: Collection[int], revision: NextRevision
) -> None:
    genres = store_names(Genre, batch.genres, revision)
    if known:
        TrackGenre.objects.filter(track_id__in=known).delete()
    _GENRES.execute(
        [
            (pk, genres[key], position)
            for pk, write in zip(ids, batch.writes, strict=True)
            for position, key in enumerate(dict.fromkeys(map(identity_key, write.tags.genres)))
        ]
    )


def _genre_names(writes: Iterable[TrackWrite]) -> Iterable[str]:
    of_each = dict.fromkeys(write.tags.genres for write in writes)
    return dict.fromkeys(chain.from_iterable(of_each))


def store_failures(failures: Sequence[FailureWrite], scan_id: int) -> ScanCounts:
    """Write the failures. A file that failed before keeps its `first_seen_at`."""
    now = connection.ops.adapt_datetimefield_value(timezone.now())
    _FAILURES.execute(
        [
            (
                path_to_text(failure.root),
                path_to_text(failure.path),
                failure.stage,
                failure.reason,
                failure.mtime_ns,
                failure.size_bytes,
                current_version(),
                scan_id,
                now,
            )
            for failure in failures
        ]
    )
    return ScanCounts(failed=len(failures))


def forget_failures(failure_ids: Sequence[int], scan_id: int) -> ScanCounts:
    """Delete these failures, except those that this scan wrote again."""
    ScanFailure.objects.filter(pk__in=failure_ids).exclude(scan_id=scan_id).delete()
    return ScanCounts()


def note_version(track_ids: Sequence[int]) -> ScanCounts:
    """Write that these tracks need not be read again by this version, although they keep the values
    that an earlier one read: their files cannot be read now."""
    _VERSIONS.execute([(current_version(), pk) for pk in track_ids])
    return ScanCounts()


def mark_missing(track_ids: Sequence[int], now: datetime, revision: NextRevision) -> ScanCounts:
    """Set `missing_since` on tracks whose files are gone. Their rows stay."""
    marked = Track.objects.present().filter(pk__in=track_ids)
    albums = dict(marked.values_list("pk", "album_id"))
    if albums:
        marked.update(missing_since=now, updated_at=now, revision=revision.number)
        touched = {album_id for album_id in albums.values() if album_id is not None}
        refresh_albums(touched, revision, touched)
        refresh_counts(folder_ids_of(albums.keys()), revision)
    return ScanCounts(missing=len(albums))


def restore(found: dict[int, FoundFile], now: datetime, revision: NextRevision) -> ScanCounts:
    """Mark missing tracks as present: their files are back, unchanged."""
    _touch(found, now, revision)
    return ScanCounts(restored=len(found))


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


def _count(writes: Iterable[TrackWrite]) -> ScanCounts:
    counts = Counter(write.change for write in writes if write.change is not Change.REREAD)
    return ScanCounts(**{change.value: count for change, count in counts.items()})
