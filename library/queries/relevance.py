"""How well a name fits a search: the rank by which the results of a search are ordered.

The databases compute ranks of rows, `rank_of_name` that of a name at hand; a test holds the two to
the same results.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum
from functools import reduce
from operator import and_, or_

from django.db.models import Case, F, IntegerField, Q, Value, When
from django.db.models.functions import Concat, Least, StrIndex
from django.db.models.lookups import GreaterThan

from library.models.folding import search_text, sort_key, words_of


class Rank(IntEnum):
    """What of a row's own name fits. Better ranks are smaller."""

    WHOLE = 0
    BEGINNING = 1
    PHRASE = 2  # the search begins with a word of the name
    WORDS = 3  # each word of the search begins a word of the name
    INSIDE = 4  # each word of the search is somewhere in the name
    PARTLY = 5  # some words of the search are in the name
    ELSEWHERE = 6  # none: they are in the name of the artist, the album and the like


@dataclass(frozen=True)
class Asked:
    """A search, in the forms that names are compared with.

    `line`: as the text would stand in a search text. `key`: as in a key of a name, without an
    article that does not count.
    """

    line: str
    key: str
    words: tuple[str, ...]

    @classmethod
    def of(cls, text: str) -> "Asked":
        return cls(search_text([text]), sort_key(text), tuple(words_of(text)))


def rank_in_text(column: str, asked: Asked) -> Case:
    """The rank by a search text, whose first line is the row's own name."""
    end = StrIndex(Concat(F(column), Value("\n")), Value("\n"))

    def in_name(text: str) -> Q:
        # The first condition is cheap and excludes most rows.
        return Q(**{f"{column}__contains": text}) & Q(
            GreaterThan(end, StrIndex(F(column), Value(text)))
        )

    whole = Q(**{column: asked.line}) | Q(**{f"{column}__startswith": f"{asked.line}\n"})
    beginning = Q(**{f"{column}__startswith": asked.line})
    phrase = in_name(f" {asked.line.lstrip()}")
    begun = [
        Q(**{f"{column}__startswith": search_text([word])}) | in_name(f" {word}")
        for word in asked.words
    ]
    return _case(whole, beginning, phrase, begun, [in_name(word) for word in asked.words])


def rank_in_key(column: str, asked: Asked) -> Case:
    """The rank by a column that holds the key of a name."""

    def has(text: str) -> Q:
        return Q(**{f"{column}__contains": text})

    beginning = Q(**{f"{column}__startswith": asked.key})
    begun = [Q(**{f"{column}__startswith": word}) | has(f" {word}") for word in asked.words]
    inside = [has(word) for word in asked.words]
    return _case(Q(**{column: asked.key}), beginning, has(f" {asked.key}"), begun, inside)


def best_rank(*ranks: Case) -> Least:
    """The best of several ranks, such as those of a name and of its sort form."""
    return Least(*ranks)


def _case(whole: Q, beginning: Q, phrase: Q, begun: list[Q], inside: list[Q]) -> Case:
    conditions = {Rank.WHOLE: whole, Rank.BEGINNING: beginning, Rank.PHRASE: phrase}
    if len(begun) > 1:
        conditions[Rank.WORDS] = reduce(and_, begun)
        conditions[Rank.PARTLY] = reduce(or_, inside)
    if inside:
        conditions[Rank.INSIDE] = reduce(and_, inside)
    whens = [When(conditions[rank], then=Value(rank.value)) for rank in sorted(conditions)]
    return Case(*whens, default=Value(Rank.ELSEWHERE.value), output_field=IntegerField())


def rank_of_name(name: str, asked: Asked) -> Rank:
    """The rank of a name that is at hand."""
    return min(
        _rank(search_text([name]).strip(), asked.line.strip(), asked.words),
        _rank(sort_key(name), asked.key, asked.words),
    )


def _rank(name: str, wanted: str, words: Iterable[str]) -> Rank:
    if name == wanted:
        return Rank.WHOLE
    if name.startswith(wanted):
        return Rank.BEGINNING
    spaced = f" {name}"
    if f" {wanted}" in spaced:
        return Rank.PHRASE
    if all(f" {word}" in spaced for word in words):
        return Rank.WORDS
    inside = [word in name for word in words]
    if all(inside):
        return Rank.INSIDE
    return Rank.PARTLY if any(inside) else Rank.ELSEWHERE
