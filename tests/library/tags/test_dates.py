"""Dates in all the ways that files hold them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from library.tags import dates


@pytest.mark.parametrize(
    ("raw", "date"),
    [
        ("2003", "2003"),
        ("2003-05", "2003-05"),
        ("2003-05-17", "2003-05-17"),
        ("2003-05-17T10:00:00Z", "2003-05-17"),
        ("2003-05-17 10:00", "2003-05-17"),
        ("2003/05/17", "2003-05-17"),
        ("2003- 5- 7", "2003-05-07"),
        ("2003.5.7", "2003-05-07"),
        ("20030517", "2003-05-17"),
        ("20030517120000", "2003-05-17"),
        ("200305", "2003-05"),
        ("17.05.2003", "2003-05-17"),
        ("31.12.1999", "1999-12-31"),
        ("17/05/2003", "2003-05-17"),
        ("05/17/2003", "2003-05-17"),
        ("05/05/2003", "2003-05-05"),
        ("05/06/2003", "2003"),  # the fifth of June or the sixth of May
        ("05/2003", "2003-05"),
        ("05.2003", "2003-05"),
        ("May 2003", "2003-05"),
        ("17 May 2003", "2003-05-17"),
        ("May 17th, 2003", "2003-05-17"),
        ("2003 Sept", "2003-09"),
        ("2003-00-00", "2003"),
        ("2003-13", "2003"),
        ("2003-02-30", "2003-02"),
        ("2000-02-29", "2000-02-29"),
        ("2003/2004", "2003"),
        ("2003 (remaster)", "2003"),
        ("c. 1685", "1685"),
        ("\N{SOUND RECORDING COPYRIGHT}1999", "1999"),
        ("1999?", "1999"),
        ("'97", "1997"),
        ("'04", "2004"),
        ("１９９９", "1999"),  # noqa: RUF001
        (" 1999\0", "1999"),
        ("0000", ""),
        ("0000-00-00", ""),
        ("0999", ""),
        ("99", ""),
        ("12/05/03", ""),
        ("12345", ""),
        ("20031399", ""),
        ("-0500", ""),
        ("", ""),
        ("unknown", ""),
    ],
)
def test_dates(raw: str, date: str) -> None:
    assert dates.date(raw) == date


def test_the_first_value_that_is_a_date_counts() -> None:
    assert dates.first_date(["", "unknown", "0000", "1999", "2000"]) == "1999"


@given(st.text(st.sampled_from("0123456789-/. tTmay'"), max_size=20))
def test_any_text_gives_a_date_or_nothing(raw: str) -> None:
    date = dates.date(raw)
    assert date == "" or dates.date(date) == date


def test_the_frames_of_year_and_day_are_one_date() -> None:
    assert dates.with_day_and_month("1984", "1705") == "1984-05-17"
    assert dates.with_day_and_month("1984", "0000") == "1984"
    assert dates.with_day_and_month("1984-03", "1705") == "1984-03"
