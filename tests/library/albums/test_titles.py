"""What titles of albums say of discs."""

import pytest

from library.albums.titles import AlbumTitle, parsed_title


@pytest.mark.parametrize(
    ("title", "name", "number", "subtitle"),
    [
        ("Mellon Collie (Disc 3)", "Mellon Collie", 3, ""),
        ("Mellon Collie [CD2]", "Mellon Collie", 2, ""),
        ("Mellon Collie [cd 02]", "Mellon Collie", 2, ""),
        ("Mellon Collie {Disk 2}", "Mellon Collie", 2, ""),
        ("Mellon Collie - Disc 1", "Mellon Collie", 1, ""),
        ("Mellon Collie, CD 1", "Mellon Collie", 1, ""),
        ("Mellon Collie: Disc.1", "Mellon Collie", 1, ""),
        ("Mellon Collie CD1", "Mellon Collie", 1, ""),
        ("Mellon Collie CD#1", "Mellon Collie", 1, ""),
        ("Mellon Collie Disc One", "Mellon Collie", 1, ""),
        ("Mellon Collie (Disk II)", "Mellon Collie", 2, ""),
        ("Mellon Collie (CD 2 of 3)", "Mellon Collie", 2, ""),
        ("Mellon Collie (CD 2/3)", "Mellon Collie", 2, ""),
        ("Mellon Collie (disc 1: Dawn to Dusk)", "Mellon Collie", 1, "Dawn to Dusk"),
        (
            "Mellon Collie Disc 2: Twilight to Starlight",
            "Mellon Collie",
            2,
            "Twilight to Starlight",
        ),
        ("Mellon Collie - CD 2 - Starlight", "Mellon Collie", 2, "Starlight"),
        ("Mellon Collie (CD1 \u2013 Dawn)", "Mellon Collie", 1, "Dawn"),
        ("Mellon Collie (Disc 2) [Remastered]", "Mellon Collie [Remastered]", 2, ""),
        ("Mellon Collie (Deluxe Edition) (Disc 2)", "Mellon Collie (Deluxe Edition)", 2, ""),
        ("Mellon Collie (Disque 2)", "Mellon Collie", 2, ""),
        ("Mellon Collie - Disco 1", "Mellon Collie", 1, ""),
        ("Mellon Collie (Диск 2)", "Mellon Collie", 2, ""),
        ("Mellon Collie（ディスク2）", "Mellon Collie", 2, ""),  # noqa: RUF001
        ("Mellon Collie [LP 2]", "Mellon Collie", 2, ""),
        ("Mellon Collie (Bonus Disc)", "Mellon Collie", None, "Bonus Disc"),
        ("Mellon Collie - Bonus CD", "Mellon Collie", None, "Bonus CD"),
    ],
)
def test_a_disc_is_no_part_of_the_name(
    title: str, name: str, number: int | None, subtitle: str
) -> None:
    assert parsed_title(title) == AlbumTitle(name, number, subtitle)


@pytest.mark.parametrize(
    "title",
    [
        *("Disc 1", "CD2", "Disc 2: The Other Side", "[Disc 1] X", "The Disc 1"),
        *(
            "Disco",
            "Disco 3",
            "Italo Disco 3",
            "Disc-Overy",
            "Discipline",
            "Discovery",
            "Abacab CD",
        ),
        *("The Marshall Mathers LP 2", "The Marshall Mathers LP2", "LP5", "Mix Tape 2"),
        *("Hits, Vol. 2", "Hits Volume 2", "Lulu (Part 2)", "X (1)", "X 2", "1999", ""),
        *("ABCD 2", "Live at CD101", "X (CD 2000)", "X (Disc 0)", "LCD 3", "X (Deluxe)"),
    ],
)
def test_other_titles_are_names(title: str) -> None:
    assert parsed_title(title) == AlbumTitle(title)
