"""Names that are music although they look like a system's, and what is passed over but counted."""

import os
import shutil
from pathlib import Path

import pytest

from library.models.catalogue import Track
from library.models.scan import Scan
from tests.audio_files import make_audio
from tests.library.scanning.conftest import Installation
from tests.library.scanning.conftest import Scan as ScanCall
from tests.library.scanning.test_walk import found


@pytest.mark.parametrize(
    "name",
    [
        "...And Justice for All/a.mp3",
        "...Baby One More Time.flac",
        "..But Seriously/a.mp3",
        ".38 Special/a.mp3",
        ".5_ The Gray Chapter.mp3",
        "._ Album/a.mp3",
        ". /a.mp3",
        "./Recycler/a.mp3",
        "./recycler/a.mp3",
        "./Lost+Found/a.mp3",
        "Artist/RECYCLER/a.mp3",
        "Artist/lost+found/a.mp3",
    ],
)
def test_it_is_music(music: Path, name: str) -> None:
    make_audio(music / name)
    assert found(music) == [os.path.normpath(name)]


@pytest.mark.parametrize(
    ("name", "rule"),
    [
        (".Trash/a.mp3", "hidden_folders"),
        (".snapshot/a.mp3", "hidden_folders"),
        (".\u0410\u0440\u0445\u0438\u0432/a.mp3", "hidden_folders"),
        (".e\u0301/a.mp3", "hidden_folders"),
        (".hidden.mp3", "hidden_files"),
        ("._01 Song.mp3", "apple_double_files"),
        ("Album/._01 Song.mp3", "apple_double_files"),
        ("RECYCLER/a.mp3", "system_folders"),
        ("lost+found/a.mp3", "system_folders"),
        ("Album/@EADIR/a.mp3", "system_folders"),
        ("Album/.@__thumb/a.mp3", "system_folders"),
        ("@Recently-Snapshot/a.mp3", "system_folders"),
        ("$RECYCLE.BIN/a.mp3", "system_folders"),
        ("Album/#recycle/a.mp3", "system_folders"),
        ("System Volume Information/a.mp3", "system_folders"),
    ],
)
def test_it_is_passed_over_and_counted(music: Path, scan: ScanCall, name: str, rule: str) -> None:
    make_audio(music / name)
    make_audio(music / "Album" / "b.mp3")
    report = scan()
    assert [track.path for track in Track.objects.all()] == ["Album/b.mp3"]
    assert report.ignored == {rule: 1}
    assert Scan.objects.get(pk=report.scan_id).ignored == {rule: 1}
    assert scan().ignored == {rule: 1}


def test_links_and_what_is_no_file_are_counted(music: Path, scan: ScanCall) -> None:
    make_audio(music / "Artist" / "a.mp3")
    (music / "again.mp3").symlink_to(music / "Artist" / "a.mp3")
    (music / "Favourites").symlink_to(music / "Artist")
    (music / "Artist" / "up").symlink_to(music)
    (music / "gone.mp3").symlink_to(music / "Artist" / "nowhere.mp3")
    (music / "elsewhere.mp3").symlink_to("/nowhere.mp3")
    os.mkfifo(music / "pipe.mp3")
    report = scan()
    assert report.counts.seen == 1
    assert report.ignored == {"known_links": 3, "broken_links": 2, "special_files": 1}


def test_what_does_not_look_like_music_is_not_counted(music: Path, scan: ScanCall) -> None:
    make_audio(music / "a.mp3")
    for name in (".DS_Store", "._cover.jpg", ".directory", "notes.txt", "cover.jpg"):
        (music / name).touch()
    (music / "gone").symlink_to("nowhere")
    assert scan().ignored == {}


def test_nobody_looks_into_what_is_passed_over(
    music: Path, scan: ScanCall, listed: list[str]
) -> None:
    make_audio(music / ".git" / "deep" / "a.mp3")
    make_audio(music / "a.mp3")
    scan()
    assert not [path for path in listed if ".git" in path]


def test_a_link_to_a_file_that_is_not_named_as_music_is_music(music: Path) -> None:
    """As a store by content keeps it; the walk would not find it there."""
    (make_audio(music / "store" / "a.mp3")).rename(music / "store" / "5f3a")
    (music / "a.mp3").symlink_to(music / "store" / "5f3a")
    assert found(music) == ["a.mp3"]


def test_a_root_with_nothing_but_such_an_album_is_not_empty(music: Path, scan: ScanCall) -> None:
    make_audio(music / ".38 Special" / "a.mp3")
    scan()
    (music / ".38 Special").rename(music / "...And Justice")
    assert scan().counts.moved == 1


def test_the_command_says_how_much_was_passed_over_and_why(installation: Installation) -> None:
    for name in (".Trash/a.mp3", ".stversions/a.mp3", "._a.mp3", "b.mp3"):
        make_audio(installation.music / name)
    said = installation.manage("scan_tracks").stdout
    assert "Ignored:" in said
    assert "2  hidden folders (named with a dot and a letter)" in said
    assert "1  AppleDouble files (named ._*)" in said
    assert installation.scan()["ignored"] == {"hidden_folders": 2, "apple_double_files": 1}


def test_a_scan_of_a_link_to_what_is_found_without_it_finds_nothing(
    music: Path, scan: ScanCall
) -> None:
    """Or each of the tracks would be there twice, until the next scan of everything."""
    make_audio(music / "Artist" / "Album" / "a.mp3")
    (music / "Favourites").symlink_to(music / "Artist")
    scan()
    for folder in (music / "Favourites", music / "Favourites" / "Album"):
        report = scan(folders=[folder])
        assert (report.counts.added, report.ignored) == (0, {"known_links": 1})
    assert [track.path for track in Track.objects.all()] == ["Artist/Album/a.mp3"]


def test_a_folder_that_becomes_a_link_to_another_does_not_look_emptied(
    music: Path, scan: ScanCall
) -> None:
    for number in range(30):
        make_audio(music / "Old" / f"{number}.mp3", title=f"song {number}")
    scan()
    (music / "New").mkdir()
    make_audio(music / "New" / "a.mp3", title="another")
    shutil.rmtree(music / "Old")
    (music / "Old").symlink_to(music / "New")
    report = scan()
    assert (report.counts.missing, report.emptied) == (30, ())
