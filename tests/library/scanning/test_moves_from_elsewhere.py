"""A scan of one folder finds out which files were moved there from folders it does not scan."""

import os
import shutil
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from library.models.catalogue import Track
from tests.audio_files import make_audio, retag
from tests.library.scanning.conftest import Scan as ScanCall
from tests.library.scanning.test_exchanges import assert_rows_are_sound, make_song, move
from tests.library.scanning.test_moves import LONG_AGO, track_ids


def copy(source: Path, target: Path) -> None:
    """Another inode, another time, other tags."""
    target.parent.mkdir(exist_ok=True)
    shutil.copyfile(source, target)
    retag(target, title="Mended", artist="Somebody", album="Else")
    os.utime(target, (LONG_AGO, LONG_AGO))


@pytest.mark.parametrize("whole_folder", [True, False])
def test_a_file_whose_original_is_gone_is_its_track(
    music: Path,
    scan: ScanCall,
    whole_folder: bool,  # noqa: FBT001
) -> None:
    path = make_song(music / "inbox" / "a.mp3", 1)
    make_song(music / "sorted" / "b.mp3", 2)
    make_song(music / "inbox" / "c.mp3", 3)
    scan()
    before = track_ids()["inbox/a.mp3"]
    copy(path, music / "sorted" / "new.mp3")
    shutil.rmtree(path.parent) if whole_folder else path.unlink()
    report = scan(folders=(music / "sorted",))
    assert (report.counts.moved, report.counts.changed) == (1, 1)
    assert track_ids()["sorted/new.mp3"] == before
    assert_rows_are_sound() if not whole_folder else scan()


def test_a_copy_of_a_file_that_is_still_there_is_new(music: Path, scan: ScanCall) -> None:
    path = make_song(music / "inbox" / "a.mp3", 1)
    make_song(music / "sorted" / "b.mp3", 2)
    scan()
    before = track_ids()
    copy(path, music / "sorted" / "new.mp3")
    assert scan(folders=(music / "sorted",)).counts.added == 1
    assert before.items() <= track_ids().items()


@pytest.mark.parametrize("left", ["nothing", "an empty folder"])
def test_nothing_is_taken_from_a_music_folder_that_is_away(
    tmp_path: Path, settings: Settings, scan: ScanCall, left: str
) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    settings.MUSIC_DIRS = (one, two)
    make_song(one / "b.mp3", 2)
    path = make_song(two / "x" / "a.mp3", 1)
    scan()
    before = track_ids()["x/a.mp3"]
    copy(path, one / "new.mp3")
    two.rename(tmp_path / "away")
    if left == "an empty folder":
        two.mkdir()
    assert scan(folders=(one,)).counts.added == 1
    scan()
    (two.rmdir() if two.exists() else None)
    (tmp_path / "away").rename(two)
    assert scan().counts.changed == 0
    assert track_ids()["x/a.mp3"] == before


def test_nothing_is_taken_from_an_empty_folder_on_another_device(
    music: Path, scan: ScanCall
) -> None:
    """It looks like the mount point of a disk that is away."""
    path = make_song(music / "disk" / "a.mp3", 1)
    make_song(music / "sorted" / "b.mp3", 2)
    scan()
    before = track_ids()["disk/a.mp3"]
    Track.objects.filter(pk=before).update(device=12345)
    copy(path, music / "sorted" / "new.mp3")
    path.unlink()
    assert scan(folders=(music / "sorted",)).counts.added == 1
    assert Track.objects.get(pk=before).path == "disk/a.mp3"


def test_a_file_moved_over_another_one_from_elsewhere_is_its_track(
    music: Path, scan: ScanCall
) -> None:
    path = make_song(music / "inbox" / "a.mp3", 1)
    target = make_song(music / "sorted" / "b.mp3", 2)
    make_song(music / "inbox" / "c.mp3", 3)
    scan()
    before = track_ids()
    move((path, target))
    report = scan(folders=(music / "sorted",))
    assert (report.counts.moved, report.counts.missing) == (1, 1)
    assert track_ids()["sorted/b.mp3"] == before["inbox/a.mp3"]


def test_files_that_were_exchanged_with_some_elsewhere_exchange_their_tracks(
    music: Path, scan: ScanCall
) -> None:
    one, two = make_song(music / "a" / "1.mp3", 1), make_song(music / "b" / "2.mp3", 2)
    scan()
    before = track_ids()
    move((one, music / ".aside"), (two, one), (music / ".aside", two))
    assert scan(folders=(music / "a",)).counts.moved == 2
    after = track_ids()
    assert after == {"a/1.mp3": before["b/2.mp3"], "b/2.mp3": before["a/1.mp3"]}
    assert_rows_are_sound()
    assert scan().counts.changed == 0


def test_a_file_from_elsewhere_is_its_track_although_another_song_is_in_its_place(
    music: Path, scan: ScanCall
) -> None:
    path = make_song(music / "inbox" / "track.mp3", 1)
    make_song(music / "sorted" / "b.mp3", 2)
    scan()
    before = track_ids()["inbox/track.mp3"]
    copy(path, music / "sorted" / "new.mp3")
    make_song(path, 3, title="The next download")
    report = scan(folders=(music / "sorted",))
    assert (report.counts.moved, report.counts.added) == (1, 1)
    after = track_ids()
    assert after["sorted/new.mp3"] == before
    assert after["inbox/track.mp3"] != before
    assert_rows_are_sound()
    assert scan().counts.changed == 0


def test_a_file_elsewhere_that_only_has_other_tags_keeps_its_track(
    music: Path, scan: ScanCall
) -> None:
    path = make_audio(music / "inbox" / "a.mp3", title="A")
    make_song(music / "sorted" / "b.mp3", 2)
    scan()
    before = track_ids()
    copy(path, music / "sorted" / "new.mp3")
    retag(path, title="A (2)")
    os.utime(path, (LONG_AGO, LONG_AGO))
    report = scan(folders=(music / "sorted",))
    assert (report.counts.moved, report.counts.added) == (0, 1)
    assert before.items() <= track_ids().items()
