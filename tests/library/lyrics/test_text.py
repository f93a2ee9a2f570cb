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
    assert [(line.text, line.start_s) for line in lines] == [("Two words", 1.0)]


def test_an_empty_synced_line_stays_as_the_end_of_the_line_before() -> None:
    assert lines_of("[00:01.00]A\n[00:02.00]\n")[1] == (Line("A", 1.0), Line("", 2.0))


def test_lines_without_a_stamp_between_synced_ones_are_left_out() -> None:
    _, lines = lines_of("Title\n[00:01.00]A\nby someone\n[00:02.00]B")
    assert lines == (Line("A", 1.0), Line("B", 2.0))


@pytest.mark.parametrize(
    "text",
    ["[ar:X]\n[00:00.00]A\n[00:00.00]\n[00:00.00]B\n", "[00:00.00]A\n\nB", "[00:05]A\n\n[00:05]B"],
)
def test_lyrics_with_a_single_time_are_plain(text: str) -> None:
    assert lines_of(text) == ("plain", (Line("A"), Line(""), Line("B")))


@pytest.mark.parametrize("text", ["[Chorus]\nLa la", "[x2] La", "It is [12:30 now", "Re: [5]"])
def test_brackets_are_no_time_stamps(text: str) -> None:
    assert lines_of(text)[0] == "plain"


def test_sizes_are_bounded() -> None:
    stamps = "[00:01.00]" * 100_000
    kind, lines = lines_of(f"{stamps}A\n" + "[00:00.50]B\n" * 20_000 + "[00:02.00]" + "x" * 9_999)
    assert kind == "synced"
    assert len(lines) <= MAX_LINES
    assert max(len(line.text) for line in lines) <= MAX_LINE_LENGTH


def words(text: str) -> list[tuple[float, str, float | None]]:
    """Of the first line: when each word begins, the word, and when it ends."""
    line = lines_of(text)[1][0]
    return [(cue.start_s, line.text[cue.begin : cue.end], cue.end_s) for cue in line.cues]


def test_words_with_times_are_cues() -> None:
    text = "[00:01.00]<00:01.00>Soft<00:01.50>ly <00:02.00>now\n"
    assert lines_of(text)[1][0].text == "Softly now"
    assert words(text) == [(1.0, "Soft", None), (1.5, "ly ", None), (2.0, "now", None)]


def test_spaces_after_stamps_and_a_last_one_that_ends_the_line() -> None:
    text = "[00:01.00] <00:01.00> Été <00:01.50> là <00:02.25>\n"
    assert lines_of(text)[1][0].text == "Été là"
    assert words(text) == [(1.0, "Été ", 1.5), (1.5, "là", 2.25)]


def test_stamps_in_square_brackets_after_and_between_words() -> None:
    """navidrome#4127: programs write the end of a line so."""
    text = "[00:10.34] Bazen deli[00:15.86]\n[00:15.86]Aş[00:16.00]kin [00:17.00]ayak[00:20.36]\n"
    first, second = lines_of(text)[1]
    assert (first.text, first.start_s, first.cues) == ("Bazen deli", 10.34, ())
    assert second.text == "Aşkin ayak"
    assert [cue.start_s for cue in second.cues] == [16.0, 17.0]


def test_text_before_the_first_stamp_has_no_cue() -> None:
    assert words("[00:01.00]Oh <00:02.00>love") == [(2.0, "love", None)]


def test_an_offset_moves_words_as_well() -> None:
    assert words("[offset:+500]\n[00:01.00]<00:01.00>One") == [(0.5, "One", None)]


@pytest.mark.parametrize(
    "text",
    [
        "[00:01.00]No stamps",
        "[00:01.00]<00:02.00>Back<00:01.00>wards",
        "[00:01.00][00:05.00]<00:01.00>Sung twice",
        "[00:01.00]<00:01.00>",
    ],
)
def test_lines_without_cues(text: str) -> None:
    assert words(text) == []
