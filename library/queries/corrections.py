"""Other spellings of a search: words parted or joined differently, and words one letter away.

`spelled` says what a search looks for. Only where that finds nothing, `corrections` says what to
look for instead, one after the other. Both ask the table `Word`, which holds the folded words of
the library.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import islice, pairwise

from django.db.models.functions import Length

from library.models.folding import plain, words_of
from library.models.searched import Sought
from library.models.words import LONGEST_CORRECTED
from library.queries import known_words
from library.queries.known_words import begins_a_word, between, known, possible

SHORTEST_PARTED = 3
SHORTEST_CORRECTED = 4
SHORTEST_BEGINNING = 6
"""From this length on a word may be the misspelled beginning of a longer one."""
MOST_CORRECTED = 6
"""Of a longer search the other words are taken as they are."""
MOST_JOINED = 3
SPELLINGS_AT_ONCE = 4
"""Each makes the search of 100,000 rows a few milliseconds longer."""
MOST_ATTEMPTS = 2
"""Of a few spellings each; as many for words joined and for words that may be right."""
MOST_PARTS = 5
KEPT_SEARCHES = 64
LONGEST_BOUND = 4
"""Up to this length a spelling has to begin a word."""

Near = Mapping[str, Sequence[str]]
"""Spellings that are near to a word, the most likely first."""


@lru_cache(maxsize=KEPT_SEARCHES)
def spelled(text: str, _state: str) -> Sought:
    """What a search for `text` looks for: each word as it is typed, or parted into two words of the
    library: `hyperballad` also finds `Hyper Ballad`.

    `_state` identifies the state of the library, see `library.queries.revision`; results are kept
    as long as it stays the same.
    """
    words = words_of(text)
    cuts = {word: _cut_in_two(word) for word in _correctable(words, SHORTEST_PARTED)}
    parts = [part for pairs in cuts.values() for pair in pairs for part in pair]
    of_library = known([*cuts, *parts])
    return tuple((word, *_partings(cuts.get(word, ()), of_library, word)) for word in words)


def corrections(text: str, state: str) -> Iterator[Sought]:
    """What to look for in turn, until something is found, if `spelled` finds nothing. Empty if no
    word of the library is near.

    Words that no word of the library begins with are taken for misspelled. If that does not help,
    two words may be one, or any word may be misspelled.
    """
    tried = {possible(spelled(text, state), state)}
    for attempts_of in (_of_misspelled, _of_any):
        for attempt in attempts_of(text, state):
            likely = possible(attempt, state)
            if likely and likely not in tried:
                tried.add(likely)
                yield likely


def attempts(text: str, state: str) -> Iterator[Sought]:
    """What to look for in turn until something is found: `spelled`, then the `corrections`."""
    yield spelled(text, state)
    yield from corrections(text, state)


@lru_cache(maxsize=KEPT_SEARCHES)
def _of_misspelled(text: str, state: str) -> tuple[Sought, ...]:
    words = words_of(text)
    misspelled = [word for word in _correctable(words) if not begins_a_word(word, state)]
    near = {word: _spellings_near(word, state) for word in misspelled}
    return tuple(_attempts(words, near))[:MOST_ATTEMPTS]


@lru_cache(maxsize=KEPT_SEARCHES)
def _of_any(text: str, state: str) -> tuple[Sought, ...]:
    words = words_of(text)
    near = {word: (word, *_spellings_near(word, state)) for word in _correctable(words)}
    return (*islice(_joined(text, state), 1), *islice(_attempts(words, near), 1))


def _correctable(words: Iterable[str], shortest: int = SHORTEST_CORRECTED) -> list[str]:
    """Those that are long enough, and are no numbers."""
    lengths = range(shortest, LONGEST_CORRECTED + 1)
    return [word for word in words if len(word) in lengths and not word.isdecimal()][
        :MOST_CORRECTED
    ]


def _attempts(words: Sequence[str], near: Near) -> Iterator[Sought]:
    """The words with what is near to them in their place, a few spellings at a time. A spelling may
    be one that nothing uses any more, so that the others have their turn."""
    longest = max((len(spellings) for spellings in near.values()), default=0)
    for start in range(0, longest, SPELLINGS_AT_ONCE):
        yield tuple(_some(near.get(word, ()), start) or (word,) for word in words)


def _some(spellings: Sequence[str], start: int) -> tuple[str, ...]:
    """A few of them; the first ones again if there are no more."""
    some = spellings[start : start + SPELLINGS_AT_ONCE] or spellings[:SPELLINGS_AT_ONCE]
    return tuple(some)


def _joined(text: str, state: str) -> Iterator[Sought]:
    """Two neighbouring words as one that is near to a word of the library."""
    typed = plain(text).split()
    for number, (one, other) in enumerate(list(pairwise(typed))[:MOST_JOINED]):
        for joined in _correctable([one + other]):
            near = (each for each in _spellings_near(joined, state) if each.split() != [one, other])
            if spellings := [*islice(near, SPELLINGS_AT_ONCE)]:
                others = (*typed[:number], *typed[number + 2 :])
                yield (tuple(spellings), *((word,) for word in others))


def _cut_in_two(word: str) -> list[tuple[str, str]]:
    return [(word[:at], word[at:]) for at in range(1, len(word))]


def _partings(cuts: Iterable[tuple[str, str]], of_library: set[str], word: str) -> list[str]:
    """The ways to part `word` into two known words. Single letters count only if it is not known
    itself: `jayz` is `jay z`, but `alive` is not `a live`."""
    taken = of_library
    if word in of_library:
        taken = of_library - {letter for letter in word if letter.isalpha()}
    return [_spelling(one, other) for one, other in cuts if one in taken and other in taken][
        :SPELLINGS_AT_ONCE
    ]


@lru_cache(maxsize=4 * KEPT_SEARCHES)
def _spellings_near(word: str, _state: str) -> list[str]:
    """The words that are one letter away from `word`, and `word` parted into several; without any,
    the words that are near to begin so."""
    candidates = [each for each in _candidates(word) if _digits(each) == _digits(word)]
    near = [*_parted(word), *(_spelling(each) for each in _likely(word, candidates))]
    if near or len(word) < SHORTEST_BEGINNING:
        return near
    begun = [each for each in candidates if _is_near_beginning(word, each)]
    return [_spelling(each) for each in sorted(begun, key=lambda each: (len(each), each))]


def _likely(word: str, candidates: Iterable[str]) -> list[str]:
    near = [each for each in candidates if each != word and is_near(word, each)]
    return sorted(near, key=lambda each: _likelihood(word, each))


def _likelihood(word: str, candidate: str) -> tuple[bool, bool, int, str]:
    """A sort key: people rarely mistake the first letter, rather exchange letters or double them
    than take another, and rather leave a letter out than add one."""
    has_other_letters = set(candidate) != set(word)
    return candidate[0] != word[0], has_other_letters, -len(candidate), candidate


def _candidates(word: str) -> set[str]:
    """The words that begin or end as `word` does. Of a word with one wrong letter, or with two
    exchanged in the middle, one of the two ends is right."""
    size = (len(word) - 1) // 2
    limits = {"length__gte": len(word) - 1, "length__lte": len(word) + 1}
    begin, end = between("text", word[:size]), between("backwards", word[: -size - 1 : -1])
    if len(word) < SHORTEST_BEGINNING:
        begin = begin.alias(length=Length("text")).filter(**limits)
    end = end.alias(length=Length("text")).filter(**limits)
    return {*begin.values_list("text", flat=True), *end.values_list("text", flat=True)}


def _spelling(*words: str) -> str:
    """What to look for in search texts. A short word has to begin a word, so that it is not found
    in the middle of others; a longer one need not, because a space at the beginning, the most
    frequent character, makes the search take half as long again."""
    joined = " ".join(words)
    return joined if len(words[0]) > LONGEST_BOUND else f" {joined}"


def _digits(text: str) -> str:
    return "".join(filter(str.isdecimal, text))


def is_near(one: str, other: str) -> bool:
    """Whether the two are equal but for one letter that is wrong, missing or too many, or for two
    neighbours that are exchanged."""
    if abs(len(one) - len(other)) > 1:
        return False
    start = 0
    while start < min(len(one), len(other)) and one[start] == other[start]:
        start += 1
    one, other = one[start:], other[start:]
    end = 0
    while end < min(len(one), len(other)) and one[-1 - end] == other[-1 - end]:
        end += 1
    one, other = one[: len(one) - end], other[: len(other) - end]
    return max(len(one), len(other)) <= 1 or (len(one) == 2 and one == other[::-1])  # noqa: PLR2004


def _is_near_beginning(word: str, candidate: str) -> bool:
    sizes = range(len(word) - 1, min(len(word) + 2, len(candidate)))
    return any(is_near(word, candidate[:size]) for size in sizes)


def _parted(word: str) -> list[str]:
    """`word` as the fewest words of the library that it can be parted into, if any; else as two of
    which one is near to a word."""
    pieces = [
        word[start:end] for start in range(len(word)) for end in range(start + 2, len(word) + 1)
    ]
    of_library = known(pieces) - {word}
    best: dict[int, list[str]] = {0: []}
    for end in range(2, len(word) + 1):
        ways = [
            [*best[start], word[start:end]]
            for start in range(end - 1)
            if start in best and word[start:end] in of_library
        ]
        if ways:
            best[end] = min(ways, key=len)
    found = best.get(len(word), [])
    if 1 < len(found) <= MOST_PARTS:
        return [_spelling(*found)]
    return _parted_and_near(word, of_library)


def _parted_and_near(word: str, of_library: Collection[str]) -> list[str]:
    """`word` parted into one of `of_library`, the longest that begins or ends it, and one
    that is near to a word of the library."""
    cuts = _cut_in_two(word)[SHORTEST_CORRECTED - 1 : 1 - SHORTEST_CORRECTED or None]
    found: list[str] = []
    for one, other in [each for each in cuts if each[0] in of_library][-1:]:
        found += [_spelling(one, near) for near in _likely(other, _candidates(other))[:2]]
    for one, other in [each for each in cuts if each[1] in of_library][:1]:
        found += [_spelling(near, other) for near in _likely(one, _candidates(one))[:2]]
    return found


KEPT = (spelled, _of_misspelled, _of_any, _spellings_near, *known_words.KEPT)
"""What a process keeps of searches."""
