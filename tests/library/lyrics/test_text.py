"""Lyrics with time stamps (LRC) become synced lines, others plain ones."""

import pytest

from library.lyrics.lyrics import Line
from library.lyrics.text import MAX_LINE_LENGTH, MAX_LINES, lines_of


def test_plain_lines_keep_empty_ones_between_verses() -> None:
    assert lines_of("\r\nOne\r\n\r\nTwo\r\n") == ("plain", (Line("One"), Line(""), Line("Two")))


@pytest.mark.parametrize("text", ["", " \n\t\n", "\ufeff", "\0"])
def test_a_text_that_says_nothing_has_no_line(text: str) -> None:
    assert lines_of(text)[1] == ()


@pytest.mark.parametrize(
    ("stamp", "start_s"),
    [
        ("[00:12.34]", 12.34),
        ("[00:12.345]", 12.345),
        ("[00:12.3]", 12.3),
        ("[00:12:34]", 12.34),
        ("[01:12,34]", 72.34),
        ("[1:02]", 62.0),
        ("[100:00.00]", 6000.0),
        ("[01:00:02.50]", 3602.5),
        ("[00:75.00]", 75.0),
    ],
)
def test_forms_of_time_stamps(stamp: str, start_s: float) -> None:
    assert lines_of(f"{stamp}Line") == ("synced", (Line("Line", start_s),))


def test_a_line_with_several_stamps_is_repeated_in_order_of_time() -> None:
    _, lines = lines_of("[00:20.00][00:05.00]Chorus\n[00:10.00]Verse\n")
    assert lines == (Line("Chorus", 5.0), Line("Verse", 10.0), Line("Chorus", 20.0))


def test_a_positive_offset_makes_lines_appear_sooner() -> None:
    _, lines = lines_of("[ti:Title]\n[ar:Artist]\n[offset:+500]\n[00:00.20]A\n[00:02.00]B")
    assert lines == (Line("A", 0.0), Line("B", 1.5))


def test_stamps_of_words_are_left_out() -> None:
    _, lines = lines_of("[00:01.00]<00:01.00>Two <00:01.50>words")
    assert lines == (Line("Two words", 1.0),)


def test_an_empty_synced_line_stays_as_the_end_of_the_line_before() -> None:
    assert lines_of("[00:01.00]A\n[00:02.00]\n")[1] == (Line("A", 1.0), Line("", 2.0))


def test_lines_without_a_stamp_between_synced_ones_are_left_out() -> None:
    assert lines_of("Title\n[00:01.00]A\nby someone\n")[1] == (Line("A", 1.0),)


@pytest.mark.parametrize("text", ["[Chorus]\nLa la", "[x2] La", "It is [12:30 now", "Re: [5]"])
def test_brackets_are_no_time_stamps(text: str) -> None:
    assert lines_of(text)[0] == "plain"


def test_sizes_are_bounded() -> None:
    stamps = "[00:01.00]" * 100_000
    kind, lines = lines_of(f"{stamps}A\n" + "[00:01.00]B\n" * 20_000 + "[00:02.00]" + "x" * 9_999)
    assert kind == "synced"
    assert len(lines) <= MAX_LINES
    assert max(len(line.text) for line in lines) <= MAX_LINE_LENGTH
