"""A file keeps its track wherever it goes."""

import os
import shutil
from pathlib import Path
from typing import Any

import pytest
from pytest_django.fixtures import Settings

from library.models.catalogue import Track
from tests.audio_files import make_audio, retag
from tests.library.scanning.conftest import Scan as ScanCall
from tests.other_sounds import give_sound

LONG_AGO = 1_600_000_000
MBID = "b1a9c0e9-d987-4042-ae91-78d6a3267d69"


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


FULL: dict[str, Any] = {"title": "So What", "artist": "Miles Davis", "album": "Kind of Blue"}
OTHER: dict[str, Any] = {"title": "Halo", "artist": "Beyoncé", "album": "I Am"}


def reuse_inode(old: Path, new: Path, *, sound: int = 0, **tags: Any) -> None:
    """Delete `old`; `new` gets its inode, as file systems do it, and is as long. Without another
    `sound` it is as if the file had been renamed and edited."""
    inode = old.stat().st_ino
    song = make_audio(old.with_name(f".song{old.suffix}"), **tags)
    if sound:
        give_sound(song, sound)
    new.parent.mkdir(parents=True, exist_ok=True)
    os.rename(old, new)
    shutil.copyfile(song, new)
    song.unlink()
    assert new.stat().st_ino == inode
    os.utime(new, (LONG_AGO, LONG_AGO))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (FULL, OTHER),
        ({**FULL, "album": ""}, {**OTHER, "album": ""}),
        ({**FULL, "title": ""}, {**OTHER, "title": ""}),
    ],
)
def test_another_song_that_was_given_the_inode_of_a_deleted_one_is_new(
    music: Path, scan: ScanCall, before: dict[str, Any], after: dict[str, Any]
) -> None:
    path = make_audio(music / "a.flac", **{name: tag for name, tag in before.items() if tag})
    make_audio(music / "b.mp3")
    scan()
    old = track_ids()["a.flac"]
    reuse_inode(
        path, music / "z.flac", sound=1, **{name: tag for name, tag in after.items() if tag}
    )
    report = scan()
    assert (report.counts.added, report.counts.missing, report.counts.moved) == (1, 1, 0)
    assert track_ids()["z.flac"] != old


EDITS: list[tuple[dict[str, Any], dict[str, Any]]] = [
    (FULL, {**FULL, "title": "So what?", "album": "Kind of Blue (Legacy Edition)"}),
    (FULL, {**OTHER, "artist": "MILES  DAVIS"}),
    ({"title": "Blue"}, {"title": "Green"}),
    ({"title": "Blue"}, {**OTHER}),
    ({}, FULL),
    (FULL, {}),
    ({}, {}),
    ({**FULL, "musicbrainz_recording_id": MBID}, {**OTHER, "musicbrainz_recording_id": MBID}),
]


@pytest.mark.parametrize(("before", "after"), EDITS)
def test_a_file_that_was_renamed_and_edited_in_place_keeps_its_id(
    music: Path, scan: ScanCall, before: dict[str, Any], after: dict[str, Any]
) -> None:
    path = make_audio(music / "a.flac", **before)
    make_audio(music / "b.mp3")
    scan()
    old = track_ids()["a.flac"]
    reuse_inode(path, music / "z" / "z.flac", **after)
    assert scan().counts.moved == 1
    assert track_ids()["z/z.flac"] == old


def test_the_first_track_of_another_album_is_another_track(music: Path, scan: ScanCall) -> None:
    path = make_audio(music / "one" / "Track 01.flac", **FULL)
    make_audio(music / "b.mp3")
    scan()
    old = track_ids()["one/Track 01.flac"]
    give_sound(make_audio(music / "two" / "Track 01.flac", **OTHER), 2)
    path.unlink()
    report = scan()
    assert (report.counts.added, report.counts.missing, report.counts.moved) == (1, 1, 0)
    # It stays missing, and so may come back.
    third = make_audio(music / "three" / "Track 01.flac", title="Third", album="Third")
    give_sound(third, 3)
    assert scan().counts.moved == 0
    make_audio(path, **FULL)
    scan()
    assert track_ids()["one/Track 01.flac"] == old


def test_so_is_one_of_the_same_time_and_size(music: Path, scan: ScanCall) -> None:
    path = make_audio(music / "a.wv", title="One", artist="Ann", album="Day")
    make_audio(music / "b.mp3")
    os.utime(path, (LONG_AGO, LONG_AGO))
    facts = path.stat()
    scan()
    other = make_audio(music / "z.wv", title="Two", artist="Bob", album="Sea")
    give_sound(other, 1)
    os.utime(other, (LONG_AGO, LONG_AGO))
    assert other.stat().st_size == facts.st_size
    path.unlink()
    assert scan().counts.moved == 0


@pytest.mark.parametrize(("before", "after"), EDITS)
def test_a_copy_in_place_of_the_original_is_it_whatever_its_tags_and_name_are(
    music: Path, scan: ScanCall, before: dict[str, Any], after: dict[str, Any]
) -> None:
    """As something else than `mv` moves files: another inode and another time."""
    path = make_audio(music / "inbox" / "a.flac", **before)
    make_audio(music / "b.mp3")
    scan()
    old = track_ids()["inbox/a.flac"]
    make_audio(music / "sorted" / "z.flac", age_seconds=1000, **after)
    path.unlink()
    assert scan().counts.moved == 1
    assert track_ids()["sorted/z.flac"] == old


def test_at_the_same_path_below_another_root_tags_may_be_any(
    tmp_path: Path, settings: Settings, scan: ScanCall
) -> None:
    make_audio(tmp_path / "old" / "x" / "a.flac", **FULL)
    settings.MUSIC_DIRS = (tmp_path / "old",)
    scan()
    old = track_ids()["x/a.flac"]
    make_audio(tmp_path / "new" / "x" / "a.flac", **OTHER)
    settings.MUSIC_DIRS = (tmp_path / "new",)
    assert scan().counts.moved == 1
    assert track_ids()["x/a.flac"] == old


def test_a_copy_is_found_although_a_new_song_has_the_inode_of_its_original(
    music: Path, scan: ScanCall
) -> None:
    path = make_audio(music / "x" / "a.flac", **FULL)
    make_audio(music / "b.mp3")
    scan()
    old = track_ids()["x/a.flac"]
    shutil.copy(path, music / "copy.flac")
    os.utime(music / "copy.flac", (LONG_AGO, LONG_AGO))
    reuse_inode(path, music / "y" / "z.flac", sound=1, **OTHER)
    report = scan()
    assert (report.counts.moved, report.counts.added, report.counts.missing) == (1, 1, 0)
    assert track_ids()["copy.flac"] == old


def test_a_copy_waits_for_a_file_that_cannot_be_read(music: Path, scan: ScanCall) -> None:
    path = make_audio(music / "x" / "a.flac", **FULL)
    make_audio(music / "b.mp3")
    scan()
    old = track_ids()["x/a.flac"]
    shutil.copy(path, music / "copy.flac")
    os.rename(path, music / "bad.flac")
    (music / "bad.flac").write_text("no sound")
    for name in ("copy", "bad"):
        os.utime(music / f"{name}.flac", (LONG_AGO, LONG_AGO))
    report = scan()
    assert (report.counts.moved, report.counts.failed) == (1, 1)
    assert track_ids()["copy.flac"] == old
