"""A disk that is away costs nobody a track, wherever in a music folder it was mounted."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from library.management.scan_output import as_text
from library.models.catalogue import Track
from library.models.scan import Scan, ScanState
from tests.audio_files import make_audio
from tests.library.scanning.conftest import Installation
from tests.library.scanning.conftest import Scan as ScanCall

UNSHARE = ("unshare", "--mount", *(() if os.geteuid() == 0 else ("--map-root-user",)))
# Runs a command while a disk with what is in the second folder is mounted on the first.
MOUNTED = 'mount -t tmpfs tmpfs "$1" && cp -a "$2"/. "$1" && shift 2 && exec "$@"'
PRESENT = "SELECT count(*) FROM library_track WHERE missing_since IS NULL"


@pytest.fixture(scope="session")
def may_mount() -> None:
    tried = [*UNSHARE, "mount", "-t", "tmpfs", "tmpfs", "/mnt"]
    if subprocess.run(tried, capture_output=True, check=False).returncode:
        pytest.skip("needs the right to mount in a namespace of its own (unshare)")


@pytest.fixture
def other_disk() -> Iterator[Path]:
    """A folder on another device than the tests' own."""
    folder = Path("/dev/shm") / f"mus-tests-{os.getpid()}"  # noqa: S108
    if not folder.parent.is_dir() or folder.parent.stat().st_dev == Path("/tmp").stat().st_dev:  # noqa: S108
        pytest.skip("needs /dev/shm, on a device of its own")
    folder.mkdir()
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


def fill(folder: Path, count: int) -> None:
    """Songs of their own lengths: none is taken for another that was moved."""
    for number in range(count):
        make_audio(folder / f"{number}.mp3", title=f"{folder.name} {number}")


def present() -> int:
    return Track.objects.present().count()


@pytest.mark.usefixtures("may_mount")
def test_a_mount_in_a_music_folder_that_is_gone_keeps_its_tracks(
    installation: Installation, tmp_path: Path
) -> None:
    fill(installation.music / "local", 4)
    fill(tmp_path / "disk" / "Artist" / "Album", 5)
    nas = installation.music / "nas"
    nas.mkdir()
    mounted = (*UNSHARE, "sh", "-c", MOUNTED, "sh", str(nas), str(tmp_path / "disk"))
    assert installation.scan(before=mounted)["counts"]["added"] == 9
    report = installation.scan()
    assert (report["exit_code"], report["state"]) == (5, "completed")
    assert (report["counts"]["seen"], report["counts"]["missing"]) == (4, 0)
    assert report["emptied"] == [{"path": str(nas), "tracks": 5}]
    assert f"{nas} holds no music any more" in report["error"]
    assert installation.query(PRESENT) == [(9,)]
    assert installation.scan(before=mounted)["exit_code"] == 0
    assert installation.query(PRESENT) == [(9,)]


@pytest.mark.usefixtures("may_mount")
def test_one_that_is_mounted_and_was_emptied_is_no_disk_that_is_away(
    installation: Installation, tmp_path: Path
) -> None:
    fill(installation.music / "local", 4)
    disk, nas = tmp_path / "disk", installation.music / "nas"
    fill(disk / "old", 3)
    fill(disk / "new", 3)
    nas.mkdir()
    mounted = (*UNSHARE, "sh", "-c", MOUNTED, "sh", str(nas), str(disk))
    installation.scan(before=mounted)
    for path in (disk / "old").iterdir():
        path.unlink()
    report = installation.scan(before=mounted)
    assert (report["exit_code"], report["counts"]["missing"]) == (0, 3)


@pytest.mark.usefixtures("may_mount")
def test_an_empty_disk_in_the_place_of_another_keeps_the_tracks_of_that(
    installation: Installation, tmp_path: Path
) -> None:
    """Its number is often that of the disk before: the system gives free numbers again."""
    fill(installation.music / "local", 4)
    fill(tmp_path / "disk", 3)
    (tmp_path / "empty").mkdir()
    nas = installation.music / "nas"
    nas.mkdir()
    mounted = (*UNSHARE, "sh", "-c", MOUNTED, "sh", str(nas))
    installation.scan(before=(*mounted, str(tmp_path / "disk")))
    replaced = (*mounted, str(tmp_path / "empty"))
    for arguments in ((), ("--full",), (str(nas),)):
        report = installation.scan(*arguments, before=replaced)
        assert (report["exit_code"], report["counts"]["missing"]) == (5, 0)
        assert report["emptied"] == [{"path": str(nas), "tracks": 3}]
    report = installation.scan("--allow-empty", before=replaced)
    assert (report["exit_code"], report["counts"]["missing"]) == (0, 3)


def test_an_empty_disk_with_the_number_of_another_keeps_the_tracks_of_that(
    music: Path, scan: ScanCall, other_disk: Path
) -> None:
    fill(music / "local", 4)
    fill(other_disk / "music", 3)
    (music / "nas").symlink_to(other_disk / "music")
    scan()
    for path in (other_disk / "music").iterdir():
        path.unlink()
    report = scan()
    assert (report.counts.missing, [each.tracks for each in report.emptied]) == (0, [3])
    assert scan(allow_empty=True).counts.missing == 3


def test_the_last_tracks_on_the_disk_of_the_music_folder_may_be_deleted(
    music: Path, scan: ScanCall, other_disk: Path
) -> None:
    fill(music / "local", 3)
    fill(other_disk / "music", 4)
    (music / "nas").symlink_to(other_disk / "music")
    scan()
    for path in (music / "local").iterdir():
        path.unlink()
    report = scan()
    assert (report.counts.missing, report.emptied) == (3, ())


@pytest.mark.usefixtures("may_mount")
def test_allow_empty_says_that_a_disk_is_not_away(
    installation: Installation, tmp_path: Path
) -> None:
    fill(installation.music / "local", 4)
    fill(tmp_path / "disk", 3)
    nas = installation.music / "nas"
    nas.mkdir()
    installation.scan(
        before=(*UNSHARE, "sh", "-c", MOUNTED, "sh", str(nas), str(tmp_path / "disk"))
    )
    said = installation.manage("scan_tracks", "--prune-missing")
    assert said.returncode == 5
    assert f"The folder {nas} holds no music any more" in said.stdout
    assert "--allow-empty" in said.stdout
    quiet = installation.manage("scan_tracks", "--quiet")
    assert (quiet.returncode, quiet.stdout) == (5, "")
    assert "holds no music" in quiet.stderr
    report = installation.scan("--allow-empty")
    assert (report["exit_code"], report["counts"]["missing"], report["emptied"]) == (0, 3, [])


def test_a_link_to_a_disk_that_is_away_keeps_its_tracks(
    music: Path, scan: ScanCall, other_disk: Path
) -> None:
    fill(music / "local", 4)
    fill(other_disk / "music", 3)
    (music / "nas").symlink_to(other_disk / "music")
    assert scan().counts.added == 7
    shutil.rmtree(other_disk / "music")
    for _ in range(2):
        report = scan()
        assert (report.counts.missing, present()) == (0, 7)
        assert [folder.path for folder in report.emptied] == [str(music / "nas")]
    (music / "nas").unlink()
    report = scan()
    assert (report.counts.missing, report.emptied) == (3, ())


def test_a_link_to_a_mount_point_that_is_empty_keeps_its_tracks(
    music: Path, scan: ScanCall, other_disk: Path
) -> None:
    fill(music / "local", 4)
    fill(other_disk / "music", 3)
    (music / "nas").symlink_to(other_disk / "music")
    scan()
    (music / "nas").unlink()
    (music / "nas").mkdir()
    assert scan().counts.missing == 0
    assert present() == 7


@pytest.mark.parametrize(
    ("held", "others", "is_kept"), [(20, 180, True), (20, 181, False), (19, 10, False)]
)
def test_a_folder_that_held_twenty_tracks_and_a_tenth_of_all_keeps_them(
    music: Path, scan: ScanCall, held: int, others: int, *, is_kept: bool
) -> None:
    fill(music / "kept", others)
    fill(music / "emptied", held)
    scan()
    for path in (music / "emptied").iterdir():
        path.unlink()
    report = scan()
    assert report.state == ScanState.COMPLETED
    assert report.counts.missing == (0 if is_kept else held)
    assert [folder.tracks for folder in report.emptied] == ([held] if is_kept else [])


def test_empty_folders_in_it_do_not_count_as_something_in_it(music: Path, scan: ScanCall) -> None:
    fill(music / "local", 10)
    for name in ("one", "two", "three"):
        fill(music / "Artist" / name, 8)
    scan()
    for path in (music / "Artist").glob("*/*.mp3"):
        path.unlink()
    report = scan()
    assert report.counts.missing == 0
    assert [(each.path, each.tracks) for each in report.emptied] == [(str(music / "Artist"), 24)]
    assert "24 tracks were kept" in report.message
    row = Scan.objects.get(pk=report.scan_id)
    assert row.emptied == [{"path": str(music / "Artist"), "tracks": 24}]
    assert row.error == report.error
    assert scan().error == report.error  # the same reason, until something changes


def test_a_folder_with_a_line_break_in_its_name_is_told_on_one_line(
    music: Path, scan: ScanCall
) -> None:
    name = "x\nMusic library scan completed."
    fill(music / name, 20)
    fill(music / "local", 1)
    scan()
    for path in (music / name).iterdir():
        path.unlink()
    report = scan()
    assert r"x\nMusic library scan completed. holds no music" in report.error
    assert Scan.objects.get(pk=report.scan_id).error_summary == report.error
    lines = as_text(report).splitlines()
    assert [line for line in lines if line.startswith("Music library scan completed.")] == lines[:1]
    assert report.error in lines


def test_a_scan_of_a_folder_in_it_marks_nothing_missing_either(music: Path, scan: ScanCall) -> None:
    fill(music / "local", 10)
    fill(music / "nas" / "Artist", 25)
    scan()
    shutil.rmtree(music / "nas" / "Artist")
    assert scan(folders=(music / "nas" / "Artist",)).counts.missing == 0
    assert scan(folders=(music / "nas",)).counts.missing == 0
    assert scan(folders=(music / "local",)).emptied == ()


def test_a_folder_that_was_deleted_is_missing(music: Path, scan: ScanCall) -> None:
    fill(music / "local", 10)
    fill(music / "deleted", 30)
    scan()
    shutil.rmtree(music / "deleted")
    report = scan()
    assert (report.counts.missing, report.emptied) == (30, ())


def test_tracks_moved_out_of_a_folder_that_stays_empty_keep_their_ids(
    music: Path, scan: ScanCall
) -> None:
    fill(music / "local", 10)
    fill(music / "from", 25)
    scan()
    before = set(Track.objects.values_list("pk", flat=True))
    (music / "to").mkdir()
    for path in (music / "from").iterdir():
        path.rename(music / "to" / path.name)
    report = scan()
    assert (report.counts.moved, report.emptied) == (25, ())
    assert set(Track.objects.present().values_list("pk", flat=True)) == before


def test_a_device_with_another_number_than_before_is_not_another_one(
    music: Path, scan: ScanCall
) -> None:
    """As after a restart of the machine."""
    fill(music / "local", 10)
    fill(music / "emptied", 3)
    scan()
    Track.objects.update(device=12345)
    for path in (music / "emptied").iterdir():
        path.unlink()
    assert scan().counts.missing == 3


@pytest.mark.parametrize("is_added_to", [False, True])
def test_devices_with_another_number_after_each_restart_are_not_lost(
    music: Path, scan: ScanCall, *, is_added_to: bool
) -> None:
    """An album that came between two restarts has another number than all before it."""
    fill(music / "local", 4)
    fill(music / "album", 3)
    scan()
    Track.objects.filter(path__below="local").update(device=111)
    Track.objects.filter(path__below="album").update(device=222)
    if is_added_to:
        for number in range(2):
            make_audio(music / "new" / f"{number}.flac")  # another sound
        scan()
    for path in (music / "album").iterdir():
        path.unlink()
    (music / "album" / "cover.jpg").touch()
    report = scan()
    assert (report.counts.missing, report.emptied) == (3, ())


def test_a_scan_that_looks_for_emptied_folders_can_be_cancelled(
    music: Path, scan: ScanCall, listed: list[str]
) -> None:
    fill(music / "local", 4)
    fill(music / "emptied", 3)
    scan()
    for path in (music / "emptied").iterdir():
        path.unlink()
    for number in range(50):
        (music / "emptied" / f"{number}").mkdir()
    last = str(music / "emptied" / "9")  # in the order of names
    listed.clear()
    # The second walk of a folder of this name is that of the search.
    report = scan(workers=0, is_cancelled=lambda: listed.count(str(music / "emptied")) > 1)
    assert report.state == ScanState.CANCELLED
    assert listed.count(last) == 1
    assert present() == 7


def test_an_emptied_root_is_named_as_well(music: Path, scan: ScanCall) -> None:
    fill(music, 2)
    scan()
    for path in music.iterdir():
        path.unlink()
    report = scan()
    assert [(each.path, each.tracks) for each in report.emptied] == [(str(music), 2)]
    assert report.state == ScanState.FAILED
