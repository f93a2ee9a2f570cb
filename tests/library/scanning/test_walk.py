"""What is found on a disk, whatever its names and links."""

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from library.files.walk import FoundFolder, walk
from library.models.catalogue import Track
from tests.audio_files import JPEG, make_audio
from tests.library.scanning.conftest import Scan as ScanCall


def found(root: Path) -> list[str]:
    folders: Iterator[object] = walk(str(root))
    return sorted(
        folder.found_file(stat).path
        for folder in folders
        if isinstance(folder, FoundFolder)
        for stat in folder.files
    )


@pytest.mark.parametrize(
    "name",
    ["Caf\u00e9/song.mp3", "Cafe\u0301/song.mp3", "東京/夜明け.mp3", "a\nb/c\td.mp3", "%_\\/x.mp3"],
)
def test_any_name_works(music: Path, scan: ScanCall, name: str) -> None:
    make_audio(music / name)
    scan()
    assert Track.objects.get().path == name
    assert scan().counts.changed == 0


def test_names_in_nfc_and_nfd_side_by_side_are_two_files(music: Path, scan: ScanCall) -> None:
    make_audio(music / "\u00e9.mp3")
    make_audio(music / "e\u0301.mp3")
    assert scan().counts.added == 2
    assert scan().counts.changed == 0


def test_a_name_that_is_no_utf8_survives(music: Path, scan: ScanCall) -> None:
    name = os.fsdecode(b"caf\xe9 \xff.mp3")
    make_audio(f"{music}/{name}")
    scan()
    track = Track.objects.get()
    assert os.fsencode(track.path) == b"caf\xe9 \xff.mp3"
    assert os.path.exists(f"{track.root}/{track.path}")
    assert track.title == "caf\ufffd \ufffd"
    assert scan().counts.changed == 0


def test_a_real_replacement_character_is_not_taken_for_an_escape(
    music: Path, scan: ScanCall
) -> None:
    make_audio(music / "x\ufffde9.mp3")
    make_audio(f"{music}/" + os.fsdecode(b"x\xe9.mp3"))
    assert scan().counts.added == 2
    assert scan().counts.changed == 0


def test_hidden_files_and_recycle_bins_are_passed_over(music: Path) -> None:
    for name in (
        ".hidden.mp3",
        "._resource.mp3",
        ".trash/a.mp3",
        "#recycle/a.mp3",
        "@eaDir/a.mp3",
        "$RECYCLE.BIN/a.mp3",
        "lost+found/a.mp3",
    ):
        make_audio(music / name)
    make_audio(music / "seen.mp3")
    assert found(music) == ["seen.mp3"]


def test_links_out_of_the_root_are_followed(music: Path, tmp_path: Path) -> None:
    make_audio(tmp_path / "elsewhere" / "album" / "a.mp3")
    make_audio(tmp_path / "single.mp3")
    (music / "linked").symlink_to(tmp_path / "elsewhere")
    (music / "single.mp3").symlink_to(tmp_path / "single.mp3")
    assert found(music) == ["linked/album/a.mp3", "single.mp3"]


def test_a_loop_of_links_ends(music: Path, tmp_path: Path) -> None:
    make_audio(music / "album" / "a.mp3")
    (music / "album" / "up").symlink_to(music)
    (music / "self").symlink_to(music / "self")
    (tmp_path / "elsewhere").mkdir()
    make_audio(tmp_path / "elsewhere" / "b.mp3")
    (tmp_path / "elsewhere" / "back").symlink_to(music)
    (tmp_path / "elsewhere" / "again").symlink_to(tmp_path / "elsewhere")
    (music / "out").symlink_to(tmp_path / "elsewhere")
    assert found(music) == ["album/a.mp3", "out/b.mp3"]


def test_a_broken_link_is_survived(music: Path, scan: ScanCall) -> None:
    (music / "gone.mp3").symlink_to(music / "nowhere.mp3")
    (music / "gone").symlink_to(music / "nowhere")
    make_audio(music / "a.mp3")
    report = scan()
    assert (report.counts.added, report.counts.failed) == (1, 0)


def test_a_link_to_music_that_is_found_anyway_makes_no_twin(music: Path) -> None:
    make_audio(music / "artist" / "a.mp3")
    (music / "favourites").symlink_to(music / "artist")
    (music / "b.mp3").symlink_to(music / "artist" / "a.mp3")
    assert found(music) == ["artist/a.mp3"]


def test_links_into_a_hidden_store_are_followed(music: Path) -> None:
    """As git-annex keeps files."""
    make_audio(music / ".git" / "annex" / "objects" / "a.mp3")
    (music / "album").mkdir()
    (music / "album" / "a.mp3").symlink_to(music / ".git" / "annex" / "objects" / "a.mp3")
    assert found(music) == ["album/a.mp3"]


def test_what_is_no_regular_file_is_not_opened(music: Path, scan: ScanCall) -> None:
    os.mkfifo(music / "pipe.mp3")
    (music / "folder.mp3").mkdir()
    make_audio(music / "folder.mp3" / "a.mp3")
    began = time.monotonic()
    assert scan().counts.added == 1
    assert time.monotonic() - began < 30


def test_the_picture_of_the_folder_is_found(music: Path) -> None:
    make_audio(music / "a.mp3")
    (music / "Folder.JPG").write_bytes(JPEG)
    (music / "Cover.jpeg").write_bytes(JPEG)
    (folder,) = (each for each in walk(str(music)) if isinstance(each, FoundFolder))
    assert folder.found_file(folder.files[0]).cover_file_name == "Cover.jpeg"
