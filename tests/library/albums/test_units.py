"""Folders of discs, and the folder that they are parts of."""

import pytest

from library.albums.discs import BONUS_DISC, disc_of
from library.albums.units import is_disc, parsed_folder, unit_of


@pytest.mark.parametrize(
    ("name", "number", "subtitle"),
    [
        *[(name, 1, "") for name in ("CD1", "CD 01", "cd-1", "CD_1", "CD.1", "CD#1", "[CD 1]")],
        *[(name, 1, "") for name in ("Disc 1", "Disk I", "Disc One", "disc1of2", "CD 1 of 2")],
        *[
            (name, 1, "")
            for name in ("Disque 1", "Disco 1", "Диск 1", "ディスク 1", "Compact Disc 1")
        ],
        *[(name, 1, "") for name in ("Digital Media 01", "12 Vinyl 01", '12" Vinyl 1', "LP 1")],
        *[(name, 1, "") for name in ("Hybrid SACD 1", "Blu-spec CD 01", "DVD-Audio 1", "CD-R 1")],
        *[(name, 1, "") for name in ("CD1 [FLAC]", "CD 1 (1994)", "CD1 - 320 kbps", "Cassette 1")],
        ("disc2 - The Early Days", 2, "The Early Days"),
        ("CD2 (Live)", 2, "Live"),
        ("CD 2: Live", 2, "Live"),
        ("(CD2) The Sessions", 2, "The Sessions"),
        ("Side B", 2, ""),
        ("Bonus Disc", None, "Bonus Disc"),
    ],
)
def test_disc_folders_are_parts_of_the_folder_above(
    name: str, number: int | None, subtitle: str
) -> None:
    assert parsed_folder(name) == (number, subtitle, True)
    assert unit_of(("/music", f"Artist/Album/{name}")) == ("/music", "Artist/Album")
    assert unit_of(("/music", name)) == ("/music", "")


@pytest.mark.parametrize(
    "name",
    [
        *("CD", "Disc", "Disco", "Discography", "Discovery", "CD1985", "2CD", "LP", "Side Effects"),
        *("Vol. 1", "Volume 2", "Part 1", "1", "01", "Vinyl Countdown", "Tapes", "Recordings 2"),
    ],
)
def test_other_folders_are_units_of_their_own(name: str) -> None:
    assert unit_of(("/music", f"Artist/{name}")) == ("/music", f"Artist/{name}")
    assert not is_disc(name)


def test_the_root_is_a_unit() -> None:
    assert unit_of(("/music", "")) == ("/music", "")


@pytest.mark.parametrize("name", ["Album [CD2]", "Album CD2", "Album (Disc 2)", "Album - Disc 2"])
def test_a_folder_named_after_album_and_disc_is_a_unit_that_knows_its_disc(name: str) -> None:
    assert unit_of(("/music", f"Artist/{name}")) == ("/music", f"Artist/{name}")
    assert (is_disc(name), parsed_folder(name).number) == (True, 2)


@pytest.mark.parametrize(
    ("folder", "title", "stated", "expected"),
    [
        ("A/X/CD2", "X", (None, ""), (2, "")),
        ("A/X/CD2", "X", (3, "Stated"), (3, "Stated")),
        ("A/X/CD2 - Live", "X", (2, ""), (2, "Live")),
        ("A/X/CD2 - Live", "X", (1, ""), (1, "")),
        ("A/X/CD2 - X", "X", (None, ""), (2, "")),
        ("A/X", "X (Disc 3: Live)", (None, ""), (3, "Live")),
        ("A/X/CD2", "X (Disc 3)", (None, ""), (3, "")),
        ("A/X (Disc 2)", "X", (None, ""), (2, "")),
        ("A/X/Bonus Disc", "X", (None, ""), (BONUS_DISC, "Bonus Disc")),
        ("A/X/Bonus Disc", "X", (2, ""), (2, "Bonus Disc")),
        ("A/X", "X (Bonus CD)", (None, "Live"), (BONUS_DISC, "Live")),
        ("A/Bonus Disc", "Bonus Disc", (None, ""), (None, "")),
        ("Pet Shop Boys/Disco 2", "Disco 2", (None, ""), (None, "")),
        ("A/X", "X", (None, ""), (None, "")),
        ("", "", (None, ""), (None, "")),
    ],
)
def test_the_disc_of_a_track(
    folder: str,
    title: str,
    stated: tuple[int | None, str],
    expected: tuple[int | None, str],
) -> None:
    assert disc_of(folder, title, *stated) == expected
