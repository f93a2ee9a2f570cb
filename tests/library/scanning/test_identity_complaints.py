"""What users of other servers complained of, tried here: repository and number of the report."""

import os
import shutil
from pathlib import Path
from typing import Any

import pytest
from pytest_django.fixtures import Settings

from library.models.albums import Album
from library.models.catalogue import Track
from tests.audio_files import make_noise, retag
from tests.library.scanning.conftest import Scan

LONG_AGO = 1_600_000_000


def make_album(folder: Path, first: int = 1, tracks: int = 6, **tags: Any) -> list[Path]:
    common = {"artist": "Band", "album": "Record", **tags}
    return [
        make_noise(
            folder / f"{number:02} Song {number}.wav",
            first * 100 + number,
            **{"title": f"Song {number}", "track_number": number, **common},
        )
        for number in range(1, tracks + 1)
    ]


def ids_by_sound() -> dict[str, int]:
    return dict(Track.objects.present().values_list("audio_digest", "pk"))


def rewritten(path: Path) -> None:
    seconds = LONG_AGO + path.stat().st_ino % 1_000_000
    os.utime(path, (seconds, seconds))


def test_a_music_folder_that_is_narrowed_and_widened_again(
    tmp_path: Path, settings: Settings, scan: Scan
) -> None:
    """navidrome 2068: for a quick scan the root was changed to a folder inside it, and back."""
    root = tmp_path / "music"
    make_album(root / "Inbox", 1)
    make_album(root / "Archive", 2)
    settings.MUSIC_DIRS = (root,)
    scan()
    before = dict(Track.objects.values_list("audio_digest", "pk"))
    settings.MUSIC_DIRS = (root / "Inbox",)
    scan()
    assert ids_by_sound().items() < before.items()
    assert len(ids_by_sound()) == 6
    settings.MUSIC_DIRS = (root,)
    scan()
    assert ids_by_sound() == before
    assert Track.objects.count() == 12


def test_a_music_folder_whose_name_changes_case(
    tmp_path: Path, settings: Settings, scan: Scan
) -> None:
    """quodlibet 1747."""
    make_album(tmp_path / "Music" / "Record")
    settings.MUSIC_DIRS = (tmp_path / "Music",)
    scan()
    before = ids_by_sound()
    os.rename(tmp_path / "Music", tmp_path / "MUSIC")
    settings.MUSIC_DIRS = (tmp_path / "MUSIC",)
    assert scan().counts.moved == 6
    assert ids_by_sound() == before


def test_a_library_that_was_copied_to_a_larger_disk(
    tmp_path: Path, settings: Settings, scan: Scan
) -> None:
    """quodlibet 2806: the old disk stays as it is, but is no music folder any more."""
    make_album(tmp_path / "old" / "Record", 1)
    make_album(tmp_path / "old" / "Other", 2)
    settings.MUSIC_DIRS = (tmp_path / "old",)
    scan()
    before = ids_by_sound()
    shutil.copytree(tmp_path / "old", tmp_path / "new", copy_function=shutil.copyfile)
    for path in (tmp_path / "new").rglob("*.wav"):
        rewritten(path)
    settings.MUSIC_DIRS = (tmp_path / "new",)
    assert scan().counts.moved == 12
    assert ids_by_sound() == before


def test_music_that_is_tagged_on_its_way_from_one_library_to_another(
    tmp_path: Path, settings: Settings, scan: Scan
) -> None:
    """navidrome 6166, clementine 1241, lms 611: tagged by Picard and moved to the main library."""
    settings.MUSIC_DIRS = (tmp_path / "incoming", tmp_path / "main")
    paths = make_album(tmp_path / "incoming" / "download", artist="unknown", album="")
    make_album(tmp_path / "incoming" / "other", 2)
    make_album(tmp_path / "main" / "Other", 3)
    scan()
    before = ids_by_sound()
    folder = tmp_path / "main" / "Band" / "Record (2001)"
    folder.mkdir(parents=True)
    for number, path in enumerate(paths, 1):
        retag(path, title=f"Real title {number}", artist="Band", album="Record", date="2001")
        rewritten(path)
        os.rename(path, folder / f"{number:02} - Real title {number}.wav")
    assert scan().counts.moved == 6
    assert ids_by_sound() == before


def test_files_that_are_renamed_and_renamed_back(music: Path, scan: Scan) -> None:
    """gonic 465: tagged and renamed by Picard, and then back."""
    paths = make_album(music / "Record")
    make_album(music / "Other", 2)
    scan()
    before = dict(Track.objects.values_list("path", "pk"))
    for path in paths:
        retag(path, title=f"The {path.stem}", album="The Record")
        rewritten(path)
        os.rename(path, music / f"The {path.name}")
    scan()
    for path in paths:
        retag(music / f"The {path.name}", title=path.stem, album="Record", artist="B")
        os.rename(music / f"The {path.name}", path)
        rewritten(path)
    assert scan().counts.moved == 6
    assert dict(Track.objects.values_list("path", "pk")) == before


def test_several_missing_tracks_of_one_name_and_one_new_file(music: Path, scan: Scan) -> None:
    """navidrome 5169, 5183: all of them became that file."""
    for folder in ("A", "B", "C"):
        make_noise(music / folder / "01.wav", 1, title="Song", artist="Band", album="Record")
    make_noise(music / "other.wav", 2)
    scan()
    for folder in ("A", "B", "C"):
        shutil.move(music / folder / "01.wav", music.parent / f"{folder}.wav")
    assert scan().counts.missing == 3
    shutil.copyfile(music.parent / "A.wav", music / "01.wav")
    rewritten(music / "01.wav")
    assert scan().counts.moved == 1
    assert Track.objects.present().filter(path="01.wav").count() == 1
    assert Track.objects.missing().count() == 2


def test_tags_that_were_matched_to_the_wrong_files(music: Path, scan: Scan) -> None:
    """beets 5072, 4388, 1923: a tagger gives each file the tags, or the name, of another one."""
    paths = make_album(music / "Record")
    scan()
    before = ids_by_sound()
    for number, path in enumerate(paths):
        other = (number + 1) % len(paths) + 1
        retag(path, title=f"Song {other}", track_number=other)
        rewritten(path)
    scan()
    assert ids_by_sound() == before
    names = [path.name for path in paths]
    for path in paths:
        os.rename(path, path.with_suffix(".aside"))
    for path, name in zip(paths, names[1:] + names[:1], strict=True):
        os.rename(path.with_suffix(".aside"), path.with_name(name))
    report = scan()
    assert ids_by_sound() == before
    assert (report.counts.added, report.counts.missing) == (0, 0)


def test_a_renamed_file_stays_on_its_album(music: Path, scan: Scan) -> None:
    """jajuk 1870: it was on a second album of that name."""
    paths = make_album(music / "Record")
    scan()
    album = Album.objects.get()
    os.rename(paths[2], music / "Record" / "Layla.wav")
    scan()
    assert Album.objects.get() == album
    assert set(Track.objects.values_list("album", flat=True)) == {album.pk}


def test_files_sorted_by_a_downloader_while_a_scan_has_seen_half_of_them(
    music: Path, scan: Scan
) -> None:
    """navidrome 5514, 3953: the new files were found before the old ones were missed."""
    paths = make_album(music / "Incoming")
    make_album(music / "Other", 2)
    scan()
    before = ids_by_sound()
    (music / "Sorted").mkdir()
    for path in paths:
        shutil.copyfile(path, music / "Sorted" / f"Band - {path.name}")
        rewritten(music / "Sorted" / f"Band - {path.name}")
    scan(folders=(music / "Sorted",))
    for path in paths:
        retag(music / "Sorted" / f"Band - {path.name}", album="Record (Deluxe)")
        rewritten(music / "Sorted" / f"Band - {path.name}")
        path.unlink()
    scan(folders=(music / "Sorted",))
    scan()
    assert ids_by_sound() == before
    assert Track.objects.count() == 12


@pytest.mark.parametrize(
    "name", ["Song.flac.wav", "SONG.WAV", "song .wav", "söng.wav", "so\nng.wav"]
)
def test_odd_names_on_the_way(music: Path, scan: Scan, name: str) -> None:
    path = make_noise(music / "song.wav", 1, title="Song", artist="Band")
    make_noise(music / "other.wav", 2)
    scan()
    before = ids_by_sound()
    shutil.copyfile(path, music / name)
    retag(music / name, title="Another", artist="Singer")
    rewritten(music / name)
    path.unlink()
    assert scan().counts.moved == 1
    assert ids_by_sound() == before
