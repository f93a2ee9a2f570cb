"""The distinct words of what can be searched. A search in which nothing fits looks here for words
that differ from its own by one letter."""

from django.db import models

from library.models.keys import KeyField

LONGEST_WORD = 40
"""Characters. Longer words are neither stored nor corrected."""


def is_kept(word: str) -> bool:
    """Whether a word is stored. Numbers are not: they are never corrected."""
    return len(word) <= LONGEST_WORD and not word.isdecimal()


class Word(models.Model):
    """A word of a search text, and the same word backwards. Of a word with one wrong
    letter, either the first half or the second half is right, so that one of the two indexes finds
    it."""

    text = KeyField(unique=True)
    backwards = KeyField(db_index=True)

    class Meta:
        ordering = ["text"]

    def __str__(self) -> str:
        return str(self.text)
