"""Deleting missing tracks from the library for good. Only people ask for that, scans never do.

A purge holds the lease of scans: a scan works with ids that it has read, and a purge may delete
these. Its row stays as a record, unless there was nothing to purge.
"""

from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, models, transaction
from django.db.models import Exists, OuterRef, Q

from library import followers
from library.followers import Follower
from library.models.albums import Album
from library.models.catalogue import Artist, Track, TrackArtist, TrackQuerySet
from library.models.folders import Folder
from library.models.revision import NextRevision
from library.models.scan import ScanKind, ScanState, ScanTrigger
from library.models.tombstones import Catalogue, Tombstone
from library.scanning.artist_totals import touch_artists_of
from library.scanning.batch import portions
from library.scanning.compare import Scope
from library.scanning.errors import LeaseLost, ScanAlreadyRuns, ScanCancelled
from library.scanning.folders import folder_ids_without, touch_folders_above
from library.scanning.joining import end_joins_of_purged
from library.scanning.lease import Lease
from library.scanning.other_work import held_for
from library.scanning.report import ScanCounts, never
from library.scanning.scopes import scopes_of
from library.scanning.summary import counted
from library.scanning.transactions import retried

BATCH_SIZE = 500
PURGING = "Missing tracks are being purged."


@dataclass(frozen=True, slots=True)
class PurgeCounts:
    """Missing tracks, and the albums, artists and folders that no other track needs.

    `in_use_as` says for what they are in use: "the current track of 2 players", "14 plays".
    `used_tracks`: how many of the tracks anything of a person belongs to. `left`: how many other
    tracks a purge leaves because of that, and `left_as`, for what those are in use.

    Of a purge that was carried out: whether it `was_cancelled` before its end, and the id of its
    event, if it deleted anything.
    """

    tracks: int = 0
    albums: int = 0
    artists: int = 0
    folders: int = 0
    in_use_as: tuple[str, ...] = ()
    used_tracks: int = 0
    left: int = 0
    left_as: tuple[str, ...] = ()
    was_cancelled: bool = False
    event_id: int | None = None

    @property
    def sentence(self) -> str:
        """What was purged, for people."""
        others = {"album": self.albums, "artist": self.artists}
        unused = " and ".join(counted(count, noun) for noun, count in others.items() if count)
        verb = "has" if self.albums + self.artists == 1 else "have"
        left = f", and {unused} that {verb} no tracks left" if unused else ""
        purged = f"Purged {counted(self.tracks, 'missing track')}{left}."
        said = f"The purge was cancelled. {purged}" if self.was_cancelled else purged
        return f"{said} {self._sentence_of_left}" if self.left else said

    @property
    def _sentence_of_left(self) -> str:
        stays = "stays because it is" if self.left == 1 else "stay because they are"
        missing = counted(self.left, "other missing track")
        return f"{missing} {stays} in use as {', '.join(self.left_as)}."


def count_purgeable(track_ids: Collection[int] | None = None) -> PurgeCounts:
    """What `purge_missing` would delete: of the missing tracks those in `track_ids`, if given."""
    going = _going(track_ids)
    staying = Track.objects.exclude(pk__in=going.values("pk"))
    albums = Album.objects.filter(~Exists(staying.filter(album=OuterRef("pk"))))
    credits_that_stay = TrackArtist.objects.exclude(track__in=going.values("pk"))
    artists = Artist.objects.filter(~Exists(credits_that_stay.filter(artist=OuterRef("pk"))))
    folder_ids = folder_ids_without(staying)
    uses = followers.count(going) + followers.count(albums) + followers.count(artists)
    for ids in portions(folder_ids, BATCH_SIZE):
        uses += followers.count(Folder.objects.filter(pk__in=ids))
    counts = (going.count(), albums.count(), artists.count(), len(folder_ids))
    used = going.filter(_in_use()).count()
    return PurgeCounts(*counts, in_use_as=followers.describe(uses), used_tracks=used)


def purge_missing(
    track_ids: Collection[int] | None = None,
    *,
    folders: Sequence[Path] = (),
    also_used: bool = True,
    trigger: ScanTrigger = ScanTrigger.COMMAND,
    is_cancelled: Callable[[], bool] = never,
) -> PurgeCounts:
    """Delete missing tracks in short transactions, then the albums, artists and folders that have
    none left.

    `track_ids` and `folders` limit this to the missing tracks with these ids, and below these
    folders: a scan of some folders says nothing about the others, whose disk may be away.
    `also_used`: also tracks that anything of a person belongs to, or to their album. What a person
    made is kept in any case, and belongs to the track again when a scan finds that again.
    `is_cancelled`: called before each transaction; True ends the purge.

    Raises BadScanOptions for a folder that a scan would refuse; ScanAlreadyRuns while another purge
    runs, or a scan, which may be about to find the tracks again; ScanError or DatabaseError where
    the database fails. What was deleted by then stays deleted.
    """
    scopes = scopes_of(folders, settings.MUSIC_DIRS) if folders else None
    try:
        with held_for(ScanKind.PURGE, PURGING, trigger) as lease:
            purge = _Purge(lease, is_cancelled)
            condition = Q() if also_used else ~_in_use()
            purge.run(retried(partial(_ids_going, track_ids, scopes, condition)), condition)
            left = [] if also_used else retried(partial(_ids_going, track_ids, scopes, _in_use()))
            return purge.close(left)
    except ScanAlreadyRuns as refusal:
        raise ScanAlreadyRuns(f"{refusal} No tracks were purged; purge when it is over.") from None
    except LeaseLost:
        raise ScanAlreadyRuns(
            "A scan took over before all missing tracks were purged; purge again when it is over."
        ) from None


class _Purge:
    """A purge that holds the lease, and how much it has deleted."""

    def __init__(self, lease: Lease, is_cancelled: Callable[[], bool] = never) -> None:
        self._lease = lease
        self._is_cancelled = is_cancelled
        self._deleted: Counter[Catalogue] = Counter()
        self._uses: Counter[Follower] = Counter()
        self._was_cancelled = False

    def run(self, ids: Sequence[int], condition: Q) -> None:
        """Delete, portion by portion, until everything is deleted or somebody cancels. Tracks that
        do not meet the condition any more stay."""
        try:
            for portion in portions(ids, BATCH_SIZE):
                self.delete(Track.objects.missing().filter(condition, pk__in=portion))
            self._delete_unused(Album.objects.filter(tracks=None))
            self._delete_unused(Artist.objects.filter(track_artists=None))
            # The deepest first: a folder that held only these is without any then.
            self._delete_unused(Folder.objects.filter(tracks=None, folders=None))
        except ScanCancelled:
            self._was_cancelled = True

    def delete(self, rows: models.QuerySet[Any]) -> int:
        """Delete these rows in one transaction. Returns how many they were; tracks that are not
        missing any more stay. Raises LeaseLost and ScanCancelled."""
        if self._is_cancelled():
            raise ScanCancelled
        retried(self._lease.check_cancel_request)
        return retried(partial(self._delete, rows))

    def close(self, left: Sequence[int]) -> PurgeCounts:
        """Close the row with its event, if anything was purged. `left`: tracks that stay because
        they are in use."""
        counts = PurgeCounts(
            tracks=self._deleted[Track],
            albums=self._deleted[Album],
            artists=self._deleted[Artist],
            folders=self._deleted[Folder],
            in_use_as=followers.describe(self._uses),
            left=len(left),
            left_as=followers.describe(_uses_of(left)),
            was_cancelled=self._was_cancelled,
        )
        if not self._deleted.total():
            return counts
        state = ScanState.CANCELLED if self._was_cancelled else ScanState.COMPLETED
        close = partial(self._lease.close_other_work, state, counts.sentence)
        return replace(counts, event_id=retried(close))

    def _delete_unused(self, unused: models.QuerySet[Any]) -> None:
        while self.delete(unused.order_by("pk")[:BATCH_SIZE]):
            pass

    def _delete(self, rows: models.QuerySet[Any]) -> int:
        revision = NextRevision()
        with transaction.atomic():
            ids = list(rows.values_list("pk", flat=True))
            if not ids:
                return 0
            uses = _release(rows.model, ids)
            if rows.model is Track:
                touch_artists_of(ids, revision)
            elif rows.model is Folder:
                touch_folders_above(ids, revision)
            models.QuerySet(rows.model).filter(pk__in=ids).delete()
            Tombstone.objects.bury(rows.model, ids, revision.number)
            if rows.model is Track:
                end_joins_of_purged(ids)
            tracks = len(ids) if rows.model is Track else 0
            self._lease.renew(ScanCounts(), revision.raised, tracks)
        self._lease.note_commit(revision.raised, tracks)
        self._deleted[rows.model] += len(ids)
        self._uses.update(uses)
        return len(ids)


def _release(model: Catalogue, ids: Collection[int]) -> Counter[Follower]:
    """Have the followers let go of the rows that are about to be deleted.

    On PostgreSQL somebody may point at one of the rows meanwhile, such as a player that saves its
    current track. So the rows are locked then, which makes those who come later wait and find them
    gone, and the followers are asked again for those who came before. They are asked first without
    the lock: a player locks its own row before the track's, and two orders would be a deadlock.
    """
    uses = followers.purge(model, ids)
    if connection.features.has_select_for_update:
        locked: models.QuerySet[Any] = models.QuerySet(model).filter(pk__in=ids).order_by("pk")
        list(locked.select_for_update().values_list("pk", flat=True))
        uses.update(followers.purge(model, ids))
    return uses


def _ids_going(
    track_ids: Collection[int] | None, scopes: Sequence[Scope] | None, condition: Q
) -> list[int]:
    going = _going(track_ids).filter(condition)
    if scopes is None:
        return list(going.values_list("pk", flat=True))
    parts = (going.filter(root=scope.root, path__below=scope.folder) for scope in scopes)
    return [track_id for part in parts for track_id in part.values_list("pk", flat=True)]


def _going(track_ids: Collection[int] | None) -> TrackQuerySet:
    missing = Track.objects.missing()
    return missing if track_ids is None else missing.filter(pk__in=track_ids)


def _in_use() -> Q:
    """The condition of tracks that anything of a person belongs to, or to their album."""
    albums = Album.objects.filter(followers.in_use(Album), pk=OuterRef("album"))
    return followers.in_use(Track) | Q(Exists(albums))


def _uses_of(track_ids: Sequence[int]) -> Counter[Follower]:
    """What these tracks and their albums are in use as."""
    uses: Counter[Follower] = Counter()
    albums = set[int]()
    for ids in portions(track_ids, BATCH_SIZE):
        tracks = Track.objects.filter(pk__in=ids)
        uses += followers.count(tracks)
        albums.update(pk for pk in tracks.values_list("album_id", flat=True) if pk)
    for ids in portions(sorted(albums), BATCH_SIZE):
        uses += followers.count(Album.objects.filter(pk__in=ids))
    return uses
