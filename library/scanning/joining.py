"""Two rows of the catalogue become one.

A track takes over the file of another one of the same sound, with everything that was read from
that file. The other row is deleted; a tombstone says what it became, and a `Join` keeps what is
needed to make two of them again.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection
from django.utils import timezone

from library import followers
from library.models.albums import Album
from library.models.catalogue import Track, TrackArtist, TrackGenre
from library.models.joins import Ended, Join, JoinReason
from library.models.paths import path_aside, path_of_file
from library.models.revision import NextRevision
from library.models.tombstones import Tombstone
from library.scanning import to_settle
from library.scanning.albums import refresh_albums
from library.scanning.artist_totals import touch_artists_of
from library.scanning.folders import refresh_counts
from library.scanning.lookup import rows_among
from library.scanning.report import ScanCounts
from library.scanning.upsert import Update

OF_THE_ROW = ("id", "added_at", "added_by_scan")
"""What a row keeps whatever file it has."""
_COLUMNS = tuple(str(field.column) for field in Track._meta.concrete_fields)
WRITTEN = tuple(name for name in _COLUMNS if name not in OF_THE_ROW)
_TRACKS = Update(Track, WRITTEN)
_CREDITS = Update(TrackArtist, ("track_id",), where=("track_id",))
_GENRES = Update(TrackGenre, ("track_id",), where=("track_id",))

Row = dict[str, Any]
"""The stored values of a track by column, as the database driver returns them."""


class TakeOver(NamedTuple):
    """The track `goes` becomes a part of the track `stays`, which takes over its file.

    `keeps_file`: `stays` keeps its own file instead, and the file of `goes` is the one that is
    lost. The caller stores what was read from the file that `stays` has.
    """

    stays: int
    goes: int
    reason: JoinReason
    keeps_file: bool = False


def take_over(
    pairs: Sequence[TakeOver], scan_id: int | None, now: datetime, revision: NextRevision
) -> ScanCounts:
    """Join these tracks, in the caller's transaction. Pass few enough for one. Raises ValueError
    for a track that is in two pairs.

    Rows of other apps then point at the tracks that stay. Albums that have no tracks left become
    those that their tracks come to. The folders of both tracks are flagged: their albums are to be
    worked out.

    May be called again after a commit whose answer was lost: pairs of which a track is gone are
    left as they are, and those that this scan joined before are counted.
    """
    if not pairs:
        return ScanCounts()
    track_ids = Counter(track_id for pair in pairs for track_id in pair[:2])
    if twice := [track_id for track_id, count in track_ids.items() if count > 1]:
        raise ValueError(f"tracks that would be joined twice: {sorted(twice)}")
    rows = rows_of(track_ids)
    joined = [pair for pair in pairs if {pair.stays, pair.goes} <= rows.keys()]
    before = {pair.goes for pair in pairs} - rows.keys()
    done = Join.objects.filter(scan=scan_id, replaced_id__in=before).count() if before else 0
    if joined:
        _join(joined, rows, scan_id, now, revision)
    return ScanCounts(joined=len(joined) + done)


def end_joins_of_purged(track_ids: Collection[int]) -> None:
    """Tracks are being purged, in the caller's transaction: nothing can be parted from them, and no
    file that comes back belongs to them."""
    ended = Join.objects.filter(track_id__in=track_ids, ended_at=None)
    ended.update(ended_at=timezone.now(), ended_by=Ended.BY_PURGE)


def _join(
    pairs: Sequence[TakeOver],
    rows: Mapping[int, Row],
    scan_id: int | None,
    now: datetime,
    revision: NextRevision,
) -> None:
    replaced = {pair.goes: pair.stays for pair in pairs}
    touch_artists_of({*replaced, *replaced.values()}, revision)
    followed = _have_followers_join(replaced)
    _store_joins(pairs, followed, scan_id, now)
    moved = [(pair.stays, pair.goes) for pair in pairs if not pair.keeps_file]
    _move_credits(moved)
    Track.objects.filter(pk__in=replaced).delete()
    stamp = connection.ops.adapt_datetimefield_value(now)
    written = [
        _joined_row(rows[pair.stays], rows[pair.goes], keeps_file=pair.keeps_file)
        | {"updated_at": stamp, "revision": revision.number}
        for pair in pairs
    ]
    _TRACKS.execute([(*(row[name] for name in WRITTEN), row["id"]) for row in written])
    Tombstone.objects.bury(Track, replaced.keys(), revision.number, replaced)
    albums_before = {rows[track_id]["album_id"] for track_id in (*replaced, *replaced.values())}
    gone = _join_emptied_albums(pairs, rows, revision)
    albums = albums_before - gone - {None}
    refresh_albums(albums, revision, albums)
    folders = {rows[track_id]["folder_id"] for track_id in (*replaced, *replaced.values())}
    folders.discard(None)  # a track that a server of an older version stored
    refresh_counts(folders, revision)
    to_settle.flag(folders)


def _joined_row(stays: Row, goes: Row, *, keeps_file: bool) -> Row:
    """What the row that stays becomes. It keeps its album until albums are worked out, so that
    an album of which all files were copied elsewhere keeps its id."""
    own = {name: stays[name] for name in OF_THE_ROW}
    kept = {name: stays[name] or goes[name] for name in ("album_id", "album_by_hand")}
    return {**(stays if keeps_file else goes), **own, **kept}


def _move_credits(moved: Sequence[tuple[int, int]]) -> None:
    """Give the credits and genres of tracks that go to those that stay: pairs of the id that stays
    and the id that goes."""
    staying = [stays for stays, _ in moved]
    TrackArtist.objects.filter(track_id__in=staying).delete()
    TrackGenre.objects.filter(track_id__in=staying).delete()
    _CREDITS.execute(moved)
    _GENRES.execute(moved)


def _have_followers_join(replaced: Mapping[int, int]) -> dict[int, followers.Followed]:
    """Have rows of other apps point at the tracks that stay. Returns which they were.

    On PostgreSQL somebody may point at a track that goes meanwhile: so the rows are locked then,
    which makes those who come later wait and find them gone, and the followers are asked again. The
    lock does not come first: a player locks its own row before the track's, and two orders would be
    a deadlock.
    """
    followed = followers.join_remembering(Track, replaced)
    if connection.features.has_select_for_update:
        going = Track.objects.filter(pk__in=replaced).order_by("pk")
        list(going.select_for_update().values_list("pk", flat=True))
        late = followers.join_remembering(Track, replaced)
        followed = {pk: followers.united(followed[pk], late[pk]) for pk in replaced}
    return followed


def _store_joins(
    pairs: Sequence[TakeOver],
    followed: Mapping[int, followers.Followed],
    scan_id: int | None,
    now: datetime,
) -> None:
    tracks = Track.objects.only(
        *("root", "path", "mtime_ns", "size_bytes", "title", "artist", "audio_digest"),
        *("added_at", "added_by_scan", "album_by_hand"),
    ).in_bulk([track_id for pair in pairs for track_id in pair[:2]])
    joins = []
    for pair in pairs:
        join = _join_row(pair, tracks[pair.stays], tracks[pair.goes])
        join.scan_id, join.joined_at, join.followed = scan_id, now, followed[pair.goes]
        joins.append(join)
    Join.objects.bulk_create(joins)


def _join_row(pair: TakeOver, stays: Track, goes: Track) -> Join:
    lost, replaced_path = stays, path_of_file(goes.path)
    if pair.keeps_file:
        lost, replaced_path = goes, path_aside(replaced_path, goes.pk)
    return Join(
        reason=pair.reason,
        track_id=stays.pk,
        replaced_id=goes.pk,
        audio_digest=lost.audio_digest,
        lost_root=lost.root,
        lost_path=path_of_file(lost.path),
        lost_mtime_ns=lost.mtime_ns,
        lost_size_bytes=lost.size_bytes,
        lost_title=lost.title,
        lost_artist=lost.artist,
        replaced_root=goes.root,
        replaced_path=replaced_path,
        replaced_added_at=goes.added_at,
        replaced_added_by_scan=goes.added_by_scan,
        replaced_album_by_hand=goes.album_by_hand,
    )


def _join_emptied_albums(
    pairs: Sequence[TakeOver], rows: Mapping[int, Row], revision: NextRevision
) -> set[int]:
    """Albums that have no tracks left, present or missing, become those where most of their tracks
    are now. Returns the ids of the albums that are gone."""
    homes = defaultdict[int, Counter[int]](Counter)
    for pair in pairs:
        left, home = rows[pair.goes]["album_id"], rows[pair.stays]["album_id"]
        if left and home and left != home:
            homes[left][home] += 1
    held = {pk for (pk,) in rows_among(Track, ("album_id",), "album_id", homes.keys())}
    replaced = {pk: _most_frequent(homes[pk]) for pk in homes.keys() - held}
    if replaced:
        followers.join(Album, replaced)
        Album.objects.filter(pk__in=replaced).delete()
        Tombstone.objects.bury(Album, replaced.keys(), revision.number, replaced)
    return {*replaced}


def _most_frequent(counts: Counter[int]) -> int:
    """Of several as frequent, the lowest."""
    return min(counts, key=lambda pk: (-counts[pk], pk))


def rows_of(track_ids: Collection[int]) -> dict[int, Row]:
    """The rows of these tracks by id."""
    found = rows_among(Track, _COLUMNS, "id", track_ids)
    return {row["id"]: row for row in (dict(zip(_COLUMNS, each, strict=True)) for each in found)}
