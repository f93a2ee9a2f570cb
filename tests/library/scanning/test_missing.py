"""Nothing that goes wrong on a disk costs anyone a track."""

import os
import shutil
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from library.models.albums import Album
from library.models.catalogue import Track
from library.models.scan import Scan, ScanState
from library.scanning import BadScanOptions, purge_missing
from tests.audio_files import make_audio, retag
from tests.library.scanning.conftest import Installation
from tests.library.scanning.conftest import Scan as ScanCall

WITHOUT_ROOTS_RIGHTS = ("setpriv", "--bounding-set=-dac_override,-dac_read_search")


def test_a_track_whose_file_is_gone_stays_as_missing(music: Path, scan: ScanCall) -> None:
    make_audio(music / "a.mp3")
    make_audio(music / "b.mp3")
    scan()
    (music / "a.mp3").unlink()
    report = scan()
    assert report.counts.missing == 1
    assert [track.path for track in Track.objects.present()] == ["b.mp3"]
    gone = Track.objects.get(path="a.mp3")
    assert gone.missing_since is not None
    assert gone.revision == Scan.objects.get(pk=report.scan_id).revision


def test_it_returns_with_its_id_and_date_when_the_file_does(music: Path, scan: ScanCall) -> None:
    path = make_audio(music / "a.mp3")
    make_audio(music / "b.mp3")
    scan()
    before = Track.objects.get(path="a.mp3")
    os.rename(path, kept := music.parent / "kept.mp3")
    scan()
    os.rename(kept, path)
    report = scan()
    after = Track.objects.get(path="a.mp3")
    assert (report.counts.restored, report.counts.added) == (1, 0)
    assert (after.pk, after.added_at, after.missing_since) == (before.pk, before.added_at, None)


def test_a_missing_track_counts_as_missing_once(music: Path, scan: ScanCall) -> None:
    make_audio(music / "a.mp3").unlink()
    make_audio(music / "a.mp3")
    make_audio(music / "b.mp3")
    scan()
    (music / "a.mp3").unlink()
    assert scan().counts.missing == 1
    assert scan().counts.missing == 0


def test_a_root_that_vanished_fails_and_marks_nothing(music: Path, scan: ScanCall) -> None:
    make_audio(music / "a.mp3")
    scan()
    os.rename(music, music.parent / "unmounted")
    report = scan()
    assert report.state == ScanState.FAILED
    assert str(music) in report.error
    assert "mounted" in report.error
    assert Track.objects.present().count() == 1
    assert Scan.objects.first().error == report.error  # type: ignore[union-attr]


def test_an_emptied_root_fails_and_marks_nothing(music: Path, scan: ScanCall) -> None:
    make_audio(music / "a.mp3")
    scan()
    (music / "a.mp3").unlink()
    report = scan()
    assert report.state == ScanState.FAILED
    assert "--allow-empty" in report.error
    assert Track.objects.present().count() == 1


def test_folders_without_music_are_an_emptied_root_too(music: Path, scan: ScanCall) -> None:
    make_audio(music / "album" / "a.mp3")
    scan()
    (music / "album" / "a.mp3").unlink()
    assert scan().state == ScanState.FAILED
    assert Track.objects.present().count() == 1


def test_allow_empty_says_that_it_is_meant(music: Path, scan: ScanCall) -> None:
    make_audio(music / "a.mp3")
    scan()
    (music / "a.mp3").unlink()
    report = scan(allow_empty=True)
    assert (report.state, report.counts.missing) == (ScanState.COMPLETED, 1)


def test_the_other_roots_are_scanned_all_the_same(
    tmp_path: Path, settings: Settings, scan: ScanCall
) -> None:
    settings.MUSIC_DIRS = (tmp_path / "one", tmp_path / "two")
    make_audio(tmp_path / "one" / "a.mp3")
    make_audio(tmp_path / "two" / "b.mp3")
    scan()
    shutil.rmtree(tmp_path / "one")
    make_audio(tmp_path / "two" / "c.mp3")
    report = scan()
    assert report.state == ScanState.FAILED
    assert report.counts.added == 1
    assert Track.objects.present().count() == 3


def test_tracks_of_a_folder_that_is_no_root_any_more_are_missing_until_it_is_again(
    tmp_path: Path, settings: Settings, scan: ScanCall
) -> None:
    make_audio(tmp_path / "one" / "a.mp3", title="A")
    make_audio(tmp_path / "two" / "b.mp3", title="B")
    settings.MUSIC_DIRS = (tmp_path / "one", tmp_path / "two")
    scan()
    settings.MUSIC_DIRS = (tmp_path / "two",)
    assert scan().counts.missing == 1
    settings.MUSIC_DIRS = (tmp_path / "one", tmp_path / "two")
    report = scan()
    assert (report.counts.restored, report.counts.added) == (1, 0)


def test_a_folder_that_cannot_be_listed_leaves_its_tracks_as_they_were(
    installation: Installation,
) -> None:
    make_audio(installation.music / "open" / "a.mp3")
    closed = make_audio(installation.music / "closed" / "b.mp3").parent
    installation.scan()
    closed.chmod(0)
    try:
        report = installation.scan(before=WITHOUT_ROOTS_RIGHTS if os.geteuid() == 0 else ())
    finally:
        closed.chmod(0o755)
    assert (report["counts"]["missing"], report["counts"]["failed"]) == (0, 1)
    assert "cannot be listed: Permission denied" in report["first_failures"][0]["reason"]
    assert installation.query("SELECT count(*) FROM library_track WHERE missing_since IS NULL") == [
        (2,)
    ]
    assert installation.scan()["counts"]["failed"] == 0


def test_a_scan_of_a_folder_leaves_the_rest_alone(music: Path, scan: ScanCall) -> None:
    make_audio(music / "one" / "a.mp3")
    make_audio(music / "two" / "b.mp3")
    scan()
    (music / "one" / "a.mp3").unlink()
    (music / "two" / "b.mp3").unlink()
    report = scan(folders=(music / "one",))
    assert report.counts.missing == 1
    assert [track.path for track in Track.objects.present()] == ["two/b.mp3"]


def test_an_unmounted_root_costs_no_folder_either(music: Path, scan: ScanCall) -> None:
    make_audio(music / "one" / "a.mp3")
    scan()
    shutil.rmtree(music / "one")
    report = scan(folders=(music / "one",))
    assert report.state == ScanState.FAILED
    assert Track.objects.present().count() == 1


@pytest.mark.parametrize("folder", ["/", "../elsewhere", "music/not there", "music/a.mp3"])
def test_a_folder_that_cannot_be_scanned_is_refused(
    music: Path, scan: ScanCall, folder: str
) -> None:
    make_audio(music / "a.mp3")
    with pytest.raises(BadScanOptions):
        scan(folders=(Path(os.path.normpath(music.parent / folder)),))


def test_albums_without_present_tracks_come_back_with_them(music: Path, scan: ScanCall) -> None:
    path = make_audio(music / "x" / "a.mp3", album="Blue", album_artist="Joni", title="River")
    make_audio(music / "b.mp3")
    scan()
    album = Album.objects.get()
    os.rename(path, kept := music.parent / "kept.mp3")
    scan()
    os.rename(kept, path)
    scan()
    assert Album.objects.get() == album


def test_purging_takes_missing_tracks_and_what_only_they_needed(
    music: Path, scan: ScanCall
) -> None:
    make_audio(music / "a.mp3", album="Gone", album_artist="Gone", artist="Gone")
    make_audio(music / "b.mp3", album="Here", album_artist="Here", artist="Here")
    scan()
    (music / "a.mp3").unlink()
    scan()
    counts = purge_missing()
    assert (counts.tracks, counts.albums, counts.artists) == (1, 1, 1)
    assert [album.title for album in Album.objects.all()] == ["Here"]


def test_a_changed_file_is_read_again_and_keeps_its_id(music: Path, scan: ScanCall) -> None:
    path = make_audio(music / "a.mp3", title="Old")
    scan()
    before = Track.objects.get()
    retag(path, title="New")
    os.utime(path, (1_700_000_000, 1_700_000_000))
    report = scan()
    after = Track.objects.get()
    assert report.counts.updated == 1
    assert (after.pk, after.title, after.added_at) == (before.pk, "New", before.added_at)
