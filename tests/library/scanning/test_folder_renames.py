"""A folder that was renamed or moved is the same one, by most of its tracks."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from library.models.folders import Folder, MusicFolder
from library.models.tombstones import Tombstone, TombstoneKind
from tests.audio_files import make_audio, retag
from tests.library.scanning.conftest import Scan
from tests.library.scanning.folder_rows import assert_counts_are_right, counts, ids
from tests.numbered_sounds import make_sound


@pytest.fixture(autouse=True)
def counts_are_right(db: None) -> Iterator[None]:
    yield
    assert_counts_are_right()


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


def make_four_albums(folder: Path, sounds: int = 13) -> None:
    """Of 13 files, which have so many different sounds."""
    for album in range(4):
        for number in range(3):
            path, sound = folder / f"{album}" / f"{number}.mp3", (3 * album + number) % sounds
            make_sound(path, sound, title=f"{album} {number}")
    make_sound(folder / "own.mp3", 12 % sounds, title="own")


def test_a_rename_that_takes_several_batches_joins_what_was_made_meanwhile(
    music: Path, scan: Scan
) -> None:
    make_four_albums(music / "Old")
    scan()
    before = ids()
    (music / "Old").rename(music / "New")
    assert scan(batch_size=4).counts.moved == 13
    assert ids() == {path.replace("Old", "New"): pk for path, pk in before.items()}
    joined = Tombstone.objects.filter(kind=TombstoneKind.FOLDER)
    assert joined
    assert {each.replaced_by for each in joined} <= set(before.values())
    assert Folder.objects.count() == len(before)


def test_a_folder_of_files_with_one_sound_is_renamed_when_all_are_read(
    music: Path, scan: Scan
) -> None:
    """They wait for each other. What becomes of them is stored at once."""
    make_four_albums(music / "Old", sounds=1)
    scan()
    before = ids()
    (music / "Old").rename(music / "New")
    assert scan(batch_size=4).counts.moved == 13
    assert ids() == {path.replace("Old", "New"): pk for path, pk in before.items()}
    assert not Tombstone.objects.filter(kind=TombstoneKind.FOLDER).exists()


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


def test_a_scan_that_is_interrupted_in_the_middle_of_a_rename_loses_no_folder(
    music: Path, scan: Scan
) -> None:
    for album in range(3):
        for number in range(4):
            path = music / "Old" / f"{album}" / f"{number}.mp3"
            make_sound(path, 4 * album + number, title=f"{album} {number}")
    scan()
    before = ids()
    (music / "Old").rename(music / "New")
    asked = iter(range(10_000))
    scan(workers=0, batch_size=4, is_cancelled=lambda: next(asked) > 30)
    scan(batch_size=4)
    after = ids()
    for album in range(3):
        assert after[f"New/{album}"] == before[f"Old/{album}"]


@pytest.mark.parametrize("looks", range(10, 40, 3))
def test_a_scan_that_is_interrupted_anywhere_in_a_rename_loses_no_folder(
    music: Path, scan: Scan, looks: int
) -> None:
    for number in range(6):
        make_sound(music / "Old" / f"{number}.mp3", number, title=f"{number}")
    scan()
    before = ids()
    (music / "Old").rename(music / "New")
    asked = iter(range(10_000))
    scan(workers=0, batch_size=1, is_cancelled=lambda: next(asked) > looks)
    scan(workers=0)
    assert ids()["New"] == before["Old"]
