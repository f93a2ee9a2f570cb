"""A file behind a link out of the music folder stays playable when it becomes another inode."""

import os
import shutil
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django.fixtures import Settings

from library.media.library_files import NotInLibrary, ScannedStat, open_library_file
from library.models.catalogue import Track
from library.models.scan import Scan
from library.scanning import ScanOptions, outside, scan_library
from library.scanning.report import ScanCounts
from tests.audio_files import make_audio
from tests.library.scanning.conftest import Scan as ScanCall
from tests.library.scanning.test_rescan import written

LONG_AGO = 1_600_000_000


def copy_back(path: Path) -> None:
    """As `cp -a` of a backup: another file of the same time and size."""
    before = path.stat()
    copy = path.with_name(".copy")
    shutil.copy2(path, copy)
    os.replace(copy, path)
    after = path.stat()
    assert (after.st_mtime_ns, after.st_size) == (before.st_mtime_ns, before.st_size)
    assert after.st_ino != before.st_ino


def play(path: str) -> bytes:
    track = Track.objects.get(path=path)
    facts = ScannedStat(track.mtime_ns, track.size_bytes, track.inode)
    with open_library_file(track.root, track.path, facts).file as file:
        return file.read()


def linked(music: Path, elsewhere: Path) -> dict[str, Path]:
    """Path in the library → the file, for each way in which a link leads out."""
    made = {
        "folder/album/a.mp3": make_audio(elsewhere / "store" / "album" / "a.mp3"),
        "folder/b.mp3": make_audio(elsewhere / "store" / "b.mp3"),
        "file.mp3": make_audio(elsewhere / "single.mp3"),
        "mixed/file.flac": make_audio(elsewhere / "single.flac"),
        "folder/again/c.mp3": make_audio(elsewhere / "second" / "c.mp3"),
    }
    (music / "folder").symlink_to(elsewhere / "store")
    (music / "file.mp3").symlink_to(elsewhere / "single.mp3")
    (music / "mixed").mkdir()
    (music / "mixed" / "file.flac").symlink_to(elsewhere / "single.flac")
    (elsewhere / "store" / "again").symlink_to(elsewhere / "second")
    make_audio(music / "mixed" / "own.mp3")
    make_audio(music / "own.mp3")
    return made


def test_it_is_played_again_after_a_scan_that_counts_nothing(
    music: Path, tmp_path: Path, scan: ScanCall, opened: list[str]
) -> None:
    files = linked(music, tmp_path / "elsewhere")
    scan(workers=0)
    before = {track["path"]: track for track in Track.objects.values()}
    for path, file in files.items():
        copy_back(file)
        with pytest.raises(NotInLibrary):
            play(path)
    opened.clear()
    report = scan(workers=0)
    assert report.counts == ScanCounts(seen=7)
    assert opened == []
    for path, file in files.items():
        assert play(path) == file.read_bytes()
    for track in Track.objects.values():
        known = before[track["path"]]
        assert {**track, "inode": 0} == {**known, "inode": 0}
        assert (track["inode"] == known["inode"]) == (track["path"] not in files)


@pytest.mark.parametrize("name", ["blob123", ".hidden.mp3"])
def test_so_is_one_whose_name_is_not_that_of_music(
    music: Path, tmp_path: Path, scan: ScanCall, name: str
) -> None:
    made = make_audio(tmp_path / "store" / "a.mp3")
    file = made.rename(made.with_name(name))
    (music / "song.mp3").symlink_to(file)
    scan(workers=0)
    copy_back(file)
    with pytest.raises(NotInLibrary):
        play("song.mp3")
    assert scan(workers=0).counts == ScanCounts(seen=1)
    assert play("song.mp3") == file.read_bytes()


def test_another_device_is_stored_as_well(music: Path, tmp_path: Path, scan: ScanCall) -> None:
    linked(music, tmp_path / "elsewhere")
    scan()
    devices = dict(Track.objects.values_list("path", "device"))
    Track.objects.update(device=1)
    scan()
    for path, device in Track.objects.values_list("path", "device"):
        assert device == (1 if path.endswith("own.mp3") else devices[path])


@pytest.mark.parametrize("folder", ["folder", "folder/album", "mixed"])
def test_a_scan_of_a_folder_sees_it_too(
    music: Path, tmp_path: Path, scan: ScanCall, folder: str
) -> None:
    files = linked(music, tmp_path / "elsewhere")
    scan()
    for file in files.values():
        copy_back(file)
    assert scan(folders=(music / folder,)).counts.changed == 0
    for path in files:
        if path.startswith(f"{folder}/"):
            play(path)


def test_a_link_into_another_music_folder_leads_not_out(
    tmp_path: Path, settings: Settings, scan: ScanCall
) -> None:
    settings.MUSIC_DIRS = (tmp_path / "one", tmp_path / "two")
    file = make_audio(tmp_path / "two" / ".store" / "a.mp3")
    (tmp_path / "one").mkdir()
    (tmp_path / "one" / "a.mp3").symlink_to(file)
    make_audio(tmp_path / "two" / "b.mp3")
    scan()
    before = Track.objects.get(path="a.mp3").inode
    copy_back(file)
    scan()
    assert Track.objects.get(path="a.mp3").inode == before
    assert play("a.mp3") == file.read_bytes()


def test_elsewhere_both_are_stored_when_the_row_is_written_anyway(
    music: Path, scan: ScanCall
) -> None:
    path = make_audio(music / "a.mp3")
    scan()
    copy_back(path)
    os.utime(path, (LONG_AGO, LONG_AGO))
    assert scan().counts.updated == 1
    assert Track.objects.get().inode == path.stat().st_ino


def test_an_unchanged_rescan_writes_nothing_and_asks_once_for_thousands_of_them(
    music: Path, tmp_path: Path, scan: ScanCall
) -> None:
    files = linked(music, tmp_path / "elsewhere")
    scan(workers=0)
    with CaptureQueriesContext(connection) as few:
        scan(workers=0)
    for number in range(60):
        make_audio(tmp_path / "elsewhere" / "store" / f"{number}" / f"{number}.mp3")
    scan(workers=0)
    with CaptureQueriesContext(connection) as many:
        assert scan(workers=0).counts == ScanCounts(seen=len(files) + 62)
    assert len(many) == len(few) <= 42
    assert not [query for query in many if '"library_track"' in written(query["sql"])]


def test_more_than_are_compared_at_once(
    music: Path, tmp_path: Path, scan: ScanCall, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outside, "FILES_AT_ONCE", 4)
    store = tmp_path / "elsewhere"
    paths = [make_audio(store / f"{number // 3}" / f"{number}.mp3") for number in range(11)]
    (music / "linked").symlink_to(store)
    scan()
    for path in paths:
        copy_back(path)
    scan(batch_size=2)
    for path in paths:
        play(f"linked/{path.relative_to(store)}")
    assert Scan.objects.filter(updated=0, added=0).count() == 1


def test_a_file_that_was_replaced_and_is_no_audio_any_more_keeps_its_row(
    music: Path, tmp_path: Path, scan: ScanCall
) -> None:
    file = make_audio(tmp_path / "elsewhere" / "a.mp3")
    (music / "a.mp3").symlink_to(file)
    scan()
    before = Track.objects.values().get()
    file.unlink()
    file.write_text("no audio")
    os.utime(file, (LONG_AGO, LONG_AGO))
    assert scan().counts.failed == 1
    assert Track.objects.values().get() == before


def test_a_file_that_is_replaced_while_the_scan_waits_for_it_is_stored_as_it_is_then(
    music: Path, tmp_path: Path, scan: ScanCall
) -> None:
    """Tag editors write a new file and rename it over the old one."""
    file = make_audio(tmp_path / "elsewhere" / "a.mp3", title="Old")
    (music / "a.mp3").symlink_to(file)
    os.utime(file)

    replaced: list[int] = []

    def replace_once(progress: object) -> None:
        if not replaced:
            new = make_audio(tmp_path / "new.mp3", title="New")
            os.replace(new, file)
            replaced.append(file.stat().st_ino)

    scan_library(ScanOptions(workers=0), replace_once)
    assert replaced == [Track.objects.get().inode]
    assert Track.objects.get().title == "New"
    assert play("a.mp3") == file.read_bytes()
