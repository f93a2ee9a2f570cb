"""What of a track is searched, and the year and date by which lists sort it. Scans compute these
for the files they read, migrations for the rows that are stored."""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from django.db.models import Q

from library.models.folding import REMEMBERED, fold, search_text, words_of

_PHRASE = re.compile(r'(?<!\S)"([^"]*)("?)')

Sought = tuple[tuple[str, ...], ...]
"""What a search looks for: for each of its words the spellings of which one has to occur in a
search text. A spelling that begins with a space has to begin a word."""


def searched_text(
    names: Iterable[str], genres: Iterable[str], years: Iterable[int | str | None]
) -> str:
    """The search text: names first, then genres and years. Of a date only its year counts."""
    texts = [*names, *genres, *(str(year)[:4] for year in years if year)]
    return search_text(dict.fromkeys(texts))


def track_texts(names: Sequence[str], sort_forms: Sequence[str]) -> tuple[str, ...]:
    """What a search of tracks looks into, the most important first: a long text is cut. Both hold
    title, artist, album, album artist and composer."""
    if not any(sort_forms):
        return (*names,)
    pairs = zip(names, sort_forms, strict=True)
    others = (_other_form(name, form) for name, form in pairs if form and form != name)
    return (*names, *others)


@lru_cache(maxsize=REMEMBERED)
def _other_form(name: str, sort_form: str) -> str:
    """The sort form, unless it has the words of the name, such as `Beatles, The`."""
    words = set(fold(name.replace(",", " ")).split())
    return "" if words.issuperset(fold(sort_form.replace(",", " ")).split()) else sort_form


def artist_text(name: str, sort_name: str) -> str:
    """The search text of an artist."""
    return search_text(dict.fromkeys((name, sort_name)))


def first_year(original_date: str, year: int | None) -> int | None:
    """The year of the original release, else that of this one."""
    return int(original_date[:4]) if original_date else year


def first_date(first_year: int | None, original_date: str, release_date: str) -> str:
    """The first of the dates that is in the first year, else that year; empty if there is none."""
    year = "" if first_year is None else f"{first_year:04}"
    return next((date for date in (original_date, release_date) if date[:4] == year), year)


def sought_in(text: str) -> Sought:
    """Each word of `text`, spelled as it is typed."""
    return tuple((word,) for word in words_of(text))


def search_condition(wanted: str | Sought) -> Q:
    """The condition by which tracks, albums and artists are searched."""
    condition = Q()
    words = sought_in(wanted) if isinstance(wanted, str) else wanted
    # Words with one spelling come first. Most rows lack them, and the others are not looked for.
    for spellings in sorted(words, key=len):
        spelled = Q()
        for spelling in spellings:
            spelled |= Q(search_text__contains=spelling)
        condition &= spelled
    return condition


def fits(searched: str, wanted: Sought) -> bool:
    """`search_condition` for a search text that is at hand."""
    return all(any(spelling in searched for spelling in spellings) for spellings in wanted)


def phrase_condition(text: str) -> Q:
    """The condition that a search text has what stands in quotation marks, in this order. Whole
    words; if the second mark of the last phrase is absent, its last word may go on."""
    condition = Q()
    for phrase, end in _PHRASE.findall(text):
        spelled = search_text([phrase])
        if not spelled.strip():
            continue
        if end:
            condition &= (
                Q(search_text__contains=f"{spelled} ")
                | Q(search_text__contains=f"{spelled}\n")
                | Q(search_text__endswith=spelled)
            )
        else:
            condition &= Q(search_text__contains=spelled)
    return condition
