"""Names in ZIP files: such as every system can unpack, and each only once."""

import pytest

from library.media.zip_names import (
    LONGEST_BYTES,
    below_common_folder,
    member_names,
    numbered,
    safe_part,
)


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("Song.mp3", "Song.mp3"),
        ("AC/DC: Back?", "AC_DC_ Back_"),
        ("..", "_"),
        ("", "_"),
        ("  ends. ", "ends"),
        ("CON", "_CON"),
        ("nul.flac", "_nul.flac"),
        ("a\0b\nc", "a_b_c"),
        ("caf\udce9", "caf\N{REPLACEMENT CHARACTER}"),
        ("Björk", "Björk"),
    ],
)
def test_a_part_is_safe(text: str, part: str) -> None:
    assert safe_part(text) == part


def test_a_long_part_keeps_its_suffix() -> None:
    part = safe_part("é" * 300 + ".flac")
    assert part.endswith("é.flac")
    assert len(part.encode()) <= LONGEST_BYTES
    assert len(safe_part("x." + "y" * 300).encode()) <= LONGEST_BYTES


def test_names_are_below_the_folder_that_all_share() -> None:
    assert below_common_folder(["A/B/1.mp3", "A/B/CD2/1.mp3"]) == ["1.mp3", "CD2/1.mp3"]
    assert below_common_folder(["A/1.mp3", "AB/1.mp3"]) == ["A/1.mp3", "AB/1.mp3"]
    assert below_common_folder(["1.mp3", "A/1.mp3"]) == ["1.mp3", "A/1.mp3"]
    assert below_common_folder([]) == []


def test_no_two_names_are_alike() -> None:
    names = member_names("Top", ["a.mp3", "A.MP3", "a.mp3", "é.mp3", "e\u0301.mp3", "a (2).mp3"])
    assert names == [
        "Top/a.mp3",
        "Top/A (2).MP3",
        "Top/a (3).mp3",
        "Top/é.mp3",
        "Top/e\u0301 (2).mp3",
        "Top/a (2) (2).mp3",
    ]


def test_names_cannot_leave_the_folder() -> None:
    for name in member_names("../..", ["../../etc/passwd", "/etc/passwd", "a/../../b", "a\\..\\b"]):
        assert ".." not in name.split("/")
        assert not name.startswith("/")
        assert "\\" not in name


def test_a_person_s_order_becomes_numbers() -> None:
    assert numbered(["A/b.mp3", "B/a.mp3"]) == ["01 - b.mp3", "02 - a.mp3"]
    assert numbered(["x"] * 100)[99] == "100 - x"
