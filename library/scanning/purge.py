"""Deleting missing tracks from the library for good. Only people ask for that, scans never do.

A purge holds the lease of scans: a scan works with ids that it has read, and a purge may delete
these.
"""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from django.conf import settings
from django.db import models, transaction
from django.db.models import Exists, OuterRef

from library import followers
from library.followers import Follower
from library.models.catalogue import Album, Artist, Track, TrackArtist, TrackQuerySet
from library.scanning.batch import portions
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
    """Missing tracks, and the albums and artists that no other track needs.

    `in_use_as` says for what they are in use: "the current track of 2 players".
    """

    tracks: int = 0
    albums: int = 0
    artists: int = 0
    in_use_as: tuple[str, ...] = ()


def count_purgeable(track_ids: Collection[int] | None = None) -> PurgeCounts:
    """What `purge_missing` would delete: of the missing tracks those in `track_ids`, if given."""
    going = _going(track_ids)
    staying = Track.objects.exclude(pk__in=going.values("pk"))
    albums = Album.objects.filter(~Exists(staying.filter(album=OuterRef("pk"))))
    credits_that_stay = TrackArtist.objects.exclude(track__in=going.values("pk"))
    artists = Artist.objects.filter(~Exists(credits_that_stay.filter(artist=OuterRef("pk"))))
    uses = followers.count(going) + followers.count(albums) + followers.count(artists)
    return PurgeCounts(
        going.count(), albums.count(), artists.count(), in_use_as=followers.describe(uses)
    )


def purge_missing(
    track_ids: Collection[int] | None = None, *, folders: Sequence[Path] = ()
) -> PurgeCounts:
    """Delete missing tracks in short transactions, then albums and artists left without any.

    `track_ids` and `folders` limit this to the missing tracks with these ids, and below these
    folders: a scan of some folders says nothing about the others, whose disk may be away.

    Raises BadScanOptions for a folder that a scan would refuse; ScanAlreadyRuns while another purge
    runs, or a scan, which may be about to find the tracks again; ScanError or DatabaseError where
    the database fails. What was deleted by then stays deleted.
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
    uses: Counter[Follower] = Counter()
    tracks = sum(
        retried(partial(_delete_tracks, lease, portion, uses))
        for portion in portions(ids, BATCH_SIZE)
    )
    albums = _delete_unused(lease, Album.objects.filter(tracks=None), uses)
    artists = _delete_unused(lease, Artist.objects.filter(track_artists=None), uses)
    return PurgeCounts(tracks, albums, artists, in_use_as=followers.describe(uses))


def _delete_tracks(lease: Lease, ids: Collection[int], uses: Counter[Follower]) -> int:
    """How many of these tracks were deleted; others are not missing any more."""
    return _delete(lease, Track.objects.missing().filter(pk__in=ids), uses)


def _delete_unused(
    lease: Lease, unused: models.QuerySet[Album] | models.QuerySet[Artist], uses: Counter[Follower]
) -> int:
    """How many rows were deleted, in a transaction for each portion."""
    total = 0
    while deleted := retried(partial(_delete, lease, unused[:BATCH_SIZE], uses)):
        total += deleted
    return total


def _delete(lease: Lease, rows: models.QuerySet[models.Model], uses: Counter[Follower]) -> int:
    """One transaction; what the rows were in use for is added to `uses` once it is committed."""
    with transaction.atomic():
        ids = list(rows.values_list("pk", flat=True))
        portion = followers.purge(rows.model, ids)
        models.QuerySet(rows.model).filter(pk__in=ids).delete()
        lease.renew(ScanCounts())
    uses.update(portion)
    return len(ids)


def _ids_going(track_ids: Collection[int] | None, scopes: Sequence[Scope] | None) -> list[int]:
    going = _going(track_ids)
    if scopes is None:
        return list(going.values_list("pk", flat=True))
    parts = (going.filter(root=scope.root, path__below=scope.folder) for scope in scopes)
    return [track_id for part in parts for track_id in part.values_list("pk", flat=True)]


def _going(track_ids: Collection[int] | None) -> TrackQuerySet:
    missing = Track.objects.missing()
    return missing if track_ids is None else missing.filter(pk__in=track_ids)
