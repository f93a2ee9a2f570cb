"""Stores the words of the tracks that a batch writes, which searches are corrected by.

Words stay when nothing uses them any more; a correction that finds nothing gives way to the next.
"""

from collections.abc import Iterable
from functools import partial
from itertools import chain

from django.db import transaction
from django.db.models import Subquery

from library.models.folding import plain
from library.models.revision import Revision
from library.models.words import Word
from library.scanning.upsert import Upsert

MOST_REMEMBERED = 100_000
"""About 10 MB."""

_WORDS = Upsert(Word, ("text", "backwards"), unique=("text",), kept=("backwards",))


class _Remembered:
    """Words that this process knows to be stored, so that it need not store them again."""

    def __init__(self) -> None:
        self._words: set[str] = set()
        self._newest = 0
        self._epoch = ""

    def without_known(self, words: set[str]) -> set[str]:
        newest, epoch = _newest_and_epoch()
        is_other = newest < self._newest or epoch != self._epoch  # emptied, or restored
        if is_other or len(self._words) > MOST_REMEMBERED:
            self._words.clear()
        self._newest, self._epoch = newest, epoch
        return words - self._words

    def forget(self) -> None:
        self._words.clear()

    def add(self, words: Iterable[str]) -> None:
        self._words.update(words)


def _newest_and_epoch() -> tuple[int, str]:
    """The highest id of a word, and what names the database. One query."""
    newest = Subquery(Word.objects.order_by("-pk").values("pk")[:1])
    rows = Revision.objects.annotate(newest=newest).values_list("newest", "epoch")
    found, epoch = rows.first() or (0, "")
    return found or 0, epoch


_remembered = _Remembered()
forget = _remembered.forget


def new_words(search_texts: Iterable[str], names: Iterable[str] = ()) -> list[str]:
    """The words of `search_texts`, and of `names` that are searched, that may have to be stored.
    Numbers are left out, because they are never corrected."""
    lines = {line for text in search_texts for line in text.split("\n")}
    found = set(chain.from_iterable(map(str.split, chain(lines, map(plain, names)))))
    new = _remembered.without_known(found)
    return sorted(word for word in new if not word.isdecimal())


def store_words(words: list[str]) -> None:
    """Write the words in the caller's transaction; those that are stored already stay."""
    if words:
        _WORDS.execute([(word, word[::-1]) for word in words])
        transaction.on_commit(partial(_remembered.add, words))
