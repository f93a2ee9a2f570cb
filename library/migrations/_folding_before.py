"""Search texts and sort keys as versions before 0015 computed them, for migrations up to that one and
for the way back."""

import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from library.models.folding import SEARCHED_BYTES, SORT_KEY_BYTES, cut


@lru_cache(maxsize=1024)
def fold(text: str) -> str:
    if text.isascii():
        return ' '.join(text.lower().split())
    decomposed = unicodedata.normalize('NFKD', text)
    bare = ''.join(character for character in decomposed if not unicodedata.combining(character))
    return ' '.join(unicodedata.normalize('NFKC', bare.casefold()).split())


def sort_key(text: str) -> str:
    return cut(fold(text), SORT_KEY_BYTES)


def search_text(texts: Iterable[str]) -> str:
    return cut('\n'.join(fold(text) for text in texts if text), SEARCHED_BYTES)


def searched_text(
    names: Iterable[str], genres: Iterable[str], years: Iterable[int | str | None]
) -> str:
    texts = [*names, *genres, *(str(year)[:4] for year in years if year)]
    return search_text(dict.fromkeys(texts))


@lru_cache(maxsize=1024)
def other_form(name: str, sort_form: str) -> str:
    words = set(fold(name.replace(',', ' ')).split())
    return '' if words.issuperset(fold(sort_form.replace(',', ' ')).split()) else sort_form
