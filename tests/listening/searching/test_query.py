"""What is typed into the search, divided and understood; and that nothing of it is lost."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from listening.searching.query import NoteCode, SearchQuery, parse
from listening.searching.tokens import tokens_of
from listening.searching.values import Span, days, last_days, numbers, years
from listening.smart.rules import parse_rules

THIS_YEAR = 2026


@pytest.mark.parametrize(
    "text",
    [
        *("AC-DC", "blink-182", "2:54", "-Ø", "Re: Stacks", "Mission: Impossible", "a - b", "--"),
        *('12" mix', "Symphony No. 5: II. Andante", ":", "-", "'Round Midnight", "x:y", "..", '""'),
    ],
)
def test_names_with_colons_hyphens_and_quotation_marks_are_text(text: str) -> None:
    query = parse(text)
    assert (query.text, query.terms) == (text, ())


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("album:blue", ("album", "contains", "blue")),
        ('title:"so what"', ("title", "contains", "so what")),
        ("-genre:Jazz", ("genre", "not_contains", "Jazz")),
        ("year:1960-69", ("year", "in_range", [1960, 1969])),
        ("YEAR:1969", ("year", "is", 1969)),
        ("year:1960–", ("year", "greater_than", 1959)),  # noqa: RUF001
        ("year:-1969", ("year", "less_than", 1970)),
        ("rating:4-5", ("rating", "in_range", [4, 5])),
        ("plays:>9", ("play_count", "greater_than", 9)),
        ("added:30d", ("added_at", "in_last", 30)),
        ("-added:2w", ("added_at", "not_in_last", 14)),
        ("added:2024-02", ("added_at", "in_range", ["2024-02-01", "2024-02-29"])),
        ("added:2024-", ("added_at", "after", "2023-12-31")),
        ("played:never", ("play_count", "is", 0)),
        ("-played:never", ("play_count", "greater_than", 0)),
        ("fav", ("favourite", "is", True)),
        ("-fav", ("favourite", "is", False)),
        ("fav:no", ("favourite", "is", False)),
        ("missing:genre", ("genre", "is_missing", True)),
        ("missing:cover", ("has_cover", "is", False)),
        ('"kind of blue"', ("search", "matches", '"kind of blue"')),
        ("“kind of blue”", ("search", "matches", '"kind of blue"')),
        ('"kind of bl', ("search", "matches", '"kind of bl')),
    ],
)
def test_an_operator_is_a_rule_of_smart_playlists(text: str, rule: tuple[Any, ...]) -> None:
    query = parse(text)
    assert query.notes == ()
    rules = query.rules()
    assert rules is not None
    (part,) = rules.as_json()["all"]
    assert (part["field"], part["operator"], part["value"]) == rule


def test_an_artist_is_any_of_two_credits_and_a_span_is_left_out_at_both_ends() -> None:
    rules = parse("artist:miles -year:1960-69").rules()
    assert rules is not None
    fields = [
        [(each["field"], each["operator"]) for each in group["any"]]
        for group in rules.as_json()["all"]
    ]
    assert fields == [
        [("artist", "contains"), ("album_artist", "contains")],
        [("year", "less_than"), ("year", "greater_than"), ("year", "is_missing")],
    ]


@pytest.mark.parametrize(
    ("text", "code", "operator", "searched"),
    [
        ("mood:calm blue", NoteCode.UNKNOWN_OPERATOR, "mood", "mood:calm blue"),
        ("year:soon blue", NoteCode.BAD_VALUE, "year", "year:soon blue"),
        ("rating:9", NoteCode.BAD_VALUE, "rating", "rating:9"),
        ("added:2024-13", NoteCode.BAD_VALUE, "added", "added:2024-13"),
        ("missing:socks", NoteCode.BAD_VALUE, "missing", "missing:socks"),
        ("blue genre:", NoteCode.UNFINISHED, "genre", "blue"),
        ("-live", NoteCode.ONLY_EXCLUDED, "", "-live"),
    ],
)
def test_what_is_not_understood_is_noted_and_searched(
    text: str, code: NoteCode, operator: str, searched: str
) -> None:
    query = parse(text)
    assert (query.text, query.terms) == (searched, ())
    assert [(note.code, note.operator) for note in query.notes] == [(code, operator)]


def test_what_is_typed_again_asks_for_nothing_more() -> None:
    query = parse('"so what" -a artist:miles year:1960-69 added:2020-2022 ' * 3)
    shown = ['"so what"', "-a", "artist:miles", "year:1960-69", "added:2020-2022"]
    assert [term.text for term in query.terms] == shown


def test_words_are_left_beside_operators() -> None:
    query = parse('blue -live "of green" artist:"miles davis" year:59')
    assert (query.text, query.words) == ("blue of green", "blue")
    assert query.text_of("artists") == "blue of green miles davis"
    assert [term.operator for term in query.terms] == ["words", "words", "artist", "year"]
    assert query.with_words("blau") == 'blau -live "of green" artist:"miles davis" year:59'


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("60s", (1960, 1969)),
        ("1960s", (1960, 1969)),
        ("69", (1969, 1969)),
        ("26", (2026, 2026)),
        ("196", (1960, 1969)),
        ("1", (1000, 1999)),
        ("1965-9", (1965, 1969)),
        ("1998-02", (1998, 2002)),
        ("60-72", (1960, 1972)),
        ("1969-1960", (1960, 1969)),
        ("-", None),
        ("1960-1970-1980", None),
        ("١٩٦٩", None),
    ],
)
def test_years(text: str, span: tuple[int, int] | None) -> None:
    assert years(text, THIS_YEAR) == (None if span is None else Span(*span))


PIECES = st.sampled_from(
    ['"', "-", ":", " ", "fav", "year:", "artist:", "rating:", "added:", "1960-69", "30d", "x", "Ø"]
)
TYPED = st.lists(PIECES | st.text(max_size=6), max_size=12).map("".join)


@given(TYPED)
@settings(max_examples=400, deadline=None)
def test_nothing_that_is_typed_fails_and_no_word_is_lost(text: str) -> None:
    query = parse(text)
    kept = [query.text, *(term.text for term in query.terms), *(note.text for note in query.notes)]
    for token in tokens_of(text):
        assert any(token.text in each or token.value in each for each in kept), token
    round_trip(query)


def round_trip(query: SearchQuery) -> None:
    """Rules of a search can be stored and read again."""
    if (rules := query.rules()) is not None:
        assert parse_rules(rules.as_json()) == rules


@given(st.text(max_size=12))
@settings(deadline=None)
def test_values_are_understood_or_not(text: str) -> None:
    for span in (years(text, THIS_YEAR), numbers(text)):
        if span and span.first is not None and span.last is not None:
            assert int(span.first) <= int(span.last)
    days(text)
    last_days(text)
