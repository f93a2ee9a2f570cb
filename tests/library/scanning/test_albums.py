"""What makes tracks one album, and artists one artist."""

import logging
import os
from pathlib import Path
from typing import Any

import pytest

from library.models.albums import Album
from library.models.catalogue import Artist, Track
from tests.audio_files import jpeg, make_audio, retag
from tests.library.scanning.conftest import Scan as ScanCall

ONE = "11111111-2222-4333-8444-555555555555"
TWO = "99999999-2222-4333-8444-555555555555"


def albums() -> list[tuple[str, str, int]]:
    return sorted(
        (album.title, album.album_artist, album.tracks.count()) for album in Album.objects.all()
    )


def test_a_release_id_makes_an_album_whatever_else_differs(music: Path, scan: ScanCall) -> None:
    make_audio(music / "a" / "1.mp3", album="X", album_artist="Y", musicbrainz_release_id=ONE)
    make_audio(music / "b" / "2.mp3", album="X (CD 2)", musicbrainz_release_id=ONE)
    make_audio(music / "a" / "3.mp3", album="X", album_artist="Y", musicbrainz_release_id=TWO)
    scan()
    assert sorted(count for _, _, count in albums()) == [1, 2]


def test_title_and_album_artist_make_an_album_over_folders_and_case(
    music: Path, scan: ScanCall
) -> None:
    make_audio(music / "cd1" / "1.mp3", album="The Wall", album_artist="Pink Floyd")
    make_audio(music / "cd2" / "1.mp3", album="The wall", album_artist="PINK FLOYD")
    make_audio(music / "cd2" / "2.mp3", album="The Wall", album_artist="Someone Else")
    scan()
    assert [count for _, _, count in albums()] == [2, 1]


def test_without_an_album_artist_the_folder_decides(music: Path, scan: ScanCall) -> None:
    make_audio(music / "one" / "1.mp3", album="Greatest Hits", artist="Queen")
    make_audio(music / "one" / "2.mp3", album="Greatest Hits", artist="Queen & Bowie")
    make_audio(music / "two" / "1.mp3", album="Greatest Hits", artist="ABBA")
    make_audio(music / "three" / "1.mp3", album="Greatest Hits", artist="Can")
    make_audio(music / "three" / "2.mp3", album="Greatest Hits", artist="Neu!")
    scan()
    assert albums() == [
        ("Greatest Hits", "ABBA", 1),
        ("Greatest Hits", "Queen", 2),
        ("Greatest Hits", "Various Artists", 2),
    ]


def test_an_album_is_described_by_its_tracks_in_order(music: Path, scan: ScanCall) -> None:
    """Whatever the order they are read and stored in, which here is that of their names."""
    tags: dict[str, Any] = {"album_artist": "B", "musicbrainz_release_id": ONE}
    for path, disc_number, track_number, year in [
        ("a.mp3", 2, 1, 2001),
        ("b.mp3", 1, 2, 2000),
        ("c.mp3", 1, 1, 1999),
    ]:
        numbers = {"disc_number": disc_number, "track_number": track_number}
        cover = jpeg(year)
        make_audio(music / path, album="A", year=year, cover=cover, **numbers, **tags)
    scan()
    album = Album.objects.get()
    assert (album.title, album.year) == ("A", 1999)
    assert album.cover_id == Track.objects.get(path="c.mp3").cover_id
    retag(music / "b.mp3", track_number=None)
    scan()
    album.refresh_from_db()
    assert album.cover_id == Track.objects.get(path="b.mp3").cover_id


def test_retagging_moves_a_track_to_its_new_album(music: Path, scan: ScanCall) -> None:
    path = make_audio(music / "1.mp3", album="Wrnog", album_artist="B")
    make_audio(music / "2.mp3", album="Wrnog", album_artist="B")
    scan()
    retag(path, album="Right")
    os.utime(path, (1_700_000_000, 1_700_000_000))
    scan()
    assert albums() == [("Right", "B", 1), ("Wrnog", "B", 1)]


def test_names_that_differ_only_in_case_are_one_artist(music: Path, scan: ScanCall) -> None:
    make_audio(music / "1.mp3", artist="deadmau5")
    make_audio(music / "2.mp3", artist="Deadmau5")
    make_audio(music / "3.mp3", artist="Déadmau5")
    scan()
    assert Artist.objects.count() == 2


def test_an_artist_learns_sort_name_and_id_from_any_file(music: Path, scan: ScanCall) -> None:
    make_audio(music / "1.flac", artist="The Beatles", artists=["The Beatles"])
    scan()
    make_audio(
        music / "2.flac",
        artist="The Beatles",
        artists=["The Beatles"],
        artist_sort_names=["Beatles, The"],
        musicbrainz_artist_ids=[ONE],
    )
    scan()
    artist = Artist.objects.get()
    assert (artist.sort_name, artist.sort_key) == ("Beatles, The", "beatles the")
    assert artist.musicbrainz_artist_id == ONE


@pytest.mark.parametrize("length", [300, 1900])
def test_long_names_are_told_apart_to_their_end(music: Path, scan: ScanCall, length: int) -> None:
    make_audio(music / "1.flac", artist="x" * length + "1")
    make_audio(music / "2.flac", artist="x" * length + "2")
    scan()
    assert Artist.objects.count() == 2


def test_the_log_says_what_became_of_albums(
    music: Path, scan: ScanCall, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "library.scanning.settling")
    tags: dict[str, Any] = {"album_artist": "B", "artist": "B"}
    for album in ("One", "Two", "Three", "Four"):
        for number in (1, 2):
            make_audio(music / album / f"{number}.mp3", album=album, track_number=number, **tags)
    scan()
    assert not _said(caplog)
    for number in (1, 2):
        retag(music / "One" / f"{number}.mp3", album="One, Mended")
        retag(music / "Two" / f"{number}.mp3", album="Three", track_number=2 + number)
    retag(music / "Four" / "2.mp3", album="Five")
    report = scan()
    said = f"scan={report.scan_id} joined=1 parted=1 renamed=1"
    assert _said(caplog) == [f"Albums were worked out: {said}"]


def _said(caplog: pytest.LogCaptureFixture) -> list[str]:
    name = "library.scanning.settling"
    return [record.getMessage() for record in caplog.records if record.name == name]
