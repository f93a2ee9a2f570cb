"""The picture beside the tracks is chosen by its name and known by what the disk says of it."""

import os

import pytest

from library.covers import choose_folder_cover, folder_cover_id


@pytest.mark.parametrize(
    ("names", "chosen"),
    [
        (["folder.jpg", "cover.png", "front.webp"], "cover.png"),
        (["cover.webp", "cover.jpeg", "cover.png"], "cover.jpeg"),
        (["Folder.JPG", "album.jpg"], "Folder.JPG"),
        (["01.mp3", "back.jpg", "cover.txt", "covers.jpg"], None),
        (["caf\udce9.jpg", "Front.jpg"], "Front.jpg"),
        ([], None),
    ],
)
def test_the_best_name_is_chosen(names: list[str], chosen: str | None) -> None:
    assert choose_folder_cover(names) == chosen
    assert choose_folder_cover(reversed(names)) == chosen


def test_of_names_that_differ_in_case_it_is_always_the_same() -> None:
    names = ["cover.jpg", "Cover.jpg", "COVER.JPG"]
    assert len({choose_folder_cover(names), choose_folder_cover(names[::-1])}) == 1


def test_whatever_changes_a_picture_changes_its_id() -> None:
    facts = ("/music", "a/cover.jpg", 1, 2)
    changed = [("/other", *facts[1:]), ("/music", "b/cover.jpg", 1, 2), (*facts[:2], 2, 2)]
    ids = {folder_cover_id(*each) for each in (facts, *changed, (*facts[:3], 3))}
    assert len(ids) == 5
    assert all(len(each) == 32 for each in ids)
    assert folder_cover_id(*facts) in ids


def test_a_name_that_is_no_utf8_has_an_id() -> None:
    assert folder_cover_id("/music", os.fsdecode(b"caf\xe9/cover.jpg"), 1, 2)
