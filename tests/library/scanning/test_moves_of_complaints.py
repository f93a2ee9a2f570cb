"""What people complained of when they moved and tagged files, done to a library here."""

import os
import shutil
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from library.models.catalogue import Track
from tests.audio_files import make_audio, retag
from tests.library.scanning.conftest import Scan as ScanCall
from tests.library.scanning.test_exchanges import assert_rows_are_sound, make_song
from tests.library.scanning.test_moves import LONG_AGO, track_ids


def by_sound() -> dict[str, int]:
    """The ids of the present tracks by their sounds."""
    return dict(Track.objects.present().values_list("audio_digest", "pk"))


@pytest.fixture
def songs(music: Path, scan: ScanCall) -> dict[str, int]:
    """Six songs that were scanned, and their ids by their sounds."""
    for number in range(6):
        make_song(music / "Unsorted" / f"{number}.mp3", number)
    scan()
    return by_sound()


def tidy(path: Path, target: Path, number: int) -> None:
    """Retag and move a file as Picard and beets do."""
    retag(path, title=f"Right {number}", artist="Right", album="Right", track_number=number)
    os.utime(path, (LONG_AGO, LONG_AGO))
    target.parent.mkdir(parents=True, exist_ok=True)
    os.rename(path, target)


def test_tagged_and_renamed_in_one_go_and_renamed_back(
    music: Path, scan: ScanCall, songs: dict[str, int]
) -> None:
    """gonic 465, lms 611, navidrome 3953."""
    for number in range(6):
        name = f"{number} Right.mp3"
        tidy(music / "Unsorted" / f"{number}.mp3", music / "Right" / "Right" / name, number)
    assert (scan().counts.moved, by_sound()) == (6, songs)
    for number in range(6):
        path = music / "Right" / "Right" / f"{number} Right.mp3"
        tidy(path, music / "Unsorted" / f"{number}.mp3", number)
    assert (scan().counts.moved, by_sound()) == (6, songs)
    assert_rows_are_sound()


def test_a_reorganised_library_that_is_synced_file_by_file_over_hours(
    music: Path, scan: ScanCall, songs: dict[str, int]
) -> None:
    """navidrome 5514: files come and go in any order, and scans run in between."""
    for step in range(7):
        if step < 6:  # comes first, its original goes with the next step
            old, new = music / "Unsorted" / f"{step}.mp3", music / "Sorted" / f"Song {step}.mp3"
            new.parent.mkdir(exist_ok=True)
            temporary = new.with_name(f".syncthing.{new.name}.tmp")
            shutil.copy2(old, temporary)
            retag_in_place = step % 2 == 0
            os.rename(temporary, new)
            if retag_in_place:
                retag(new, genre="Jazz", track_number=step)
                os.utime(new, (LONG_AGO, LONG_AGO))
            if step % 3 == 2:  # goes first
                old.unlink()
        if step and (left := music / "Unsorted" / f"{step - 1}.mp3").exists():
            left.unlink()
        scan()
    assert by_sound() == songs
    assert Track.objects.count() == 6
    assert_rows_are_sound()


def test_a_file_that_is_deleted_first_and_comes_back_tagged_days_later(
    music: Path, scan: ScanCall, songs: dict[str, int]
) -> None:
    """RetroMusicPlayer 1429, namida 134: a computer takes files away and brings them back."""
    shelf = music.parent / "shelf"
    shutil.move(music / "Unsorted", shelf)
    scan(allow_empty=True)
    assert by_sound() == {}
    for number in range(6):
        tidy(shelf / f"{number}.mp3", music / f"Album {number}" / "01.mp3", number)
        scan()
    assert by_sound() == songs


def test_a_music_folder_that_becomes_a_smaller_one_and_back(
    music: Path, settings: Settings, scan: ScanCall, songs: dict[str, int]
) -> None:
    """navidrome 2068: the setting names a folder inside for a while."""
    settings.MUSIC_DIRS = (music / "Unsorted",)
    assert scan().counts.moved == 6
    settings.MUSIC_DIRS = (music,)
    assert scan().counts.moved == 6
    assert by_sound() == songs
    assert_rows_are_sound()


def test_a_library_on_another_disk_under_another_name(
    tmp_path: Path, music: Path, settings: Settings, scan: ScanCall, songs: dict[str, int]
) -> None:
    """quodlibet 1747 and 2806, vanilla 985, clementine 1241."""
    shutil.copytree(music / "Unsorted", tmp_path / "disk" / "Music")
    shutil.rmtree(music)
    settings.MUSIC_DIRS = (tmp_path / "disk",)
    assert scan().counts.moved == 6
    assert by_sound() == songs


def test_between_two_music_folders_with_other_tags(
    tmp_path: Path, music: Path, settings: Settings, scan: ScanCall, songs: dict[str, int]
) -> None:
    """navidrome 6166."""
    other = tmp_path / "tagged"
    settings.MUSIC_DIRS = (music, other)
    make_audio(other / "other.flac")
    scan()
    for number in range(3):
        tidy(music / "Unsorted" / f"{number}.mp3", other / f"{number}" / "a.mp3", number)
    assert scan().counts.moved == 3
    assert songs.items() <= by_sound().items()


def test_untagged_files_that_are_renamed_where_they_are(music: Path, scan: ScanCall) -> None:
    """mixxx 14507, MPlay3 10: CD rips named by number alone, renamed in one scan."""
    for number in range(5):
        make_song(music / f"Track {number}.mp3", number, title=None, artist=None, album=None)
    scan()
    before = by_sound()
    for number in range(5):
        new = music / f"{5 - number} renamed.mp3"
        shutil.copyfile(music / f"Track {number}.mp3", new)
        os.utime(new, (LONG_AGO, LONG_AGO))
        (music / f"Track {number}.mp3").unlink()
    report = scan()
    assert (report.counts.moved, report.counts.changed) == (5, 5)
    assert by_sound() == before


def test_several_lost_tracks_and_one_file(music: Path, scan: ScanCall) -> None:
    """navidrome 5169: the file was given to each of them."""
    for number in range(3):
        make_song(music / f"{number}" / "a.mp3", 1, title="Same")
    make_song(music / "b.mp3", 2)
    scan()
    shutil.copy(music / "1" / "a.mp3", music / "new.mp3")
    for number in range(3):
        shutil.rmtree(music / f"{number}")
    report = scan()
    assert (report.counts.moved, report.counts.missing) == (1, 2)
    assert sorted(track_ids()) == ["b.mp3", "new.mp3"]
