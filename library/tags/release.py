"""What a file says about its release: dates, types, labels, catalogue numbers; and genres."""

import re
from collections.abc import Sequence
from functools import lru_cache

from library.tags import cleaning, dates
from library.tags.remembering import LONGEST_REMEMBERED, REMEMBERED, Fields
from library.tags.separation import DOUBLE_BACKSLASH, outside_brackets

_PRIMARY_TYPES = ("album", "single", "ep", "broadcast", "other")
_TYPE_SEPARATORS = re.compile(r"\s*[;,/\0]\s*")
_WITH_SLASH = "mixtape/street"
_NO_LABEL = frozenset({"[no label]", "no label", "[none]", "none", "not on label"})
_NO_NUMBER = frozenset({"[none]", "none", "n/a"})


def release_dates(fields: Fields) -> dict[str, str | int | None]:
    """The dates of the release and of its first publication, and the year of the release.

    Picard and most taggers write the release's date as "date". If there is a release date beside it
    the two differ in meaning, and taggers do not agree which one is the original: the earlier one.
    """
    date, released, original = (
        dates.first_date(fields.get(name, ())) for name in ("date", "release_date", "original_date")
    )
    if released and date[:4] > released[:4]:
        date, released = released, date
    if released and date and date[:4] < released[:4]:
        original = original or date
    elif len(date) > len(released):
        released = date
    year = released or original
    return {
        "year": int(year[:4]) if year else None,
        "original_date": original,
        "release_date": released,
    }


def genres(fields: Fields) -> tuple[str, ...]:
    """Several genres stand in several values, or in one with `;` or ` / ` between them. A slash
    without spaces belongs to the name: `R&B/Soul`."""
    return listed(fields.get("genre", ()), ";", " / ")


def types(fields: Fields) -> tuple[str, ...]:
    """The types of the release as MusicBrainz names them, in lower case, a primary one first."""
    found: list[str] = []
    for text in cleaning.texts(fields.get("release_type", ())):
        text = text.lower()  # noqa: PLW2901
        if _WITH_SLASH in text:
            found.append(_WITH_SLASH)
            text = text.replace(_WITH_SLASH, "")  # noqa: PLW2901
        found.extend(filter(None, _TYPE_SEPARATORS.split(text)))
    return tuple(sorted(dict.fromkeys(found), key=lambda each: each not in _PRIMARY_TYPES))


def labels(fields: Fields) -> tuple[str, ...]:
    found = listed(fields.get("label", ()))
    return tuple([each for each in found if each.lower() not in _NO_LABEL])


def catalogue_number(fields: Fields) -> str:
    """All of them as one text, since each belongs to a label."""
    found = listed(fields.get("catalogue_number", ()))
    return cleaning.text("; ".join(each for each in found if each.lower() not in _NO_NUMBER))


def listed(values: Sequence[str], *separators: str) -> tuple[str, ...]:
    """Each of several texts once, whatever its case. A value may hold several texts."""
    if not values:
        return ()
    found: dict[str, str] = {}
    for value in cleaning.texts(values):
        parts = _parts if len(value) <= LONGEST_REMEMBERED else _parts_of_long
        for folded, part in parts(value, separators or (";",)):
            found.setdefault(folded, part)
    return tuple(found.values())[: cleaning.MAX_VALUES]


def _parts_of_long(value: str, separators: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """The texts in a value, each in the form by which equal ones are found, and as it is."""
    parts = cleaning.texts(outside_brackets(value, *separators, DOUBLE_BACKSLASH))
    return tuple([(part.casefold(), part) for part in parts])


_parts = lru_cache(REMEMBERED)(_parts_of_long)
