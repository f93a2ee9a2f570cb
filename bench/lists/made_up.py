"""Fills the library with made-up tracks that have no files; imported where Django is set up.

From the tags on they are stored as a scan stores its tracks. The same number of tracks gives the
same library everywhere.
"""

import random
from collections.abc import Sequence
from functools import partial
from typing import Any

from django.contrib.auth.models import User
from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone

from library.files.walk import FoundFile
from library.models.catalogue import Track
from library.models.revision import NextRevision
from library.models.scan import ScanKind
from library.scanning.batch import portions
from library.scanning.other_work import held_for
from library.scanning.settling import Settling
from library.scanning.store import prepare, store_tracks
from library.scanning.track_rows import Change, TrackWrite
from library.scanning.transactions import Transactions
from library.tags import ReadFile, TrackTags
from listening.favourites import change_favourites
from listening.kinds import MODELS
from listening.ratings import change_ratings

TRACKS_AT_A_TIME = 5_000
TRACKS_OF_AN_ALBUM = 12
ALBUMS_OF_AN_ARTIST = 3
FIRST_YEAR, YEARS = 1955, 70
MTIME_NS = 1_600_000_000_000_000_000
LABELS, COMPOSERS = 300, 2_000
GENRES = ("Rock", "Jazz", "Folk", "Electronic", "Classical", "Hip Hop", "Soul", "Metal")
WORDS = (
    *("amber", "autumn", "blue", "bridge", "broken", "candle", "city", "cloud", "dance", "dark"),
    *("dream", "east", "echo", "ember", "field", "fire", "garden", "ghost", "glass", "golden"),
    *("harbour", "heart", "house", "island", "jungle", "kite", "light", "lonely", "love", "mirror"),
    *("moon", "morning", "night", "ocean", "paper", "rain", "river", "road", "shadow", "silver"),
    *("sleep", "snow", "song", "stone", "summer", "sun", "train", "velvet", "water", "winter"),
)


def fill(root: str, tracks: int) -> None:
    """Store `tracks` tracks below the music folder `root`."""
    for numbers in portions(range(tracks), TRACKS_AT_A_TIME):
        _store([_track(root, number) for number in numbers])
    _settle()
    _vacuum()


def _vacuum() -> None:
    """As PostgreSQL's autovacuum does within a minute or two. Until then PostgreSQL looks up each
    row to see whether it is visible, and pages take twice as long and more."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")


def opine(favourites: int, ratings: int) -> None:
    """Every user marks so many tracks as favourites and rates so many, and a tenth of so many
    albums and artists."""
    rng = random.Random(0)
    for user in User.objects.all():
        for kind, model in MODELS.items():
            rows: QuerySet[Any] = QuerySet(model)
            ids = list(rows.order_by("pk").values_list("pk", flat=True))
            part = 1 if kind == "track" else 10
            marked = rng.sample(ids, min(len(ids), favourites // part))
            rated = rng.sample(ids, min(len(ids), ratings // part))
            change_favourites(user.pk, {kind: marked}, {})
            change_ratings(user.pk, {kind: {pk: 1 + pk % 5 for pk in rated}}, {})
    _vacuum()


def retag(root: str, numbers: Sequence[int]) -> None:
    """Store the tracks of these numbers, counted from 0, with other titles and years."""
    paths = {_path(number): number for number in numbers}
    stored = Track.objects.filter(root=root, path__in=paths).values_list("path", "pk")
    _store([_retagged(_track(root, paths[path]), pk) for path, pk in stored])
    _settle()


def _retagged(write: TrackWrite, track_id: int) -> TrackWrite:
    year = (write.tags.year or 0) + 1
    tags = write.tags._replace(title=f"{write.tags.title} again", year=year)
    read = write.read._replace(tags=tags)
    return TrackWrite(Change.UPDATED, track_id, write.found, read, tags)


def _store(writes: Sequence[TrackWrite]) -> None:
    prepared = prepare(writes, timezone.now())
    transaction.atomic(partial(store_tracks, prepared, NextRevision()))()


def _settle() -> None:
    with held_for(ScanKind.EDIT, "Made-up tracks are put on albums.") as lease:
        Settling(Transactions(lease), lambda: None).settle()


def _path(number: int) -> str:
    album, place = divmod(number, TRACKS_OF_AN_ALBUM)
    return f"{album:06}/{place + 1:02}.flac"


def _track(root: str, number: int) -> TrackWrite:
    rng = random.Random(number)
    album, place = divmod(number, TRACKS_OF_AN_ALBUM)
    artist = _name(album // ALBUMS_OF_AN_ARTIST, 2)
    year = FIRST_YEAR + album % YEARS
    composer = _name(2_000_000 + album % COMPOSERS, 2)
    tags = TrackTags(
        title=f"{' '.join(rng.sample(WORDS, rng.randint(1, 3)))} {number}".capitalize(),
        artist=artist,
        artists=(artist,),
        album=_name(album + 1_000_000, 3),
        album_artist=artist,
        album_artists=(artist,),
        track_number=place + 1,
        year=year,
        genre=GENRES[album % len(GENRES)],
        genres=(GENRES[album % len(GENRES)], GENRES[number % len(GENRES)]),
        composer=composer,
        composers=(composer,),
        labels=(f"{WORDS[album % LABELS % len(WORDS)].title()} Records {album % LABELS}",),
        duration_s=rng.uniform(90, 480),
        codec="flac",
    )
    found = FoundFile(root, _path(number), MTIME_NS, 1_000_000 + number, 1, number + 1, "", "")
    read = ReadFile(tags, found.mtime_ns, found.size_bytes)
    return TrackWrite(Change.ADDED, None, found, read, tags)


def _name(seed: int, words: int) -> str:
    return f"The {' '.join(random.Random(seed).sample(WORDS, words))} {seed % 10_000}".title()
