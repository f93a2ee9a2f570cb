"""Tells the library of new files as if they had been read; imported where Django is set up.

What a file is to hold is made up from its path. From there on it goes the way of every scan.
"""

from collections.abc import Iterator
from functools import partial
from pathlib import PurePath

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from library.files.walk import FoundFile, FoundFolder, walk
from library.models.catalogue import Track
from library.models.revision import NextRevision
from library.models.scan import Scan, ScanState
from library.scanning.batch import portions
from library.scanning.store import prepare, store_tracks
from library.scanning.track_rows import Change, TrackWrite
from library.tags import ReadFile, TrackTags

TRACKS_AT_A_TIME = 5_000


def tell() -> None:
    """Every file in the music folders that the library does not know yet."""
    now = timezone.now()
    Scan.objects.create(state=ScanState.COMPLETED, finished_at=now)
    known = set(Track.objects.values_list("path", flat=True))
    new = [_made_up(found) for found in _files() if found.path not in known]
    for part in portions(new, TRACKS_AT_A_TIME):
        prepared = prepare(part, now)
        transaction.atomic(partial(store_tracks, prepared, NextRevision()))()


def _files() -> Iterator[FoundFile]:
    for root in settings.MUSIC_DIRS:
        for listing in walk(str(root)):
            if isinstance(listing, FoundFolder):
                yield from map(listing.found_file, listing.files)


def _made_up(found: FoundFile) -> TrackWrite:
    artist, album, name = PurePath(found.path).parts
    tags = TrackTags(title=name, artist=artist, artists=(artist,), album=album, album_artist=artist)
    read = ReadFile(tags, found.mtime_ns, found.size_bytes)
    return TrackWrite(Change.ADDED, None, found, read, tags)
