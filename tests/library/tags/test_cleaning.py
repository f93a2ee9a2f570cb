"""Values from a file, whoever wrote them, become values of the database or nothing."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from library.tags import cleaning
from tests.library.tags.storable import assert_storable_text


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("  a b\t", "a b"),
        ("a\0b", "ab"),
        ("\x01a\x1f\x7f\x9f", "a"),
        ("two\nlines", "two\nlines"),
        ("\ud800a\udfff", "a"),
        ("\N{ZERO WIDTH NO-BREAK SPACE}", "\N{ZERO WIDTH NO-BREAK SPACE}"),
        ("\N{MUSICAL SYMBOL G CLEF}", "\N{MUSICAL SYMBOL G CLEF}"),
        ("x" * 5000, "x" * 2000),
        ("", ""),
    ],
)
def test_texts_lose_what_is_no_text(raw: str, clean: str) -> None:
    assert cleaning.text(raw) == clean


@settings(deadline=None)  # of 200 ms, which a busy machine exceeds
@given(st.text(st.characters(exclude_categories=())))
def test_any_text_becomes_storable(raw: str) -> None:
    assert_storable_text(cleaning.text(raw))


def test_values_are_listed_once_and_without_the_empty_ones() -> None:
    assert cleaning.texts(["B", "", " ", "A\0B", "C "]) == ["B", "A", "C"]


def test_thousands_of_values_are_cut_to_a_hundred() -> None:
    assert len(cleaning.texts([str(number) for number in range(100_000)])) == 100
    assert len(cleaning.texts(["\0".join(str(number) for number in range(100_000))])) == 100


A = "0383dadf-2a4e-4d10-a46a-e9e041da8eb3"
B = "b071f9fa-14b0-4217-8e97-eb41da73f598"


@pytest.mark.parametrize(
    ("raw", "ids"),
    [
        ([A.upper()], (A,)),
        ([A, B], (A, B)),
        ([f"{A}/{B}"], (A, B)),
        ([f"{A}; {B}"], (A, B)),
        ([f"{A}\0{B}\0"], (A, B)),
        (["", "not an id", A[:-1]], ()),
        ([f"{{{A}}}"], ()),
        ([A.replace("-", "")], ()),
    ],
)
def test_musicbrainz_ids(raw: list[str], ids: tuple[str, ...]) -> None:
    assert cleaning.musicbrainz_ids(raw) == ids


@pytest.mark.parametrize(
    ("raw", "gain_db"),
    [
        ("-6.20 dB", -6.2),
        ("+3.1 DB", 3.1),
        ("-6,20 dB", -6.2),
        ("0", 0.0),
        ("-6.20 dB\0", -6.2),
        ("nan", None),
        ("inf dB", None),
        ("-999 dB", None),
        ("1e5", None),
        ("", None),
        ("loud", None),
    ],
)
def test_gains(raw: str, gain_db: float | None) -> None:
    assert cleaning.gain_db([raw]) == gain_db


@pytest.mark.parametrize(
    ("raw", "peak"), [("0.988", 0.988), ("1.2", 1.2), ("-1", None), ("nan", None), ("32768", None)]
)
def test_peaks(raw: str, peak: float | None) -> None:
    assert cleaning.peak([raw]) == peak


@pytest.mark.parametrize(
    ("raw", "gain_db"), [("-256", 4.0), ("0", 5.0), ("40000", None), ("1.5", None), ("", None)]
)
def test_r128_gains(raw: str, gain_db: float | None) -> None:
    assert cleaning.r128_gain_db([raw]) == gain_db


@pytest.mark.parametrize(("raw", "flag"), [("1", True), ("Yes", True), ("0", False), ("", False)])
def test_flags(raw: str, flag: bool) -> None:  # noqa: FBT001
    assert cleaning.is_true([raw]) is flag


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, -1, 1e300, 10**400])
def test_durations_and_counts_that_lie_are_nothing(value: float) -> None:
    assert cleaning.seconds(value) == 0
    assert cleaning.count(value, 2_147_483_647) == 0
