"""Tracks without a digest of their sound, such as those that an older version stored: their files
are recognised by what the rows say, where tags or the path agree."""

import os
import shutil
from pathlib import Path
from typing import Any

import pytest
from pytest_django.fixtures import Settings

from library.models.catalogue import Track
from tests.audio_files import make_audio
from tests.library.scanning.conftest import Scan as ScanCall
from tests.library.scanning.test_moves import FULL, LONG_AGO, MBID, OTHER, reuse_inode, track_ids


@pytest.fixture
def scan(scan: ScanCall) -> ScanCall:
    """Scan, and forget the digests that were stored."""

    def start(**options: Any) -> Any:
        report = scan(**options)
        Track.objects.update(audio_digest="")
        return report

    return start


@pytest.mark.parametrize(
    ("before", "after", "is_moved"),
    [
        (FULL, {**FULL, "album": "Kind of Blue (Legacy Edition)"}, True),
        (FULL, {**FULL, "artist": "Miles Davis Sextet"}, True),
        (FULL, {**FULL, "genre": "Jazz"}, True),
        (FULL, {**FULL, "title": "Freddie Freeloader"}, False),
        (FULL, {"title": "So What"}, False),
        ({}, {}, True),
        ({}, {"genre": "of another size" * 1000}, False),
        ({"title": "Track 1"}, {"title": "Track 1"}, True),
        ({"title": "Track 1"}, {"title": "Track 1", "genre": "of another size" * 1000}, False),
    ],
)
def test_a_copy_of_the_same_name_in_place_of_the_original_is_it_where_tags_agree(
    music: Path,
    scan: ScanCall,
    before: dict[str, Any],
    after: dict[str, Any],
    is_moved: bool,  # noqa: FBT001
) -> None:
    """As something else than `mv` moves files: another inode and another time."""
    path = make_audio(music / "inbox" / "a.flac", **before)
    make_audio(music / "b.mp3")
    scan()
    make_audio(music / "sorted" / "a.flac", **after)
    os.utime(music / "sorted" / "a.flac", (LONG_AGO, LONG_AGO))
    path.unlink()
    assert scan().counts.moved == int(is_moved)


@pytest.mark.parametrize(
    ("before", "after", "is_moved"),
    [
        (FULL, {**FULL, "title": "So what?"}, False),
        (FULL, {**FULL, "album": "Kind of Blue (Legacy Edition)"}, True),
        (FULL, {**FULL, "artist": "MILES  DAVIS", "genre": "Jazz"}, True),
        (FULL, OTHER, False),
        ({}, {}, True),
        ({}, FULL, False),
        (
            {**FULL, "musicbrainz_recording_id": MBID},
            {**OTHER, "musicbrainz_recording_id": MBID},
            True,
        ),
    ],
)
def test_a_renamed_file_is_the_track_where_tags_agree(
    music: Path,
    scan: ScanCall,
    before: dict[str, Any],
    after: dict[str, Any],
    is_moved: bool,  # noqa: FBT001
) -> None:
    path = make_audio(music / "a.flac", **before)
    make_audio(music / "b.mp3")
    scan()
    old = track_ids()["a.flac"]
    reuse_inode(path, music / "z" / "z.flac", **after)
    assert scan().counts.moved == int(is_moved)
    assert (track_ids()["z/z.flac"] == old) is is_moved


def test_a_library_that_moved_as_a_whole_keeps_its_ids(
    tmp_path: Path, settings: Settings, scan: ScanCall
) -> None:
    for number in range(5):
        make_audio(tmp_path / "old" / f"{number}.mp3", title=str(number))
    settings.MUSIC_DIRS = (tmp_path / "old",)
    scan()
    before = track_ids()
    shutil.copytree(tmp_path / "old", tmp_path / "new")
    shutil.rmtree(tmp_path / "old")
    settings.MUSIC_DIRS = (tmp_path / "new",)
    assert scan().counts.moved == 5
    assert track_ids() == before


def test_a_file_moved_into_the_folder_that_is_scanned_keeps_its_id(
    music: Path, scan: ScanCall
) -> None:
    path = make_audio(music / "inbox" / "a.mp3", **FULL)
    make_audio(music / "sorted" / "b.mp3")
    scan()
    before = track_ids()["inbox/a.mp3"]
    os.rename(path, music / "sorted" / "z.mp3")
    assert scan(folders=(music / "sorted",)).counts.moved == 1
    assert track_ids()["sorted/z.mp3"] == before


def test_of_two_files_that_may_be_the_track_the_one_with_its_inode_is_it(
    music: Path, scan: ScanCall
) -> None:
    path = make_audio(music / "m" / "a.mp3", **FULL)
    make_audio(music / "b.mp3")
    scan()
    old = track_ids()["m/a.mp3"]
    (music / "a").mkdir()
    shutil.copy(path, music / "a" / "a.mp3")
    os.utime(music / "a" / "a.mp3", (LONG_AGO, LONG_AGO))
    (music / "z").mkdir()
    os.rename(path, music / "z" / "z.mp3")
    assert scan().counts.moved == 1
    assert track_ids()["z/z.mp3"] == old
