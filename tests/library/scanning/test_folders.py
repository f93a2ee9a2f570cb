"""Scans make a row for each folder that holds tracks. `test_folder_renames`: they keep its id."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection
from pytest_django.fixtures import Settings

from library.models.catalogue import Track
from library.models.folders import Folder, MusicFolder
from library.models.tombstones import Tombstone, TombstoneKind
from library.scanning import count_purgeable, purge_missing
from tests.audio_files import JPEG, make_audio
from tests.library.scanning.conftest import Scan
from tests.library.scanning.folder_rows import (
    assert_counts_are_right,
    counts,
    ids,
    revision,
)


@pytest.fixture(autouse=True)
def counts_are_right(db: None) -> Iterator[None]:
    yield
    assert_counts_are_right()


def test_folders_of_tracks_and_those_above_them_have_rows(music: Path, scan: Scan) -> None:
    make_audio(music / "Miles" / "Blue" / "CD1" / "a.mp3", title="A")
    make_audio(music / "Miles" / "Blue" / "CD1" / "b.mp3", title="B")
    make_audio(music / "Miles" / "c.mp3", title="C")
    (music / "Empty" / "Deep").mkdir(parents=True)
    scan()
    assert counts() == {
        "": (0, 3),
        "Miles": (1, 3),
        "Miles/Blue": (0, 2),
        "Miles/Blue/CD1": (2, 2),
    }
    assert Folder.objects.count() == 4
    assert Track.objects.get(title="B").folder == Folder.objects.get(path="Miles/Blue/CD1")
    assert Folder.objects.get(path="").name == music.name
    assert list(MusicFolder.objects.values_list("root", flat=True)) == [str(music)]


def test_a_second_scan_changes_nothing(music: Path, scan: Scan) -> None:
    make_audio(music / "A" / "a.mp3", cover=JPEG)
    (music / "A" / "cover.jpg").write_bytes(b"a picture")
    scan()
    before = revision(), list(Folder.objects.values()), list(MusicFolder.objects.values())
    scan()
    scan(full=True)
    assert before == (
        revision(),
        list(Folder.objects.values()),
        list(MusicFolder.objects.values()),
    )


def test_a_folder_without_present_tracks_is_not_listed_but_keeps_its_id(
    music: Path, scan: Scan
) -> None:
    path = make_audio(music / "A" / "a.mp3")
    make_audio(music / "b.mp3")
    scan()
    before = ids()
    shutil.move(path, music.parent / "away.mp3")
    scan()
    assert counts() == {"": (1, 1)}
    shutil.move(music.parent / "away.mp3", path)
    scan()
    assert ids() == before


@pytest.mark.parametrize(
    "name", ["inbox", "e\u0301", "\u00e9", "\udcff\ufffd", "x" * 250, "a%_'\"\n"]
)
def test_names_are_exactly_themselves(music: Path, scan: Scan, name: str) -> None:
    twins = {"inbox": "Inbox", "e\u0301": "\u00e9", "\u00e9": "e\u0301"}
    make_audio(music / name / "a.mp3", title="A")
    if twin := twins.get(name):
        make_audio(music / twin / "b.mp3", title="B")
    scan()
    assert ids().keys() == {"", name, *([twin] if twin else [])}
    before = ids()
    assert scan().counts.changed == 0
    assert ids() == before
    assert Folder.objects.get(pk=before[name]).name == name


def test_very_long_paths(music: Path, scan: Scan) -> None:
    folder = music
    for number in range(12):
        folder = folder / (f"{number}" + "é" * 120)
    make_audio(music / "a.mp3", title="A").rename(music / "b.mp3")
    here = os.open(music, os.O_RDONLY)
    try:
        for part in folder.relative_to(music).parts:
            os.mkdir(part, dir_fd=here)
            below = os.open(part, os.O_RDONLY, dir_fd=here)
            os.close(here)
            here = below
        os.rename(music / "b.mp3", "b.mp3", dst_dir_fd=here)
    finally:
        os.close(here)
    scan()
    assert Folder.objects.count() == 13
    assert scan().counts.changed == 0


def test_a_root_inside_a_root_has_folders_of_its_own(
    music: Path, scan: Scan, settings: Settings
) -> None:
    settings.MUSIC_DIRS = [music, music / "Inner"]
    make_audio(music / "Inner" / "A" / "a.mp3", title="A")
    make_audio(music / "B" / "b.mp3", title="B")
    scan()
    tracks = dict(Track.objects.present().values_list("pk", "root"))
    folders = dict(Track.objects.present().values_list("pk", "folder__root"))
    assert folders == tracks
    assert MusicFolder.objects.count() == 2


def test_the_picture_of_a_folder_is_noticed_whatever_its_tracks_have(
    music: Path, scan: Scan
) -> None:
    make_audio(music / "A" / "a.mp3", cover=JPEG)
    scan()
    assert Folder.objects.get(path="A").cover_id == ""
    picture = music / "A" / "Folder.JPG"
    picture.write_bytes(b"a picture")
    before = revision()
    scan()
    with_picture = Folder.objects.get(path="A")
    assert (bool(with_picture.cover_id), with_picture.cover_file_name) == (True, "Folder.JPG")
    assert revision() == before + 1 == with_picture.revision
    picture.unlink()
    scan()
    assert Folder.objects.get(path="A").cover_id == ""


def test_a_purge_removes_folders_that_hold_nothing_any_more(music: Path, scan: Scan) -> None:
    gone = make_audio(music / "A" / "B" / "a.mp3", title="A")
    make_audio(music / "A" / "c.mp3", title="C")
    other = make_audio(music / "D" / "d.mp3", title="D")
    scan()
    before = ids()
    gone.unlink()
    other.unlink()
    scan(allow_empty=True)
    assert count_purgeable().folders == 2
    assert purge_missing().folders == 2
    assert set(Folder.objects.values_list("path", flat=True)) == {"", "A"}
    stones = Tombstone.objects.filter(kind=TombstoneKind.FOLDER, replaced_by=None)
    assert set(stones.values_list("row_id", flat=True)) == {before["A/B"], before["D"]}


def test_what_an_older_server_left_is_mended(music: Path, scan: Scan) -> None:
    """It stores tracks without a folder, and does not count."""
    make_audio(music / "A" / "a.mp3", title="A")
    gone = make_audio(music / "B" / "b.mp3", title="B")
    scan()
    before = ids()
    Track.objects.filter(title="A").update(folder=None)
    Folder.objects.filter(path="B").update(track_count=0)
    Folder.objects.filter(path__in=["", "B"]).update(total_track_count=0)
    Folder.objects.filter(path="A").delete()
    gone.rename(music / "B" / "c.mp3")
    scan()
    assert ids().keys() == before.keys()
    assert ids()["B"] == before["B"]


def test_a_scan_of_a_folder_leaves_the_others(music: Path, scan: Scan) -> None:
    make_audio(music / "A" / "a.mp3", title="A")
    make_audio(music / "B" / "b.mp3", title="B")
    scan(folders=(music / "A",))
    assert counts() == {"": (0, 1), "A": (1, 1)}
    scan(folders=(music / "B",))
    assert counts() == {"": (0, 2), "A": (1, 1), "B": (1, 1)}


def test_the_index_of_paths_finds_folders(music: Path, scan: Scan) -> None:
    make_audio(music / "A" / "a.mp3")
    scan()
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute(
                "EXPLAIN QUERY PLAN SELECT id FROM library_folder WHERE root = %s AND path IN (%s)",
                [str(music), "A"],
            )
            assert "SEARCH" in cursor.fetchall()[0][-1]


def test_an_empty_twin_that_differs_in_case_does_not_matter(music: Path, scan: Scan) -> None:
    make_audio(music / "Artist" / "The Album name" / "a.mp3", title="A")
    (music / "Artist" / "The Album Name").mkdir()
    (music / "Artist" / "The Album Name" / "folder.jpg").write_bytes(b"a picture")
    scan()
    assert ids().keys() == {"", "Artist", "Artist/The Album name"}


def test_a_folder_that_a_link_leads_to_is_listed(music: Path, scan: Scan) -> None:
    make_audio(music.parent / "elsewhere" / "a.mp3", title="A")
    (music / "Linked").symlink_to(music.parent / "elsewhere")
    (music / "Loop").symlink_to(music)
    scan()
    assert counts() == {"": (0, 1), "Linked": (1, 1)}
