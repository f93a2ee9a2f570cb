"""A batch of tracks in the database: each with its own credits, also where some are there already,
though the scan took them for new ones: a commit succeeded whose answer was lost."""

from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from library.files.listings import Unlisted
from library.files.walk import FoundFile, walk
from library.models.albums import Album
from library.models.catalogue import Artist, Track, TrackArtist
from library.models.revision import NextRevision
from library.scanning import ScanOptions, scan_library
from library.scanning.store import prepare, store_tracks
from library.scanning.track_rows import Change, TrackWrite
from library.tags.file import read_file
from tests.audio_files import make_audio
from tests.library.scanning.conftest import settle


def as_new(music: Path) -> list[TrackWrite]:
    writes = []
    for folder in walk(str(music), ""):
        assert not isinstance(folder, Unlisted)
        writes += [_write(folder.found_file(stat)) for stat in folder.files]
    return writes


def _write(found: FoundFile) -> TrackWrite:
    read = read_file(found.absolute_path)
    assert read.tags is not None
    return TrackWrite(Change.ADDED, None, found, read, read.tags)


def ids_by_title() -> dict[str, int]:
    return dict(Track.objects.values_list("title", "pk"))


@pytest.mark.django_db
def test_tracks_that_were_there_keep_their_ids_and_take_what_is_written(music: Path) -> None:
    for name in ("b", "d"):
        make_audio(music / f"{name}.mp3", title=name, artist="Old", album="Old")
    scan_library(ScanOptions(workers=0))
    ids = ids_by_title()
    for name in ("a", "b", "c", "d", "e"):
        make_audio(music / f"{name}.mp3", title=name, artist="New", album="New")
    with transaction.atomic():
        counts = store_tracks(prepare(as_new(music), timezone.now()), NextRevision())
    settle()
    assert counts.added == 5
    after = ids_by_title()
    assert after.keys() == set("abcde")
    assert {name: after[name] for name in ids} == ids
    assert set(Track.objects.values_list("artist", "album__title")) == {("New", "New")}
    credits_ = TrackArtist.objects.filter(artist__name="New", role="artist")
    assert sorted(credits_.values_list("track__title", flat=True)) == list("abcde")
    assert not TrackArtist.objects.filter(artist__name="Old").exists()
    assert Album.objects.get(title="New").tracks.count() == 5


@pytest.mark.django_db
def test_the_same_batch_twice_changes_nothing(music: Path) -> None:
    make_audio(music / "first.mp3", title="first")
    scan_library(ScanOptions(workers=0))
    for number in range(3):
        make_audio(music / f"{number}.mp3", title=f"{number}", artist="Same", album="Same")
    batch = prepare(as_new(music), timezone.now())
    revision = NextRevision()
    stored = []
    for _ in range(2):
        with transaction.atomic():
            store_tracks(batch, revision)
        stored.append([list(rows) for rows in tables()])
    assert stored[0] == stored[1]
    settle()
    assert Album.objects.get(title="Same").track_count == 3
    assert Track.objects.count() == 4


def tables() -> list[QuerySet[Any]]:
    credits_ = TrackArtist.objects.order_by("track", "role", "position")
    return [
        *(model.objects.order_by("pk").values() for model in (Track, Album, Artist)),
        credits_.values("track", "artist", "role", "position"),
    ]


@pytest.mark.django_db
def test_each_of_many_tracks_in_one_batch_has_its_own_credits(music: Path) -> None:
    for number in range(60):
        make_audio(music / f"{number}.mp3", title=f"{number}", artist=f"Artist {number}")
    scan_library(ScanOptions(workers=0))
    credited = TrackArtist.objects.filter(role="artist").values_list("track__title", "artist__name")
    assert sorted(credited) == sorted((f"{number}", f"Artist {number}") for number in range(60))
