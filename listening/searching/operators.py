"""The operators of a search, and the rules of smart playlists that each stands for."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from listening.models.ratings import MOST_STARS
from listening.searching.tokens import Token
from listening.searching.values import Span, days, last_days, numbers, years
from listening.smart.rules import BadRules, Group, Rule, make_rule

Part = Rule | Group
MakePart = Callable[[Token], Part | None]
"""Makes the rules of a token's value, or of everything but it if it is excluded. Returns None, or
raises BadRules, if the value is not understood."""


@dataclass(frozen=True, slots=True)
class Term:
    """A part of a search that is more than words. `operator`: its name, or `words` for a phrase and
    for words that are excluded. `text`: as it was typed. `span`: of numbers."""

    operator: str
    text: str
    value: str
    is_excluded: bool
    part: Part
    span: Span | None = None


def term_of(token: Token, this_year: int) -> Term | None:
    """The term of a token whose name is an operator's. None if its value is not understood."""
    name = ALIASES.get(token.name, token.name)
    try:
        part = _makers(this_year)[name](token)
    except BadRules:
        return None
    if part is None:
        return None
    span = numbers(token.value) if name == "rating" else None
    return Term(name, token.text, token.value, token.is_excluded, part, span)


def words_term(token: Token) -> Term | None:
    """The term of a phrase, or of a word that is excluded. Excluded words are whole words."""
    is_open = token.is_quoted and not token.is_closed and not token.is_excluded
    operator = "not_matches" if token.is_excluded else "matches"
    try:
        rule = make_rule("search", operator, f'"{token.value}' + ("" if is_open else '"'))
    except BadRules:
        return None
    return Term("words", token.text, token.value, token.is_excluded, rule)


def favourite_term(token: Token) -> Term:
    rule = make_rule("favourite", "is", not token.is_excluded)
    return Term("fav", token.text, token.value, token.is_excluded, rule)


def _text(*fields: str) -> MakePart:
    """Any of these fields contains the value."""

    def make(token: Token) -> Part:
        operator = "not_contains" if token.is_excluded else "contains"
        rules = [make_rule(each, operator, token.value) for each in fields]
        return _joined(rules, is_any=not token.is_excluded)

    return make


def _number(field: str, spanned: Callable[[str], Span | None], *, is_optional: bool) -> MakePart:
    def make(token: Token) -> Part | None:
        span = spanned(token.value)
        if span is None:
            return None
        outside = _outside(field, span, is_optional=is_optional)
        return outside if token.is_excluded else _inside(field, span)

    return make


def _day(field: str, *, is_optional: bool) -> MakePart:
    spanned = _number(field, days, is_optional=is_optional)

    def make(token: Token) -> Part | None:
        if (number := last_days(token.value)) is not None:
            return make_rule(field, "not_in_last" if token.is_excluded else "in_last", number)
        return spanned(token)

    return make


def _outside(field: str, span: Span, *, is_optional: bool) -> Part:
    """`is_optional`: the field may have no value, which is outside, too."""
    rules = []
    if span.first is not None:
        rules.append(_below(field, span.first))
    if span.last is not None:
        rules.append(_above(field, span.last))
    if is_optional:
        rules.append(make_rule(field, "is_missing", True))  # noqa: FBT003  # a rule's value
    return _joined(rules, is_any=True)


def _inside(field: str, span: Span) -> Part:
    first, last = span.first, span.last
    if last is None:
        assert first is not None  # noqa: S101  # for the type checker: one end is closed
        return _above(field, _next(first, -1))
    if first is None:
        return _below(field, _next(last, 1))
    if first == last and isinstance(first, int):
        return make_rule(field, "is", first)
    return make_rule(field, "in_range", (first, last))


def _below(field: str, value: int | str) -> Rule:
    return make_rule(field, "before" if isinstance(value, str) else "less_than", value)


def _above(field: str, value: int | str) -> Rule:
    return make_rule(field, "after" if isinstance(value, str) else "greater_than", value)


def _next(value: int | str, step: int) -> int | str:
    if isinstance(value, int):
        return value + step
    return (date.fromisoformat(value) + timedelta(days=step)).isoformat()


def _joined(rules: Sequence[Rule], *, is_any: bool) -> Part:
    return rules[0] if len(rules) == 1 else Group((*rules,), is_any=is_any)


def _stars(value: str) -> Span | None:
    span = numbers(value)
    ends = [] if span is None else [each for each in (span.first, span.last) if each is not None]
    return span if all(0 <= int(each) <= MOST_STARS for each in ends) else None


def _played(token: Token) -> Part | None:
    is_heard = heard_or_never(token.value)
    if is_heard is None:
        return _PLAYED_DAYS(token)
    return make_rule("play_count", "greater_than" if is_heard != token.is_excluded else "is", 0)


def heard_or_never(value: str) -> bool | None:
    """Whether `played:` asks for what was heard, or for what never was. None for days."""
    return {**_TRUTHS, "never": False, "ever": True}.get(value.lower())


def _favourite(token: Token) -> Part | None:
    truth = _TRUTHS.get(token.value.lower())
    return None if truth is None else make_rule("favourite", "is", truth != token.is_excluded)


def _missing(token: Token) -> Part | None:
    name = token.value.lower()
    if name == "cover":
        return make_rule("has_cover", "is", token.is_excluded)
    return make_rule(name, "is_missing", not token.is_excluded) if name in MISSING else None


_TRUTHS: Mapping[str, bool] = {"yes": True, "true": True, "no": False, "false": False}
ALIASES: Mapping[str, str] = {"favourite": "fav", "favorite": "fav", "stars": "rating"}
MISSING = ("album", "artist", "composer", "genre", "label", "year", "bpm", "rating")
"""What `missing:` may name besides `cover`."""
_FIELDS_OF_TEXT: Mapping[str, tuple[str, ...]] = {
    "artist": ("artist", "album_artist"),
    "albumartist": ("album_artist",),
    **{
        each: (each,)
        for each in (
            *("album", "title", "composer", "conductor", "performer", "lyricist", "remixer"),
            *("producer", "arranger", "genre", "label", "work", "comment", "codec", "path"),
        )
    },
}


def _makers(this_year: int) -> Mapping[str, MakePart]:
    return {
        **_TEXTS,
        **_OTHERS,
        "year": _number("year", lambda text: years(text, this_year), is_optional=True),
    }


_PLAYED_DAYS = _day("last_played_at", is_optional=True)
_TEXTS = {name: _text(*fields) for name, fields in _FIELDS_OF_TEXT.items()}
_OTHERS: Mapping[str, MakePart] = {
    "bpm": _number("bpm", numbers, is_optional=True),
    "rating": _number("rating", _stars, is_optional=False),
    "plays": _number("play_count", numbers, is_optional=False),
    "added": _day("added_at", is_optional=False),
    "played": _played,
    "fav": _favourite,
    "missing": _missing,
}
OPERATORS = frozenset((*_TEXTS, *_OTHERS, "year"))


def is_operator(name: str) -> bool:
    return ALIASES.get(name, name) in OPERATORS
