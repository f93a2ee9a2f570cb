"""A file keeps its track wherever it goes."""

import os
import shutil
from pathlib import Path

from pytest_django.fixtures import Settings

from library.models import Track
from tests.audio_files import make_audio, retag
from tests.scanning.conftest import Scan as ScanCall

LONG_AGO = 1_600_000_000


def track_ids() -> dict[str, int]:
    return dict(Track.objects.present().values_list("path", "pk"))


def test_a_moved_file_keeps_its_id_and_date(music: Path, scan: ScanCall) -> None:
    path = make_audio(music / "inbox" / "a.mp3", title="So What")
    make_audio(music / "b.mp3")
    scan()
    before = Track.objects.get(title="So What")
    (music / "Miles").mkdir()
    os.rename(path, music / "Miles" / "So What.mp3")
    report = scan()
    after = Track.objects.get(title="So What")
    assert (report.counts.moved, report.counts.added, report.counts.missing) == (1, 0, 0)
    assert (after.pk, after.path, after.added_at) == (
        before.pk,
        "Miles/So What.mp3",
        before.added_at,
    )


def test_a_file_that_was_moved_and_retagged_keeps_its_id(music: Path, scan: ScanCall) -> None:
    path = make_audio(music / "track01.flac", title="Untitled")
    make_audio(music / "b.mp3")
    scan()
    before = track_ids()["track01.flac"]
    retag(path, title="Blue in Green", artist="Miles Davis")
    os.rename(path, music / "Blue in Green.flac")
    os.utime(music / "Blue in Green.flac", (LONG_AGO, LONG_AGO))
    assert scan().counts.moved == 1
    assert track_ids()["Blue in Green.flac"] == before
    assert Track.objects.get(pk=before).title == "Blue in Green"


def test_a_file_moved_to_another_disk_keeps_its_id(music: Path, scan: ScanCall) -> None:
    """A copy that keeps times, and then the original deleted: another inode, the same file."""
    path = make_audio(music / "a.mp3", title="A")
    make_audio(music / "b.mp3")
    scan()
    before = track_ids()["a.mp3"]
    shutil.copy2(path, music / "moved.mp3")
    path.unlink()
    assert scan().counts.moved == 1
    assert track_ids()["moved.mp3"] == before


def test_a_copy_is_a_new_track(music: Path, scan: ScanCall) -> None:
    path = make_audio(music / "a.mp3", title="A")
    scan()
    before = track_ids()["a.mp3"]
    shutil.copy2(path, music / "copy.mp3")
    report = scan()
    assert (report.counts.added, report.counts.moved) == (1, 0)
    assert track_ids()["a.mp3"] == before
    assert track_ids()["copy.mp3"] != before


def test_one_new_file_is_not_two_missing_ones(music: Path, scan: ScanCall) -> None:
    one = make_audio(music / "one.mp3", title="Same", artist="Same")
    two = make_audio(music / "two.mp3", title="Same", artist="Same")
    make_audio(music / "other.mp3")
    scan()
    shutil.copy(one, music / "new.mp3")
    os.utime(music / "new.mp3", (LONG_AGO, LONG_AGO))
    one.unlink()
    two.unlink()
    report = scan()
    assert (report.counts.moved, report.counts.missing, report.counts.added) == (1, 1, 0)


def test_two_files_that_moved_at_once_are_not_mixed_up(music: Path, scan: ScanCall) -> None:
    for name in ("one", "two"):
        make_audio(music / f"{name}.mp3", title="Same", artist="Same")
    make_audio(music / "other.mp3")
    scan()
    before = track_ids()
    (music / "x").mkdir()
    os.rename(music / "two.mp3", music / "x" / "1.mp3")
    os.rename(music / "one.mp3", music / "x" / "2.mp3")
    assert scan().counts.moved == 2
    after = track_ids()
    assert (after["x/1.mp3"], after["x/2.mp3"]) == (before["two.mp3"], before["one.mp3"])


def test_another_song_in_the_place_of_a_deleted_one_is_new(music: Path, scan: ScanCall) -> None:
    """File systems give a deleted file's inode to the next one."""
    make_audio(music / "a.mp3", title="A")
    make_audio(music / "other.mp3")
    scan()
    (music / "a.mp3").unlink()
    make_audio(music / "z.flac", title="Z")
    report = scan()
    assert (report.counts.added, report.counts.missing, report.counts.moved) == (1, 1, 0)


def test_a_rename_that_changes_only_case_keeps_the_id(music: Path, scan: ScanCall) -> None:
    path = make_audio(music / "song.mp3", title="Song")
    make_audio(music / "b.mp3")
    scan()
    before = track_ids()["song.mp3"]
    os.rename(path, music / "Song.mp3")
    assert scan().counts.moved == 1
    assert track_ids()["Song.mp3"] == before


def test_a_name_that_turns_from_nfc_to_nfd_keeps_the_id(music: Path, scan: ScanCall) -> None:
    path = make_audio(music / "Caf\u00e9.mp3", title="Café")
    make_audio(music / "b.mp3")
    scan()
    before = track_ids()["Caf\u00e9.mp3"]
    os.rename(path, music / "Cafe\u0301.mp3")
    assert scan().counts.moved == 1
    assert track_ids()["Cafe\u0301.mp3"] == before


def test_a_move_between_roots_keeps_the_id(
    tmp_path: Path, settings: Settings, scan: ScanCall
) -> None:
    settings.MUSIC_DIRS = (tmp_path / "one", tmp_path / "two")
    path = make_audio(tmp_path / "one" / "a.mp3", title="A")
    make_audio(tmp_path / "one" / "b.mp3")
    (tmp_path / "two").mkdir()
    scan()
    before = track_ids()["a.mp3"]
    os.rename(path, tmp_path / "two" / "a.mp3")
    assert scan().counts.moved == 1
    assert Track.objects.get(root=str(tmp_path / "two")).pk == before


def test_a_library_that_moved_as_a_whole_keeps_its_ids(
    tmp_path: Path, settings: Settings, scan: ScanCall
) -> None:
    for number in range(5):
        make_audio(tmp_path / "old" / f"{number}.mp3", title=str(number))
    settings.MUSIC_DIRS = (tmp_path / "old",)
    scan()
    before = track_ids()
    os.rename(tmp_path / "old", tmp_path / "new")
    settings.MUSIC_DIRS = (tmp_path / "new",)
    assert scan().counts.moved == 5
    assert track_ids() == before


def test_a_file_moved_into_the_folder_that_is_scanned_keeps_its_id(
    music: Path, scan: ScanCall
) -> None:
    path = make_audio(music / "inbox" / "a.mp3", title="A")
    make_audio(music / "sorted" / "b.mp3")
    scan()
    before = track_ids()["inbox/a.mp3"]
    os.rename(path, music / "sorted" / "a.mp3")
    assert scan(folders=(music / "sorted",)).counts.moved == 1
    assert track_ids()["sorted/a.mp3"] == before


def test_a_missing_file_that_comes_back_elsewhere_keeps_its_id(music: Path, scan: ScanCall) -> None:
    path = make_audio(music / "a.mp3", title="A")
    make_audio(music / "b.mp3")
    scan()
    before = track_ids()["a.mp3"]
    os.rename(path, kept := music.parent / "kept.mp3")
    scan()
    os.rename(kept, music / "back.mp3")
    assert scan().counts.moved == 1
    assert track_ids()["back.mp3"] == before
