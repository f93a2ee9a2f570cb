"""How well a name fits a search: the rank by which the results of a search are ordered.

The databases compute ranks of rows, `rank_of_name` that of a name at hand; a test holds the two to
the same results.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import IntEnum
from functools import reduce
from operator import and_, or_

from django.conf import settings
from django.db.models import Case, F, IntegerField, Q, Value, When
from django.db.models.functions import Concat, Least, StrIndex
from django.db.models.lookups import GreaterThan

from library.models.folding import search_text, sort_key
from library.models.searched import Sought


class Rank(IntEnum):
    """How the name of a row fits a search. Better ranks are smaller."""

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

    `lines`: the whole search as it would stand in a search text, in each of its spellings. `keys`:
    the same as keys of names, without an article that does not count. `with_articles`: names that
    are the search with such an article in front, `the beatles` if somebody looks for `beatles`.
    """

    words: Sought
    lines: tuple[str, ...]
    keys: tuple[str, ...]
    with_articles: tuple[str, ...]

    @classmethod
    def of(cls, text: str, words: Sought) -> "Asked":
        texts = [text, *spelled_anew(text, words)]
        articles = settings.IGNORED_ARTICLES
        return cls(
            words,
            _lines(texts),
            (*dict.fromkeys(map(sort_key, texts)),),
            tuple(search_text([f"{article} {text}"]).strip() for article in articles),
        )


def _lines(texts: Iterable[str]) -> tuple[str, ...]:
    return (*dict.fromkeys(search_text([each]) for each in texts),)


def spelled_anew(text: str, words: Sought) -> list[str]:
    """`text` with the other spellings of its words, the most likely first."""
    number = max(map(len, words), default=0)
    return [
        with_spellings(text, [each[min(place, len(each) - 1)] for each in words])
        for place in range(number)
    ]


def with_spellings(text: str, chosen: Sequence[str]) -> str:
    """The chosen spellings of the words of `text`, in the order of the words that they are most
    like. `text` itself if they are its own."""
    typed = search_text([text]).split()
    spelled = [each.strip() for each in chosen]
    if set(spelled) <= set(typed):
        return text
    return " ".join(sorted(spelled, key=lambda each: _place(each, typed)))


def _place(spelling: str, typed: Sequence[str]) -> int:
    """The place of the word that is most like `spelling`."""
    ratios = [SequenceMatcher(None, spelling, word).ratio() for word in typed]
    return max(range(len(ratios)), key=ratios.__getitem__, default=0)


def rank_in_text(column: str, asked: Asked) -> Case:
    """The rank by a search text, whose first line is the row's own name."""
    end = StrIndex(Concat(F(column), Value("\n")), Value("\n"))

    def is_in_name(text: str) -> Q:
        # The first condition is cheap and excludes most rows.
        return Q(**{f"{column}__contains": text}) & Q(
            GreaterThan(end, StrIndex(F(column), Value(text)))
        )

    whole = Q(**{f"{column}__in": asked.lines})
    for line in asked.lines:
        whole |= Q(**{f"{column}__startswith": f"{line}\n"})
    return _case(column, whole, asked.lines, asked.words, is_in_name)


def rank_in_key(column: str, asked: Asked) -> Case:
    """The rank by a column that holds the key of a name."""
    whole = Q(**{f"{column}__in": (*asked.keys, *asked.with_articles)})
    return _case(column, whole, asked.keys, asked.words, lambda text: key_contains(column, text))


def key_contains(column: str, spelling: str) -> Q:
    """Whether the key of a name contains a spelling; no space stands before its first word."""
    condition = Q(**{f"{column}__contains": spelling})
    if spelling.startswith(" "):
        condition |= Q(**{f"{column}__startswith": spelling.strip()})
    return condition


def best_rank(*ranks: Case) -> Least:
    """The best of several ranks, such as those of a name and of its sort form."""
    return Least(*ranks)


def _case(
    column: str, whole: Q, texts: Iterable[str], words: Sought, is_in_name: Callable[[str], Q]
) -> Case:
    def begins(text: str) -> Q:
        return Q(**{f"{column}__startswith": text})

    def begins_word(spelling: str) -> Q:
        word = spelling.strip()
        return begins(search_text([word])) | begins(word) | is_in_name(f" {word}")

    conditions = {
        Rank.WHOLE: whole,
        Rank.BEGINNING: _any(begins, texts),
        Rank.PHRASE: _any(lambda text: is_in_name(f" {text.strip()}"), texts),
    }
    if len(words) > 1:
        conditions[Rank.WORDS] = reduce(and_, [_any(begins_word, each) for each in words])
        conditions[Rank.PARTLY] = reduce(or_, [_any(is_in_name, each) for each in words])
    conditions[Rank.INSIDE] = reduce(and_, [_any(is_in_name, each) for each in words])
    whens = [When(conditions[rank], then=Value(rank.value)) for rank in sorted(conditions)]
    return Case(*whens, default=Value(Rank.ELSEWHERE.value), output_field=IntegerField())


def _any(condition: Callable[[str], Q], texts: Iterable[str]) -> Q:
    return reduce(or_, map(condition, texts))


def rank_of_name(name: str, asked: Asked) -> Rank:
    """The rank of a name that is at hand."""
    line = search_text([name]).strip()
    if line in asked.with_articles:
        return Rank.WHOLE
    return min(
        *(_rank(line, wanted.strip(), asked.words) for wanted in asked.lines),
        *(_rank(sort_key(name), wanted, asked.words) for wanted in asked.keys),
    )


def _rank(name: str, wanted: str, words: Sought) -> Rank:
    if name == wanted:
        return Rank.WHOLE
    if name.startswith(wanted):
        return Rank.BEGINNING
    spaced = f" {name}"
    if f" {wanted}" in spaced:
        return Rank.PHRASE
    if all(any(f" {one.strip()}" in spaced for one in each) for each in words):
        return Rank.WORDS
    inside = [any(one in spaced for one in each) for each in words]
    if all(inside):
        return Rank.INSIDE
    return Rank.PARTLY if any(inside) else Rank.ELSEWHERE
