"""Queries of searches whose SQL is written once for all searches of one shape.

For a search of several words Django takes longer to write the conditions of all ranks than the
database takes to find the rows. The shape is how many words, spellings and lines a search has. The
SQL is written with marks in place of its texts, which later stand in its parameters.
"""

import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

from django.db.models import QuerySet

from library.queries.prepared import PreparedQuery
from library.queries.relevance import Asked

KEPT_SHAPES = 32
"""Of each query."""
_MARK = re.compile("\ue000([0-9]+)\ue001")
_ESCAPED = re.compile(r"[%_\\\ue000\ue001]")
"""Django writes these otherwise into the pattern of a LIKE; and the marks themselves."""

Shape = tuple[tuple[int, ...], int, int, int, tuple[bool, ...]]


class AskedQuery:
    """The query that `make` returns for a search; it has to end in `values_list`."""

    def __init__(self, make: Callable[[Asked], QuerySet[Any, Any]]) -> None:
        self._make = make
        self._prepared = lru_cache(maxsize=KEPT_SHAPES)(self._of_shape)

    def rows(self, asked: Asked, *values: Any, limit: int | None = None) -> list[Any]:
        """The rows, or the first of them. `values`: see `PreparedQuery.rows`."""
        texts = _texts(asked)
        if any(map(_ESCAPED.search, texts)):
            query, filled = PreparedQuery(lambda: self._make(asked)), None
        else:
            query, filled = self._prepared(_shape(asked, texts)), _filler(texts)
        return query.filled_rows(filled, values, limit)

    def _of_shape(self, shape: Shape) -> PreparedQuery:
        return PreparedQuery(lambda: self._make(_marked(shape)))


def _texts(asked: Asked) -> list[str]:
    of_words = [one for each in asked.words for one in each]
    return [*of_words, *asked.lines, *asked.keys, *asked.with_articles]


def _shape(asked: Asked, texts: Sequence[str]) -> Shape:
    """Spaces before texts are a part of it, since conditions depend on them."""
    spellings = tuple(map(len, asked.words))
    others = len(asked.lines), len(asked.keys), len(asked.with_articles)
    return (spellings, *others, tuple(each.startswith(" ") for each in texts))


def _marked(shape: Shape) -> Asked:
    """A search of this shape, with marks for its texts in the order of `_texts`."""
    spellings, lines, keys, with_articles, are_spaced = shape
    marks = iter(
        f"{' ' if is_spaced else ''}\ue000{place}\ue001"
        for place, is_spaced in enumerate(are_spaced)
    )

    def take(number: int) -> tuple[str, ...]:
        return tuple(next(marks) for _ in range(number))

    words = tuple(map(take, spellings))
    return Asked(words, take(lines), take(keys), take(with_articles))


def _filler(texts: Sequence[str]) -> Callable[[Any], Any]:
    """Writes the texts in place of the marks in a parameter."""
    stripped = [each.removeprefix(" ") for each in texts]

    def filled(parameter: Any) -> Any:
        if not isinstance(parameter, str):
            return parameter
        return _MARK.sub(lambda mark: stripped[int(mark[1])], parameter)

    return filled
