"""At which place of a list sorted by name each first letter begins."""

from collections import Counter
from functools import lru_cache
from typing import NamedTuple

from django.db.models import Count
from django.db.models.functions import Left

from library.queries.lists import RowList
from library.queries.orders import ColumnOrder

OTHER = "#"
_SCRIPTS = (
    ("\u3040", "\u30ff", "\u3042"),
    ("\u3400", "\u9fff", "\u6f22"),
    ("\uac00", "\ud7a3", "\uac00"),
)
"""Scripts that are not looked up by their first character: from, to, and what stands for all."""


class Letter(NamedTuple):
    """`offset`: the number of the first row whose name begins with `letter`."""

    letter: str
    offset: int


@lru_cache(maxsize=32)
def letters_of(wanted: RowList) -> list[Letter]:
    """The letters of a list in its order; none if it is not sorted by a name. Digits and signs are
    all OTHER. One query, kept as long as the library stays the same."""
    order = wanted.order
    if not isinstance(order, ColumnOrder) or not order.columns[0].endswith("_key"):
        return []
    rows = wanted.found().filter.matching().order_by()
    first = Left(order.columns[0].removeprefix("-"), 1)
    counts = Counter(dict(rows.values_list(first).annotate(Count("pk"))))
    in_order = sorted(counts, reverse=order.columns[0].startswith("-"))
    letters: list[Letter] = []
    offset = 0
    for character in in_order:
        letter = _letter(character)
        if not letters or letters[-1].letter != letter:
            letters.append(Letter(letter, offset))
        offset += counts[character]
    return letters


def _letter(character: str) -> str:
    """`character`: the first one of a sort key, in small letters; empty if the name is."""
    for first, last, shown in _SCRIPTS:
        if first <= character <= last:
            return shown
    return character.upper() if character.isalpha() else OTHER
