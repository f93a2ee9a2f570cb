"""Rules as data: checked, from and to JSON and Navidrome's files."""

import json
from typing import Any

import pytest

from listening.smart.fields import FIELDS, OPERATORS, FieldKind
from listening.smart.nsp import is_nsp, read_nsp, write_nsp
from listening.smart.rules import BadRules, parse_rules

JAZZ = {"field": "genre", "operator": "is", "value": "Jazz"}

VALUES: dict[FieldKind, Any] = {
    FieldKind.TEXT: "Jazz",
    FieldKind.NUMBER: 3,
    FieldKind.DATE: "2026-11-29",
    FieldKind.FLAG: True,
    FieldKind.PLAYLIST: 7,
    FieldKind.SEARCH: "miles 1959",
}


def value_for(kind: FieldKind, operator: str) -> Any:
    if operator == "is_missing":
        return True
    if operator in {"in_last", "not_in_last"}:
        return 30
    value = VALUES[kind]
    return [value, value] if operator == "in_range" else value


EACH = [
    {"field": name, "operator": operator, "value": value_for(field.kind, operator)}
    for name, field in FIELDS.items()
    for operator in OPERATORS[field.kind]
]


@pytest.mark.parametrize("name", [*FIELDS])
def test_each_rule_comes_out_as_it_went_in(name: str) -> None:
    rules = {"any": [each for each in EACH if each["field"] == name]}
    assert parse_rules(rules).as_json() == rules


@pytest.mark.parametrize("name", [name for name in FIELDS if name != "playlist"])
def test_each_rule_survives_a_file(name: str) -> None:
    given = {"all": [each for each in EACH if each["field"] == name]}
    rules = parse_rules({**given, "sort": ["-year", "title"], "limit": 5, "limit_minutes": 60})
    file = read_nsp(write_nsp("Mine", "So be it", rules))
    assert (file.name, file.comment, file.rules) == ("Mine", "So be it", rules)


@pytest.mark.parametrize(
    ("rules", "message"),
    [
        ([], "an object"),
        ({}, "either `all` or `any`"),
        ({"all": []}, "no rules"),
        ({"all": [JAZZ], "any": [JAZZ]}, "either"),
        ({"all": "x"}, "a list"),
        ({"all": [7]}, "an object"),
        ({"all": [JAZZ], "order": "desc"}, "no 'order'"),
        ({"all": [{**JAZZ, "field": "colour"}]}, "no field colour|no field 'colour'"),
        ({"all": [{**JAZZ, "operator": "gt"}]}, "Genre: the operator"),
        ({"all": [{**JAZZ, "value": " "}]}, "Genre: the value"),
        ({"all": [{**JAZZ, "value": "a\0"}]}, "Genre: the value"),
        ({"all": [{"field": "rating", "operator": "is", "value": True}]}, "a number"),
        ({"all": [{"field": "rating", "operator": "is", "value": float("nan")}]}, "a number"),
        ({"all": [{"field": "rating", "operator": "is", "value": 10**400}]}, "a number"),
        ({"all": [{**JAZZ, "value": "a\ud800"}]}, "half a character"),
        ({"all": [{"field": "year", "operator": "in_range", "value": [2, 1]}]}, "greater"),
        ({"all": [{"field": "added_at", "operator": "after", "value": "soon"}]}, "a day"),
        ({"all": [{"field": "added_at", "operator": "in_last", "value": 0}]}, "at least 1"),
        ({"all": [JAZZ], "sort": ["genre"]}, "cannot be sorted"),
        ({"all": [JAZZ], "sort": ["random", "title"]}, "random"),
        ({"all": [JAZZ], "limit": 0}, "from 1"),
        ({"all": [JAZZ] * 201}, "200 rules"),
    ],
)
def test_what_is_wrong_is_said(rules: Any, message: str) -> None:
    with pytest.raises(BadRules, match=message):
        parse_rules(rules)


def test_groups_have_a_depth() -> None:
    rules: dict[str, Any] = {"all": [JAZZ]}
    for _ in range(10):
        rules = {"any": [rules]}
    with pytest.raises(BadRules, match="deep"):
        parse_rules(rules)


class TestFiles:
    def test_names_in_any_case_numbers_as_texts_and_times(self) -> None:
        file = read_nsp(
            b"\xef\xbb\xbf"
            + json.dumps(
                {
                    "Name": "80s",
                    "all": [
                        {"inTheRange": {"Year": ["1980", "1989"]}},
                        {"ISNOT": {"loved": "true"}},
                        {"after": {"dateAdded": "2024-05-06T10:00:00Z"}},
                        {"any": [{"isPresent": {"bpm": True}}]},
                    ],
                    "sort": "year, -title",
                    "order": "desc",
                    "limit": 0,
                }
            ).encode()
        )
        assert file.rules.as_json() == {
            "all": [
                {"field": "year", "operator": "in_range", "value": [1980, 1989]},
                {"field": "favourite", "operator": "is", "value": False},
                {"field": "added_at", "operator": "after", "value": "2024-05-06"},
                {"any": [{"field": "bpm", "operator": "is_missing", "value": False}]},
            ],
            "sort": ["-year", "title"],
        }

    def test_comments_are_passed_over(self) -> None:
        data = b"""{"name": "a // b", // all of "them
          "all": [{"gt": {"playCount": 4}}]
          // "limit": 9
        }"""
        assert is_nsp(data)
        file = read_nsp(data)
        assert (file.name, file.rules.limit) == ("a // b", None)

    @pytest.mark.parametrize(
        ("data", "message"),
        [
            (b"#EXTM3U", "no JSON"),
            (b'"' + rb"\"" * 1_000_000, "no JSON"),
            (b"[]", "a JSON object"),
            (b"[" * 100_000, "no JSON"),
            (b'{"all": [{"is": {"library_id": 1}}]}', "no field 'library_id'"),
            (b'{"all": [{"like": {"title": "x"}}]}', "no operator 'like'"),
            (b'{"all": [{"is": {"title": "x"}}], "limitPercent": 10}', "per cent"),
        ],
    )
    def test_what_cannot_be_taken_is_named(self, data: bytes, message: str) -> None:
        with pytest.raises(BadRules, match=message):
            read_nsp(data)

    def test_a_playlist_of_this_server_cannot_be_taken_away(self) -> None:
        rules = parse_rules({"all": [{"field": "playlist", "operator": "in", "value": 7}]})
        with pytest.raises(BadRules, match="elsewhere"):
            write_nsp("x", "", rules)
