"""The ids of artists last: an old one is answered with the artist that it became."""

import os
from pathlib import Path

import pytest
from django.test import Client

from library.models.catalogue import Artist
from library.models.tombstones import Tombstone
from library.scanning import ScanOptions, scan_library
from tests.api.library import get
from tests.audio_files import make_audio, retag

pytestmark = pytest.mark.django_db


def scan() -> None:
    scan_library(ScanOptions(workers=0))


@pytest.fixture
def wrong(music: Path) -> list[Path]:
    """Two tracks of `Bjork`, and one of `Björk`, all scanned."""
    paths = [
        make_audio(music / f"{number}.flac", title=f"{number}", artist="Bjork", album="Debut")
        for number in (1, 2)
    ]
    make_audio(music / "Post" / "3.flac", title="3", artist="Björk", album="Post")
    scan()
    return paths


def mend(paths: list[Path], name: str) -> None:
    for path in paths:
        retag(path, artist=name)
        os.utime(path, (1_700_000_000, 1_700_000_000))
    scan()


def assert_is_answered(api: Client, asked: int, answered: int, name: str, tracks: int) -> None:
    row = get(api, f"artists/{asked}")
    assert (row["id"], row["name"], row["track_count"]) == (answered, name, tracks)
    assert get(api, f"tracks?artist={asked}")["count"] == tracks
    assert len(get(api, f"tracks/ids?artist={asked}")["ids"]) == tracks
    assert get(api, f"albums?artist={asked}")["count"] == row["album_count"]


def test_an_artist_joined_with_another_is_answered_by_both_ids(
    api: Client, wrong: list[Path]
) -> None:
    goes, stays = (Artist.objects.get(name=name).pk for name in ("Bjork", "Björk"))
    mend(wrong, "Björk")
    for asked in (goes, stays):
        assert_is_answered(api, asked, stays, "Björk", 3)


def test_a_renamed_artist_keeps_its_id_and_the_new_row_is_answered_too(
    api: Client, wrong: list[Path]
) -> None:
    stays = Artist.objects.get(name="Bjork").pk
    mend(wrong, "Björk Guðmundsdóttir")
    assert_is_answered(api, stays, stays, "Björk Guðmundsdóttir", 2)
    (gone,) = Tombstone.objects.filter(kind="artist").values_list("row_id", flat=True)
    assert_is_answered(api, gone, stays, "Björk Guðmundsdóttir", 2)
