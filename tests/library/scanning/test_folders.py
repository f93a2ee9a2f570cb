"""Scans make a row for each folder that holds tracks, and keep its id when it is renamed."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection
from django.db.models import Sum
from pytest_django.fixtures import Settings

from library.models.catalogue import Track
from library.models.folders import Folder, MusicFolder
from library.models.revision import Revision
from library.models.tombstones import Tombstone, TombstoneKind
from library.scanning import count_purgeable, purge_missing
from tests.audio_files import JPEG, make_audio, retag
from tests.library.scanning.conftest import Scan

Counts = dict[str, tuple[int, int]]


@pytest.fixture(autouse=True)
def counts_are_right(db: None) -> Iterator[None]:
    """After each test the counts of all folders fit the tracks and the folders below them."""
    yield
    for folder in Folder.objects.all():
        own = Track.objects.present().filter(folder=folder).count()
        below = folder.folders.aggregate(total=Sum("total_track_count"))["total"] or 0
        assert (folder.track_count, folder.total_track_count) == (own, own + below), folder.path
        parent = os.path.dirname(folder.path) if folder.path else None
        assert (folder.parent.path if folder.parent else None) == parent


def counts() -> Counts:
    """The counts of the listed folders, by path."""
    return {
        folder.path: (folder.track_count, folder.total_track_count)
        for folder in Folder.objects.listed()
    }


def ids() -> dict[str, int]:
    return dict(Folder.objects.listed().values_list("path", "pk"))


def revision() -> int:
    return Revision.objects.get().number


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


def test_a_moved_track_gets_the_folder_of_its_new_place(music: Path, scan: Scan) -> None:
    path = make_audio(music / "A" / "a.mp3", title="A")
    make_audio(music / "A" / "b.mp3", title="B")
    make_audio(music / "C" / "c.mp3", title="C")
    scan()
    before = ids()
    path.rename(music / "C" / "a.mp3")
    assert scan().counts.moved == 1
    assert ids() == before
    assert counts() == {"": (0, 3), "A": (1, 1), "C": (2, 2)}


def test_a_renamed_folder_is_the_same_with_the_folders_below(music: Path, scan: Scan) -> None:
    for disc in ("CD1", "CD2"):
        for name in ("a", "b"):
            make_audio(music / "Miles" / "Blue" / disc / f"{name}.mp3", title=disc + name)
    scan()
    before = ids()
    (music / "Miles" / "Blue").rename(music / "Miles" / "Kind of Blue")
    assert scan().counts.moved == 4
    assert ids() == {path.replace("Blue", "Kind of Blue"): pk for path, pk in before.items()}
    assert Folder.objects.get(path="Miles/Kind of Blue").name == "Kind of Blue"
    assert not Tombstone.objects.filter(kind=TombstoneKind.FOLDER).exists()


def test_a_folder_whose_parent_is_renamed_is_the_same(music: Path, scan: Scan) -> None:
    make_audio(music / "Bjork" / "Post" / "a.mp3", title="A")
    make_audio(music / "Bjork" / "Debut" / "b.mp3", title="B")
    scan()
    before = ids()
    (music / "Bjork").rename(music / "Björk")
    scan()
    assert ids() == {path.replace("Bjork", "Björk"): pk for path, pk in before.items()}


def test_a_rename_that_takes_several_batches_joins_what_was_made_meanwhile(
    music: Path, scan: Scan
) -> None:
    for album in range(4):
        for number in range(3):
            make_audio(music / "Old" / f"{album}" / f"{number}.mp3", title=f"{album} {number}")
    make_audio(music / "Old" / "own.mp3", title="own")
    scan()
    before = ids()
    (music / "Old").rename(music / "New")
    assert scan(batch_size=4).counts.moved == 13
    assert ids() == {path.replace("Old", "New"): pk for path, pk in before.items()}
    joined = Tombstone.objects.filter(kind=TombstoneKind.FOLDER)
    assert joined
    assert {each.replaced_by for each in joined} <= set(before.values())
    assert Folder.objects.count() == len(before)


def test_most_of_the_tracks_decide(music: Path, scan: Scan) -> None:
    for name in "abcde":
        make_audio(music / "Inbox" / "X" / f"{name}.mp3", title=name)
    scan()
    before = ids()["Inbox/X"]
    (music / "Few").mkdir()
    (music / "Most").mkdir()
    for name in "abcde":
        target = music / ("Few" if name in "ab" else "Most") / f"{name}.mp3"
        (music / "Inbox" / "X" / f"{name}.mp3").rename(target)
    (music / "Inbox" / "X").rmdir()
    scan()
    assert ids()["Most"] == before
    assert ids()["Few"] != before


def test_a_folder_that_is_still_there_is_not_renamed(music: Path, scan: Scan) -> None:
    make_audio(music / "Inbox" / "a.mp3", title="A")
    make_audio(music / "b.mp3", title="B")
    scan()
    before = ids()["Inbox"]
    (music / "Done").mkdir()
    (music / "Inbox" / "a.mp3").rename(music / "Done" / "a.mp3")
    scan()
    assert ids()["Done"] != before
    make_audio(music / "Inbox" / "c.mp3", title="C")
    scan()
    assert ids()["Inbox"] == before


def test_tracks_that_join_those_of_a_known_folder_leave_it_as_it_is(
    music: Path, scan: Scan
) -> None:
    make_audio(music / "Extra" / "a.mp3", title="A")
    make_audio(music / "Album" / "b.mp3", title="B")
    scan()
    before = ids()
    (music / "Extra" / "a.mp3").rename(music / "Album" / "a.mp3")
    (music / "Extra").rmdir()
    scan()
    assert ids() == {path: pk for path, pk in before.items() if path != "Extra"}


def test_a_folder_moved_into_another_root_is_the_same(
    music: Path, scan: Scan, settings: Settings
) -> None:
    other = music.parent / "other"
    make_audio(other / "kept.mp3", title="K")
    settings.MUSIC_DIRS = [music, other]
    make_audio(music / "A" / "a.mp3", title="A")
    make_audio(music / "b.mp3", title="B")
    scan()
    before = ids()["A"]
    (music / "A").rename(other / "A")
    scan()
    moved = Folder.objects.get(pk=before)
    assert (moved.root, moved.path) == (str(other), "A")
    assert moved.parent == Folder.objects.get(root=str(other), path="")


def test_a_root_that_was_renamed_keeps_the_ids_of_its_folders(
    music: Path, scan: Scan, settings: Settings
) -> None:
    make_audio(music / "A" / "a.mp3", title="A")
    make_audio(music / "A" / "b.mp3", title="B")
    scan()
    before = ids()
    other = music.parent / "elsewhere"
    music.rename(other)
    settings.MUSIC_DIRS = [other]
    scan()
    assert ids() == before
    assert MusicFolder.objects.count() == 2


def test_a_folder_swapped_with_another_is_no_rename(music: Path, scan: Scan) -> None:
    make_audio(music / "A" / "a.mp3", title="A")
    make_audio(music / "B" / "b.mp3", title="B")
    scan()
    before = ids()
    (music / "A").rename(music / "C")
    (music / "B").rename(music / "A")
    (music / "C").rename(music / "B")
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


def test_a_folder_renamed_by_case_alone_is_the_same(music: Path, scan: Scan) -> None:
    make_audio(music / "inbox" / "A" / "a.mp3", title="A")
    make_audio(music / "b.mp3", title="B")
    scan()
    before = ids()
    (music / "inbox").rename(music / "Inbox")
    scan()
    assert ids() == {path.replace("inbox", "Inbox"): pk for path, pk in before.items()}


def test_a_folder_that_moves_into_one_of_its_own_name_is_the_same(music: Path, scan: Scan) -> None:
    """`X` becomes `X/X`: the folder above is made anew where the old one was."""
    make_audio(music / "X" / "a.mp3", title="A")
    make_audio(music / "b.mp3", title="B")
    scan()
    (music / "X").rename(music / "Y")
    (music / "X").mkdir()
    (music / "Y").rename(music / "X" / "X")
    scan()
    assert counts() == {"": (1, 2), "X": (0, 1), "X/X": (1, 1)}


def test_a_rename_and_a_change_of_tags_at_once_keep_the_folder(music: Path, scan: Scan) -> None:
    for name in "abc":
        make_audio(music / "Old" / f"{name}.mp3", title=name, artist="Before")
    scan()
    before = ids()["Old"]
    for name in "abc":
        retag(music / "Old" / f"{name}.mp3", artist="After")
    (music / "Old").rename(music / "New")
    scan()
    assert ids()["New"] == before


def test_tracks_that_were_missing_meanwhile_bring_their_folder_along(
    music: Path, scan: Scan
) -> None:
    for name in "ab":
        make_audio(music / "Old" / f"{name}.mp3", title=name)
    make_audio(music / "c.mp3", title="C")
    scan()
    before = ids()["Old"]
    (music / "Old").rename(music.parent / "away")
    scan()
    (music.parent / "away").rename(music / "New")
    assert scan().counts.moved == 2
    assert ids()["New"] == before


def test_a_folder_that_a_link_leads_to_is_listed(music: Path, scan: Scan) -> None:
    make_audio(music.parent / "elsewhere" / "a.mp3", title="A")
    (music / "Linked").symlink_to(music.parent / "elsewhere")
    (music / "Loop").symlink_to(music)
    scan()
    assert counts() == {"": (0, 1), "Linked": (1, 1)}


def test_a_scan_that_is_interrupted_in_the_middle_of_a_rename_loses_no_folder(
    music: Path, scan: Scan
) -> None:
    for album in range(3):
        for number in range(4):
            make_audio(music / "Old" / f"{album}" / f"{number}.mp3", title=f"{album} {number}")
    scan()
    before = ids()
    (music / "Old").rename(music / "New")
    asked = iter(range(10_000))
    scan(workers=0, batch_size=4, is_cancelled=lambda: next(asked) > 30)
    scan(batch_size=4)
    after = ids()
    for album in range(3):
        assert after[f"New/{album}"] == before[f"Old/{album}"]
