"""Folders that are copied first and deleted later: tracks and albums keep their ids."""

import os
import shutil
from pathlib import Path
from typing import Any

import pytest
from pytest_django.fixtures import Settings

from library.models.albums import Album
from library.models.catalogue import Track
from library.models.joins import Join
from library.models.tombstones import Tombstone
from tests.audio_files import make_noise, retag
from tests.library.scanning.conftest import Scan

TRACKS = 12
LONG_AGO = 1_600_000_000


def make_album(folder: Path, title: str, first: int, tracks: int = TRACKS) -> None:
    for number in range(1, tracks + 1):
        tags: dict[str, Any] = {"artist": "Band", "album": title, "track_number": number}
        make_noise(folder / f"{number:02}.wav", first + number, title=f"Song {number}", **tags)


@pytest.fixture
def album(music: Path) -> Path:
    """An album, and another one beside it."""
    make_album(music / "Band" / "Record", "Record", 100)
    make_album(music / "Band" / "Other", "Other", 200)
    return music / "Band" / "Record"


def ids(**where: str) -> dict[int, int | None]:
    """The ids of the tracks of the album "Record", by their numbers."""
    tracks = Track.objects.present().filter(album__title="Record", **where)
    return dict(tracks.values_list("pk", "track_number"))


def album_ids() -> dict[str, int]:
    return dict(Album.objects.filter(tracks__missing_since=None).values_list("title", "pk"))


def test_a_copied_album_takes_over_the_ids_when_the_old_folder_is_deleted(
    music: Path, scan: Scan, album: Path
) -> None:
    scan()
    before, albums = ids(), album_ids()
    added_at = dict(Track.objects.values_list("pk", "added_at"))
    shutil.copytree(album, music / "Sorted" / "Band - Record", copy_function=shutil.copy)
    age_files(music / "Sorted")
    assert scan().counts.added == TRACKS
    copies = set(ids(path__startswith="Sorted"))
    shutil.rmtree(album)
    report = scan()
    assert (report.counts.joined, report.counts.missing) == (TRACKS, 0)
    assert ids(path__startswith="Sorted") == before
    assert album_ids() == albums
    assert dict(Track.objects.values_list("pk", "added_at")) == added_at
    buried = Tombstone.objects.filter(kind="track").values_list("row_id", "replaced_by")
    assert {row_id for row_id, _ in buried} == copies
    assert {living for _, living in buried} == {*before}
    assert scan().counts.changed == 0


def test_a_copied_and_retagged_album_takes_over_the_ids_within_a_day(
    music: Path, scan: Scan, album: Path
) -> None:
    scan()
    before = ids()
    shutil.copytree(album, music / "Sorted" / "Record")
    for number, path in enumerate(sorted((music / "Sorted" / "Record").iterdir()), 1):
        retag(path, title=f"Title {number}", artist="The Band", date="1999")
        os.rename(path, path.with_name(f"Title {number}.wav"))
    age_files(music / "Sorted")
    scan()
    shutil.rmtree(album)
    assert scan().counts.joined == TRACKS
    assert ids() == before


def test_files_that_go_one_by_one_join_one_by_one(music: Path, scan: Scan, album: Path) -> None:
    """The old files go one by one, with a scan after each few, and the folder at last."""
    scan()
    before = ids()
    shutil.copytree(album, music / "Sorted" / "Record")
    scan()
    for count in (4, 5, 3):
        for path in sorted(album.iterdir())[:count]:
            path.unlink()
        scan()
    shutil.rmtree(album)
    scan()
    assert ids() == before
    assert Join.objects.count() == TRACKS


def test_half_an_album_that_was_copied_joins_by_half(music: Path, scan: Scan, album: Path) -> None:
    scan()
    before = ids()
    for path in sorted(album.iterdir())[:6]:
        (music / "Sorted").mkdir(exist_ok=True)
        shutil.copy2(path, music / "Sorted" / path.name)
    scan()
    shutil.rmtree(album)
    report = scan()
    assert (report.counts.joined, report.counts.missing) == (6, 6)
    assert ids() == {pk: number for pk, number in before.items() if number in range(1, 7)}
    assert Track.objects.missing().count() == 6


def test_of_two_copies_the_one_with_the_same_tags_takes_over(
    music: Path, scan: Scan, album: Path
) -> None:
    scan()
    before = ids()
    shutil.copytree(album, music / "A retagged copy")
    for path in (music / "A retagged copy").iterdir():
        retag(path, artist="Somebody", album="Copies")
    age_files(music / "A retagged copy")
    shutil.copytree(album, music / "Sorted" / "Record")
    scan()
    shutil.rmtree(album)
    report = scan()
    assert (report.counts.joined, report.counts.missing) == (TRACKS, 0)
    assert ids(path__startswith="Sorted") == before
    assert Track.objects.present().count() == 3 * TRACKS


def test_a_folder_that_was_emptied_joins_when_that_is_confirmed(music: Path, scan: Scan) -> None:
    """A folder with many tracks that is there and empty may be a disk that is away."""
    make_album(music / "Big", "Record", 100, 25)
    make_album(music / "Other", "Other", 200)
    scan()
    before = ids()
    shutil.copytree(music / "Big", music / "Sorted")
    scan()
    for path in (music / "Big").iterdir():
        path.unlink()
    report = scan()
    assert (report.counts.joined, report.counts.missing) == (0, 0)
    assert {*before} < {*ids()}
    report = scan(allow_empty=True)
    assert (report.counts.joined, report.counts.missing) == (25, 0)
    assert ids() == before


def test_a_whole_music_folder_that_was_copied_keeps_its_ids(
    tmp_path: Path, settings: Settings, scan: Scan
) -> None:
    """Both folders are scanned for a while; then the old one is taken out of MUSIC_DIRS, or emptied
    where it stays one."""
    old, new = tmp_path / "old", tmp_path / "new"
    make_album(old / "Record", "Record", 100)
    make_album(old / "Other", "Other", 200)
    settings.MUSIC_DIRS = (old,)
    scan()
    before = dict(Track.objects.values_list("path", "pk"))
    shutil.copytree(old, new)
    settings.MUSIC_DIRS = (old, new)
    scan()
    shutil.rmtree(old / "Record")
    shutil.rmtree(old / "Other")
    scan()
    scan(allow_empty=True)
    after = dict(Track.objects.present().filter(root=str(new)).values_list("path", "pk"))
    assert after == before


def test_the_copy_of_a_copy_of_a_copy_keeps_the_id(music: Path, scan: Scan, album: Path) -> None:
    scan()
    before = ids()
    folder = album
    for number in range(3):
        shutil.copytree(folder, new := music / f"Copy {number}")
        scan()
        shutil.rmtree(folder)
        folder = new
        assert scan().counts.joined == TRACKS
    assert ids() == before


@pytest.mark.parametrize("place", ["Band/Record", "Restored"])
def test_originals_that_come_back_are_the_other_tracks_again(
    music: Path, scan: Scan, album: Path, place: str
) -> None:
    scan()
    before = ids()
    shutil.copytree(album, music / "Copy", copy_function=shutil.copy)
    age_files(music / "Copy")
    scan()
    copies = set(ids(path__startswith="Copy"))
    os.rename(album, kept := music.parent / "kept")
    assert scan().counts.joined == TRACKS
    os.rename(kept, music / place)
    report = scan()
    assert (report.counts.added, report.counts.missing, report.counts.moved) == (TRACKS, 0, 0)
    assert ids(path__startswith="Copy") == before
    assert set(ids(path__startswith=place)) == copies
    assert scan().counts.changed == 0


def test_files_that_are_copied_and_gone_before_the_folder_is_scanned_again_keep_their_ids(
    music: Path, scan: Scan, album: Path
) -> None:
    """A scan of the old folder alone sees them go; one of the new folder alone sees them come."""
    scan()
    before = ids()
    shutil.copytree(album, music / "Sorted" / "Record", copy_function=shutil.copy)
    age_files(music / "Sorted")
    shutil.rmtree(album)
    assert scan(folders=(music / "Band",)).counts.missing == TRACKS
    assert scan(folders=(music / "Sorted",)).counts.moved == TRACKS
    assert ids() == before


def test_files_copied_into_the_folder_that_is_scanned_keep_their_ids(
    music: Path, scan: Scan, album: Path
) -> None:
    """The scan of the new folder comes first. The old one is not scanned, but looked at."""
    (music / "Sorted").mkdir()
    scan()
    before = ids()
    shutil.copytree(album, music / "Sorted" / "Record", copy_function=shutil.copy)
    age_files(music / "Sorted")
    shutil.rmtree(album)
    assert scan(folders=(music / "Sorted",)).counts.moved == TRACKS
    assert ids() == before
    assert scan().counts.changed == 0


def age_files(folder: Path) -> None:
    """As if they had been written long ago: scans wait for files that were written just now."""
    for path in folder.rglob("*.wav"):
        os.utime(path, (LONG_AGO, LONG_AGO))
