"""Taking missing tracks out of the library for good: always somebody's explicit wish.

A purge holds the lease of scans: a scan works with ids it has read, which a purge may delete.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef

from library.models.catalogue import Album, Artist, Track, TrackArtist, TrackQuerySet
from library.scanning.compare import Scope
from library.scanning.errors import LeaseLost, ScanAlreadyRuns
from library.scanning.lease import Lease
from library.scanning.other_work import held_for
from library.scanning.report import ScanCounts
from library.scanning.scopes import scopes_of
from library.scanning.transactions import retried

BATCH_SIZE = 500
PURGING = "Missing tracks are being purged."


@dataclass(frozen=True, slots=True)
class PurgeCounts:
    """Missing tracks, and the albums and artists that no other track needs."""

    tracks: int = 0
    albums: int = 0
    artists: int = 0


def count_purgeable(track_ids: Collection[int] | None = None) -> PurgeCounts:
    """What `purge_missing` would take: of the missing tracks those in `track_ids`, if given."""
    going = _going(track_ids)
    staying = Track.objects.exclude(pk__in=going.values("pk"))
    albums = Album.objects.filter(~Exists(staying.filter(album=OuterRef("pk"))))
    credits_that_stay = TrackArtist.objects.exclude(track__in=going.values("pk"))
    artists = Artist.objects.filter(~Exists(credits_that_stay.filter(artist=OuterRef("pk"))))
    return PurgeCounts(going.count(), albums.count(), artists.count())


def purge_missing(
    track_ids: Collection[int] | None = None, *, folders: Sequence[Path] = ()
) -> PurgeCounts:
    """Delete missing tracks in short transactions, then albums and artists left without any.

    Of the missing tracks those in `track_ids`, if given, and below `folders`, if there are any: a
    scan of some folders tells nothing of the others, whose disk may be away.

    Raises BadScanOptions for a folder that a scan would refuse; ScanAlreadyRuns while a scan runs,
    which may just be finding them again, or another purge; ScanError or DatabaseError where the
    database fails. What was deleted by then is gone.
    """
    try:
        with held_for(PURGING) as lease:
            scopes = scopes_of(folders, settings.MUSIC_DIRS) if folders else None
            return _purge(lease, retried(partial(_ids_going, track_ids, scopes)))
    except ScanAlreadyRuns as refusal:
        raise ScanAlreadyRuns(f"{refusal} No tracks were purged; purge when it is over.") from None
    except LeaseLost:
        raise ScanAlreadyRuns(
            "A scan took over before all missing tracks were purged; purge again when it is over."
        ) from None


def _purge(lease: Lease, ids: Sequence[int]) -> PurgeCounts:
    portions = (ids[start : start + BATCH_SIZE] for start in range(0, len(ids), BATCH_SIZE))
    tracks = sum(retried(partial(_delete_tracks, lease, portion)) for portion in portions)
    albums, artists = retried(partial(_delete_unused, lease))
    return PurgeCounts(tracks, albums, artists)


def _delete_tracks(lease: Lease, ids: Collection[int]) -> int:
    with transaction.atomic():
        batch = Track.objects.missing().filter(pk__in=ids)
        count = batch.count()
        batch.delete()
        lease.renew(ScanCounts())
    return count


def _delete_unused(lease: Lease) -> tuple[int, int]:
    """Albums and artists without tracks; how many of each there were."""
    with transaction.atomic():
        albums, artists = (
            Album.objects.filter(tracks=None),
            Artist.objects.filter(track_artists=None),
        )
        counts = albums.count(), artists.count()
        albums.delete()
        artists.delete()
        lease.renew(ScanCounts())
    return counts


def _ids_going(track_ids: Collection[int] | None, scopes: Sequence[Scope] | None) -> list[int]:
    going = _going(track_ids)
    if scopes is None:
        return list(going.values_list("pk", flat=True))
    parts = (going.filter(root=scope.root, path__below=scope.folder) for scope in scopes)
    return [track_id for part in parts for track_id in part.values_list("pk", flat=True)]


def _going(track_ids: Collection[int] | None) -> TrackQuerySet:
    missing = Track.objects.missing()
    return missing if track_ids is None else missing.filter(pk__in=track_ids)
