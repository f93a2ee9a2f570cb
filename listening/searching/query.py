"""A whole search: its words, its terms, and what of it was not understood.

What is no operator, and a value that is not understood, is searched as text and noted. Nothing
that is typed is an error.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from django.utils import timezone

from listening.searching.operators import (
    Term,
    favourite_term,
    is_operator,
    term_of,
    words_term,
)
from listening.searching.tokens import Token, tokens_of
from listening.smart.rules import BadRules, Group, Rule, SmartRules, make_rule

KEPT_QUERIES = 128
_OWN_OPERATORS: Mapping[str, tuple[str, ...]] = {
    "artists": ("artist", "albumartist"),
    "albums": ("album",),
    "tracks": ("title",),
    "composers": ("composer",),
    "genres": ("genre",),
    "labels": ("label",),
}
"""By kind the operators whose value is the name of a row of this kind."""


class NoteCode(StrEnum):
    UNKNOWN_OPERATOR = "unknown_operator"
    BAD_VALUE = "bad_value"
    UNFINISHED = "unfinished"
    ONLY_EXCLUDED = "only_excluded"


@dataclass(frozen=True, slots=True)
class Note:
    """`text`: the part of the search that was not taken for an operator. It was searched as text,
    unless it is an operator without a value at the end (`unfinished`). `operator`: its name."""

    code: NoteCode
    text: str
    operator: str = ""


@dataclass(frozen=True, slots=True)
class SearchQuery:
    """`text`: the words, with those of phrases, in the order in which they were typed; without
    terms it is all that was typed. `words`: the same without phrases."""

    text: str
    words: str
    terms: tuple[Term, ...] = ()
    notes: tuple[Note, ...] = ()

    def text_of(self, kind: str) -> str:
        """The text that rows of a kind, such as `artists`, are searched by. The value of `artist:`
        is one of an artist's name."""
        own = _OWN_OPERATORS.get(kind, ())
        values = [
            term.value
            for term in self.terms
            if term.operator in own and not term.is_excluded and _has_words(term.value)
        ]
        return " ".join(filter(None, (self.text, *values)))

    @property
    def has_words_alone(self) -> bool:
        """Whether every term is a phrase or excludes words."""
        return all(term.operator == "words" for term in self.terms)

    def is_of_names(self, kind: str) -> bool:
        """Whether every term is a phrase, or an operator for the name of a row of this kind."""
        allowed = {"words", *_OWN_OPERATORS.get(kind, ())}
        return all(each.operator in allowed and not each.is_excluded for each in self.terms)

    def with_words(self, words: str) -> str:
        """The search with other words in place of its own."""
        return " ".join((words, *(term.text for term in self.terms)))

    def rules(self) -> SmartRules | None:
        """The rules of a smart playlist that finds the same tracks. None without anything that
        could be looked for."""
        try:
            words = [make_rule("search", "matches", self.words)] if self.words.strip() else []
        except BadRules:
            words = []
        parts: tuple[Rule | Group, ...] = (*words, *(term.part for term in self.terms))
        return SmartRules(Group(parts)) if parts else None


def parse(text: str) -> SearchQuery:
    """The search that was typed. Never fails."""
    return _parse(text, timezone.now().year)


@lru_cache(maxsize=KEPT_QUERIES)
def _parse(text: str, this_year: int) -> SearchQuery:
    read = [_read(token, this_year) for token in tokens_of(text)]
    # One that is typed again asks for nothing more, and would cost another query.
    terms = tuple(dict.fromkeys(each.term for each in read if each.term))
    notes = tuple(each.note for each in read if each.note)
    if terms and not any(each.text for each in read) and _only_exclude(terms):
        note = Note(NoteCode.ONLY_EXCLUDED, " ".join(term.text for term in terms))
        return SearchQuery(text, text, notes=(note, *notes))
    if not terms and not any(note.code is NoteCode.UNFINISHED for note in notes):
        return SearchQuery(text, text, notes=notes)
    typed = " ".join(each.text for each in read if each.text)
    words = " ".join(each.text for each in read if each.text and not each.term)
    return SearchQuery(typed, words, terms, notes)


def _only_exclude(terms: tuple[Term, ...]) -> bool:
    """As in `-Ø`, which is the name of an artist."""
    return all(term.operator == "words" and term.is_excluded for term in terms)


@dataclass(frozen=True, slots=True)
class _Read:
    """What a token is: a text to search for, a term or both, and what there is to say of it."""

    text: str = ""
    term: Term | None = None
    note: Note | None = None


def _read(token: Token, this_year: int) -> _Read:
    if token.name:
        return _read_operator(token, this_year)
    if not (token.is_quoted or token.is_excluded):
        is_favourite = token.value.lower() == "fav"
        return _Read(term=favourite_term(token)) if is_favourite else _Read(token.text)
    if token.is_excluded and not token.is_quoted and token.value.lower() == "fav":
        return _Read(term=favourite_term(token))
    term = words_term(token) if _has_words(token.value) else None
    if term is None:
        return _Read(token.text)
    return _Read(term=term) if token.is_excluded else _Read(token.value, term)


def _read_operator(token: Token, this_year: int) -> _Read:
    is_known = is_operator(token.name)
    if not token.value:
        # A title such as `Mission: Impossible` is a text; `genre:` at the end waits for its value.
        if is_known and token.is_last:
            return _Read(note=Note(NoteCode.UNFINISHED, token.text, token.name))
        return _Read(token.text)
    if not is_known:
        return _Read(token.text, note=Note(NoteCode.UNKNOWN_OPERATOR, token.text, token.name))
    if term := term_of(token, this_year):
        return _Read(term=term)
    return _Read(token.text, note=Note(NoteCode.BAD_VALUE, token.text, token.name))


def _has_words(text: str) -> bool:
    return any(character.isalnum() for character in text)
