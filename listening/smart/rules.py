"""The rules of a smart playlist as data, from and to JSON.

    {
      "all": [
        {"field": "genre", "operator": "is", "value": "Jazz"},
        {"any": [
          {"field": "rating", "operator": "greater_than", "value": 3},
          {"field": "favourite", "operator": "is", "value": true}
        ]}
      ],
      "sort": ["-play_count", "title"],
      "limit": 100,
      "limit_minutes": 120
    }

Instead of `all`, `any` may be given. `sort`, `limit` and `limit_minutes` may be left out.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.humanize.templatetags.humanize import intcomma
from django.utils.translation import gettext

from listening.smart.fields import FIELDS, OPERATORS, RANDOM, SORTABLE, FieldKind

MOST_RULES = 200
DEEPEST = 6
LONGEST_TEXT = 1_000
MOST_TRACKS = 100_000
MOST_MINUTES = 1_000_000
MOST_SORTS = 5
MOST_DAYS = 365 * 200
_LARGEST = 2**53
_KEYS = {"all", "any", "sort", "limit", "limit_minutes"}
_RANGE = 2
_HALF_CHARACTER = re.compile("[\ud800-\udfff]")

Value = str | float | int | bool | tuple[Any, ...]


class BadRules(ValueError):
    """The text says what is wrong with the rules, for people."""


@dataclass(frozen=True)
class Rule:
    """`value`: a text, a number, true or false; for `in_range` a tuple of two; for a playlist its
    id; of a date `YYYY-MM-DD`."""

    field: str
    operator: str
    value: Value


@dataclass(frozen=True)
class Group:
    """Rules of which all have to be true, or at least one (`is_any`)."""

    parts: tuple["Rule | Group", ...]
    is_any: bool = False

    def rules(self) -> Iterator[Rule]:
        """All rules in it, also those of groups in it."""
        for part in self.parts:
            if isinstance(part, Rule):
                yield part
            else:
                yield from part.rules()


@dataclass(frozen=True)
class SmartRules:
    group: Group
    sort: tuple[str, ...] = ()
    limit: int | None = None
    limit_minutes: int | None = None

    def as_json(self) -> dict[str, Any]:
        """What `parse_rules` makes these rules of."""
        found = _group_as_json(self.group)
        if self.sort:
            found["sort"] = [*self.sort]
        if self.limit is not None:
            found["limit"] = self.limit
        if self.limit_minutes is not None:
            found["limit_minutes"] = self.limit_minutes
        return found

    def as_text(self) -> str:
        """The same for equal rules."""
        return json.dumps(self.as_json(), sort_keys=True)


def parse_rules(given: Any) -> SmartRules:
    """The rules that this JSON value describes. Raises BadRules."""
    if not isinstance(given, Mapping):
        raise BadRules(gettext("The rules should be an object with `all` or `any`."))
    if unknown := sorted(map(str, given.keys() - _KEYS)):
        raise BadRules(
            gettext("There is no %(name)s in rules, only %(known)s.")
            % {"name": ascii(unknown[0][:80]), "known": ", ".join(sorted(_KEYS))}
        )
    group = _group({name: given[name] for name in ("all", "any") if name in given}, 1)
    if sum(1 for _ in group.rules()) > MOST_RULES:
        raise BadRules(
            gettext("A smart playlist has %(most)d rules at most.") % {"most": MOST_RULES}
        )
    return SmartRules(
        group,
        _sort(given.get("sort")),
        _limit(given.get("limit"), gettext("At most tracks"), MOST_TRACKS),
        _limit(given.get("limit_minutes"), gettext("At most minutes"), MOST_MINUTES),
    )


def _group(given: Mapping[str, Any], depth: int) -> Group:
    if depth > DEEPEST:
        raise BadRules(
            gettext("Groups of rules may stand in each other %(depth)d deep.") % {"depth": DEEPEST}
        )
    if len(given) != 1:
        raise BadRules(gettext("A group of rules has either `all` or `any`."))
    ((name, parts),) = given.items()
    if not isinstance(parts, Sequence) or isinstance(parts, str):
        raise BadRules(gettext("`%(name)s` should be a list of rules.") % {"name": name})
    if not parts:
        raise BadRules(gettext("`%(name)s` has no rules: name at least one.") % {"name": name})
    return Group(tuple(_part(each, depth) for each in parts), is_any=name == "any")


def _part(given: Any, depth: int) -> Rule | Group:
    if not isinstance(given, Mapping):
        raise BadRules(gettext("A rule should be an object with `field`, `operator` and `value`."))
    if given.keys() <= {"all", "any"}:
        return _group(given, depth + 1)
    if given.keys() != {"field", "operator", "value"}:
        raise BadRules(gettext("A rule has `field`, `operator` and `value`, and nothing else."))
    return make_rule(given["field"], given["operator"], given["value"])


def make_rule(name: Any, operator: Any, value: Any) -> Rule:
    """A rule, checked. Raises BadRules."""
    field = FIELDS.get(name) if isinstance(name, str) else None
    if field is None:
        raise BadRules(
            gettext("There is no field %(name)s in rules.") % {"name": ascii(str(name)[:80])}
        )
    operators = OPERATORS[field.kind]
    if operator not in operators:
        known = ", ".join(operators)
        raise BadRules(
            gettext("%(field)s: the operator should be one of %(known)s.")
            % {"field": gettext(field.label), "known": known}
        )
    try:
        return Rule(name, operator, _value(field.kind, operator, value))
    except BadRules as error:
        raise BadRules(f"{gettext(field.label)}: {error}") from None


def _value(kind: FieldKind, operator: str, value: Any) -> Value:
    if operator == "is_missing" or kind is FieldKind.FLAG:
        if not isinstance(value, bool):
            raise BadRules(gettext("the value should be true or false."))
        return value
    if operator in {"in_last", "not_in_last"}:
        return _whole(value, MOST_DAYS, gettext("days"))
    if kind is FieldKind.PLAYLIST:
        return _whole(value, _LARGEST, gettext("the id of a playlist"))
    one = {FieldKind.NUMBER: _number, FieldKind.DATE: _day}.get(kind, _text)
    if operator != "in_range":
        return one(value)
    if not isinstance(value, Sequence) or isinstance(value, str) or len(value) != _RANGE:
        raise BadRules(gettext("the value should be a list of two: the first and the last."))
    first, last = (one(each) for each in value)
    if first > last:  # type: ignore[operator]  # both are of one type
        raise BadRules(gettext("the first value should not be greater than the last."))
    return (first, last)


def _text(value: Any) -> str:
    if not isinstance(value, str) or not value.strip() or "\0" in value:
        raise BadRules(gettext("the value should be a text that is not empty."))
    if len(value) > LONGEST_TEXT:
        raise BadRules(
            gettext("the value should have at most %(most)d characters.") % {"most": LONGEST_TEXT}
        )
    if _HALF_CHARACTER.search(value):  # JSON has these as escapes; no database takes them
        raise BadRules(gettext("the value has half a character of two code units."))
    return value


def _number(value: Any) -> float | int:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    # NaN, infinity and whole numbers of any length are not in this span.
    if not is_number or not -_LARGEST <= value <= _LARGEST:
        raise BadRules(gettext("the value should be a number."))
    number: float | int = value
    return number


def _day(value: Any) -> str:
    try:
        return date.fromisoformat(value).isoformat()
    except (TypeError, ValueError):
        raise BadRules(gettext("the value should be a day such as 2026-12-31.")) from None


def _whole(value: Any, most: int, what: str) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= most:
        raise BadRules(
            gettext("the value should be a whole number (%(what)s), at least 1.") % {"what": what}
        )
    return value


def _sort(given: Any) -> tuple[str, ...]:
    names = [given] if isinstance(given, str) else given or []
    if not isinstance(names, Sequence) or len(names) > MOST_SORTS:
        raise BadRules(
            gettext("`sort` should be a list of at most %(most)d fields.") % {"most": MOST_SORTS}
        )
    for name in names:
        if not isinstance(name, str) or name.removeprefix("-") not in SORTABLE:
            known = ", ".join(SORTABLE)
            raise BadRules(
                gettext("It cannot be sorted by %(name)s, only by %(known)s.")
                % {"name": ascii(str(name)[:80]), "known": known}
            )
    if any(name.removeprefix("-") == RANDOM for name in names) and len(names) > 1:
        raise BadRules(gettext("A random order cannot be combined with others."))
    return tuple(names)


def _limit(value: Any, name: str, most: int) -> int | None:
    if value is None:
        return None
    if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= most:
        raise BadRules(
            gettext("%(name)s: it should be a whole number from 1 to %(most)s.")
            % {"name": name, "most": intcomma(most)}
        )
    return value


def _group_as_json(group: Group) -> dict[str, Any]:
    return {"any" if group.is_any else "all": [_part_as_json(part) for part in group.parts]}


def _part_as_json(part: Rule | Group) -> dict[str, Any]:
    if isinstance(part, Group):
        return _group_as_json(part)
    value = [*part.value] if isinstance(part.value, tuple) else part.value
    return {"field": part.field, "operator": part.operator, "value": value}
