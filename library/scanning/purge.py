"""Taking missing tracks out of the library for good: always somebody's explicit wish."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Exists, OuterRef

from library.models import Album, Artist, Scan, ScanState, Track, TrackArtist
from library.models.catalogue import TrackQuerySet
from library.scanning.errors import ScanAlreadyRuns
from library.scanning.lease import is_dead

BATCH_SIZE = 500


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


def purge_missing(track_ids: Collection[int] | None = None) -> PurgeCounts:
    """Delete missing tracks in short transactions, then albums and artists left without any.

    Raises ScanAlreadyRuns while a scan runs: it may just be finding them again.
    """
    running = Scan.objects.filter(state=ScanState.RUNNING).first()
    if running and not is_dead(running):
        raise ScanAlreadyRuns(f"Scan {running.pk} runs; purge when it is over.")
    ids = list(_going(track_ids).values_list("pk", flat=True))
    tracks = 0
    for start in range(0, len(ids), BATCH_SIZE):
        with transaction.atomic():
            batch = Track.objects.missing().filter(pk__in=ids[start : start + BATCH_SIZE])
            tracks += batch.count()
            batch.delete()
    with transaction.atomic():
        unused_albums = Album.objects.filter(tracks=None)
        unused_artists = Artist.objects.filter(track_artists=None)
        counts = PurgeCounts(tracks, unused_albums.count(), unused_artists.count())
        unused_albums.delete()
        unused_artists.delete()
    return counts


def _going(track_ids: Collection[int] | None) -> TrackQuerySet:
    missing = Track.objects.missing()
    return missing if track_ids is None else missing.filter(pk__in=track_ids)
