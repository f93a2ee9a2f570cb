"""Track and disc numbers, and the sides of records."""

import pytest

from library.tags import numbering
from library.tags.numbering import Number


@pytest.mark.parametrize(
    ("raw", "number", "total"),
    [
        ("3", 3, None),
        ("03", 3, None),
        ("3/12", 3, 12),
        (" 3 / 12 ", 3, 12),
        ("3/", 3, None),
        ("/12", None, 12),
        ("0/12", None, 12),
        ("0/0", None, None),
        ("0", None, None),
        ("5 of 12", 5, 12),
        ("5 von 12", 5, 12),
        ("12\\20", 12, 20),
        ("5:12", 5, 12),
        ("05.", 5, None),
        ("3.0", 3, None),
        ("#5", 5, None),
        ("Track 5", 5, None),
        ("T5", 5, None),
        ("Disc 2", 2, None),
        ("CD2", 2, None),
        ("IV", 4, None),
        ("XII.", 12, None),
        ("\N{ARABIC-INDIC DIGIT THREE}", 3, None),
        ("\N{FULLWIDTH DIGIT ONE}\N{FULLWIDTH DIGIT TWO}", 12, None),
        ("-3", None, None),
        ("99999", 99999, None),
        ("100000", None, None),
        ("0000000007", 7, None),
        ("9" * 10_000, None, None),
        ("2003-05", None, None),
        ("live", None, None),
        ("", None, None),
        ("3\0", 3, None),
    ],
)
def test_numbers_and_totals(raw: str, number: int | None, total: int | None) -> None:
    assert numbering.number(raw) == Number(number, total)


@pytest.mark.parametrize(
    ("raw", "disc", "number", "total"),
    [
        ("1-05", 1, 5, None),
        ("2.05", 2, 5, None),
        ("CD1-07", 1, 7, None),
        ("Disc 2 - 03", 2, 3, None),
        ("1/3-05", 1, 5, None),
        ("1-05/12", 1, 5, 12),
    ],
)
def test_the_number_of_a_track_may_begin_with_the_disc(
    raw: str, disc: int, number: int, total: int | None
) -> None:
    assert numbering.number(raw) == Number(number, total, disc)


@pytest.mark.parametrize(
    ("raw", "side", "number"),
    [
        ("A1", "A", 1),
        ("b02", "B", 2),
        ("C-3", "C", 3),
        ("Side D", "D", 1),
        ("A", "A", 1),
        ("AA", "AA", 1),
        ("BB2", "BB", 2),
        ("A10", "A", 10),
        ("2B", "B", 2),
        ("B2/12", "B", 2),
    ],
)
def test_sides_of_records(raw: str, side: str, number: int) -> None:
    assert numbering.number(raw) == Number(number, side=side)


def test_sides_follow_each_other() -> None:
    sides = ["A", "B", "C", "H", "Z", "AA", "BB"]
    assert sorted(["BB", "Z", "A", "AA", "H", "C", "B"], key=numbering.side_index) == sides


def test_the_first_value_with_a_number_counts() -> None:
    assert numbering.numbers(["", "live", "/9", "3"]) == Number(3)
    assert numbering.numbers(["", "0/9"]) == Number(None, 9)
