"""Parts two tracks that a scan joined, because a person says that they are two.

The track that went lives again, with its id, at its file; the track that had taken over that file
is missing again, at the path where its own file was, or beside that path if another track is there
(`library.models.paths.path_aside`). Scans never join this pair again.

The lease of scans is held meanwhile, since a scan works with ids and paths that it has read.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from django.db import connection, models
from django.utils import timezone
from django.utils.translation import gettext, gettext_noop

from library import followers
from library.models.catalogue import Track, TrackArtist, TrackGenre
from library.models.joins import Ended, Join
from library.models.paths import path_aside, path_to_text
from library.models.revision import NextRevision
from library.models.scan import ScanKind, ScanState, ScanTrigger
from library.models.tombstones import Tombstone
from library.queries.tombstones import living_id
from library.scanning import to_settle
from library.scanning.albums import refresh_albums
from library.scanning.artist_totals import touch_artists_of
from library.scanning.errors import ScanAlreadyRuns, ScanError
from library.scanning.folders import place_of_path, refresh_counts, store_folders_of
from library.scanning.joining import OF_THE_ROW, WRITTEN, Row, rows_of
from library.scanning.lease import Lease
from library.scanning.other_work import held_for
from library.scanning.report import ScanCounts
from library.scanning.settling import Settling
from library.scanning.transactions import Transactions, retried
from library.scanning.upsert import Update, Upsert

PARTING = "Two joined tracks are being parted."

_NEW = Upsert(Track, ("id", *WRITTEN, *(name for name in OF_THE_ROW if name != "id")))
_CHANGED = Update(Track, WRITTEN)


class CannotPart(ScanError):
    """The two tracks cannot be parted. The message says why."""


@dataclass(frozen=True, slots=True)
class Parted:
    """`sentence`: what was done, for people. `event_id`: of the event about it."""

    sentence: str
    event_id: int | None


def part(join_id: int, trigger: ScanTrigger) -> Parted:
    """Make two tracks again of those that this join made one.

    Raises CannotPart; ScanAlreadyRuns while a scan or other work runs. Nothing is changed then.
    """
    refuse_if_impossible(join_id)
    try:
        with held_for(ScanKind.EDIT, PARTING, trigger) as lease:
            try:
                join = refuse_if_impossible(join_id)
            except CannotPart as problem:
                refusal = problem
            else:
                return _part(join, lease)
    except ScanAlreadyRuns as running:
        raise ScanAlreadyRuns(
            gettext("%(why)s The tracks were not parted; try again later.") % {"why": running}
        ) from None
    raise refusal


def refuse_if_impossible(join_id: int) -> Join:
    """The join of this id. Raises CannotPart if its tracks cannot be parted."""
    join = Join.objects.filter(pk=join_id).first()
    if join is None:
        raise CannotPart(gettext("There is no join %(id)s.") % {"id": join_id})
    if join.ended_at is not None:
        raise CannotPart(
            gettext("These tracks are not joined any more: %(why)s.")
            % {"why": gettext(_ENDINGS[join.ended_by])}
        )
    _refuse_without_track(join)
    later = Join.objects.filter(track_id=join.track_id, pk__gt=join.pk, ended_at=None)
    if not join.is_of_lost_file and (other := later.first()):
        raise CannotPart(
            gettext(
                "Track %(id)s was joined again since, with track %(other)s. Part these two first."
            )
            % {"id": join.track_id, "other": other.replaced_id}
        )
    if Track.objects.filter(pk=join.replaced_id).exists():
        raise CannotPart(gettext("Track %(id)s is there.") % {"id": join.replaced_id})
    return join


def what_goes_back(join: Join) -> tuple[str, ...]:
    """What the track that lives again may become again, as "the current track of 1 player"."""
    return followers.describe_remembered(Track, join.followed)


_ENDINGS: dict[str, str] = {
    Ended.BY_HAND: gettext_noop("somebody has parted them"),
    Ended.BY_FILE: gettext_noop("the lost file came back"),
    Ended.BY_PURGE: gettext_noop("the track was purged"),
}


def _refuse_without_track(join: Join) -> None:
    if Track.objects.filter(pk=join.track_id).exists():
        return
    other = living_id(Track, join.track_id)
    if other is None:
        raise CannotPart(gettext("Track %(id)s was purged.") % {"id": join.track_id})
    raise CannotPart(
        gettext("Track %(id)s was joined with track %(other)s since. Part these two first.")
        % {"id": join.track_id, "other": other}
    )


def _part(join: Join, lease: Lease) -> Parted:
    transactions = Transactions(lease)
    now = timezone.now()
    folder_ids: set[int] = set()

    def write(revision: NextRevision) -> ScanCounts:
        folder_ids.update(_write(join, now, revision))
        return ScanCounts()

    transactions.commit(write)
    Settling(transactions, lambda: None).settle_folders(folder_ids)
    sentence = f"Tracks {join.replaced_id} and {join.track_id} are two again."
    close = partial(lease.close_other_work, ScanState.COMPLETED, sentence)
    return Parted(sentence, retried(close))


def _write(join: Join, now: datetime, revision: NextRevision) -> set[int]:
    """Part the two in the caller's transaction. Returns the ids of the folders to settle. Does
    nothing the second time, after a commit whose answer was lost."""
    ended = Join.objects.filter(pk=join.pk, ended_at=None)
    if not ended.update(ended_at=now, ended_by=Ended.BY_HAND):
        return set()
    row = rows_of([join.track_id])[join.track_id]
    touch_artists_of([join.track_id], revision)
    written = {
        "updated_at": connection.ops.adapt_datetimefield_value(now),
        "revision": revision.number,
    }
    lost_id = join.replaced_id if join.is_of_lost_file else join.track_id
    living, lost = {**row, **written}, {**row, **written, **_lost(join, lost_id, now)}
    own = {
        "id": join.replaced_id,
        "added_at": connection.ops.adapt_datetimefield_value(join.replaced_added_at),
        "added_by_scan": join.replaced_added_by_scan,
        "album_by_hand": join.replaced_album_by_hand,
    }
    if join.is_of_lost_file:
        lost |= own
    else:
        living |= own
        _CHANGED.execute([(*_values(lost, WRITTEN), lost["id"])])
    parted = lost if join.is_of_lost_file else living
    _NEW.execute([_values(parted, _NEW.columns)])
    for model in (TrackArtist, TrackGenre):
        _copy_rows(model, join.track_id, join.replaced_id)
    followers.part(Track, join.followed, join.track_id, join.replaced_id)
    Tombstone.objects.lift(Track, [join.replaced_id])
    store_folders_of({lost["id"]: place_of_path(join.lost_root, join.lost_path)}, revision)
    return _settle_later([row["id"], join.replaced_id], revision)


def _lost(join: Join, lost_id: int, now: datetime) -> Row:
    """What differs in the row of the track whose file is lost. What else it says was read from the
    other file: should its own come back, that is read, because the time differs."""
    path = join.lost_path
    if Track.objects.filter(root=join.lost_root, path=path).exists():
        path = path_aside(path, lost_id)
    return {
        "root": path_to_text(join.lost_root),
        "path": path_to_text(path),
        "mtime_ns": 0,
        "size_bytes": join.lost_size_bytes,
        "device": 0,
        "inode": 0,
        "audio_digest": join.audio_digest,
        "missing_since": connection.ops.adapt_datetimefield_value(now),
    }


def _settle_later(track_ids: Sequence[int], revision: NextRevision) -> set[int]:
    rows = rows_of(track_ids).values()
    folder_ids = {row["folder_id"] for row in rows} - {None}
    album_ids = {row["album_id"] for row in rows} - {None}
    refresh_counts(folder_ids, revision)
    refresh_albums(album_ids, revision, album_ids)
    to_settle.flag(folder_ids)
    return folder_ids


def _copy_rows(model: type[models.Model], track_id: int, to: int) -> None:
    """Give the track `to` the same credits or genres as those of the track `track_id`."""
    quote = connection.ops.quote_name
    columns = [str(field.column) for field in model._meta.concrete_fields]
    others = [name for name in columns if name not in {"id", "track_id"}]
    names = ", ".join(map(quote, others))
    table = quote(model._meta.db_table)
    sql = (
        f"INSERT INTO {table} (track_id, {names}) "  # noqa: S608
        f"SELECT %s, {names} FROM {table} WHERE track_id = %s"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [to, track_id])


def _values(row: Row, columns: Sequence[str]) -> tuple[Any, ...]:
    return tuple(row[name] for name in columns)
