"""Which words the library has, from the table `Word`.

The table holds each word of every search text, except numbers. So a text that no word contains is
in no search text either, and a search for it need not look at 100,000 rows.
"""

from collections.abc import Collection
from functools import lru_cache

from django.db.models import QuerySet

from library.models.searched import Sought
from library.models.words import Word

KEPT_WORDS = 512


def known(texts: Collection[str]) -> set[str]:
    """Those that are words of the library, and the numbers, which are not kept."""
    numbers = {text for text in texts if text.isdecimal()}
    wanted = set(texts) - numbers
    if not wanted:
        return numbers
    return numbers | set(
        Word.objects.filter(text__in=wanted).order_by().values_list("text", flat=True)
    )


def between(column: str, beginning: str) -> QuerySet[Word]:
    """The words of which `column` begins so, by the column's index."""
    conditions = {f"{column}__gte": beginning, f"{column}__lt": beginning + chr(0x10FFFF)}
    return Word.objects.filter(**conditions).order_by()


@lru_cache(maxsize=KEPT_WORDS)
def begins_a_word(text: str, _state: str) -> bool:
    """`_state` identifies the state of the library, see `library.queries.revision`."""
    return between("text", text).exists()


def possible(wanted: Sought, state: str) -> Sought | None:
    """`wanted` without the spellings that are in no search text. None if a word has no others."""
    left = tuple(
        tuple(each for each in dict.fromkeys(spellings) if _may_occur(each, state))
        for spellings in wanted
    )
    return left if all(left) else None


def _may_occur(spelling: str, state: str) -> bool:
    return all(part.isdecimal() or _is_in_a_word(part, state) for part in spelling.split())


@lru_cache(maxsize=KEPT_WORDS)
def _is_in_a_word(text: str, state: str) -> bool:
    if begins_a_word(text, state) or _has_no_words(state):
        return True
    return Word.objects.filter(text__contains=text).exists()


@lru_cache(maxsize=1)
def _has_no_words(_state: str) -> bool:
    """Whether nothing is known, as in a library whose words were not stored yet."""
    return not Word.objects.exists()


KEPT = (begins_a_word, _is_in_a_word, _has_no_words)
"""What a process keeps of words."""
