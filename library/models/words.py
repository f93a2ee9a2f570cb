"""The distinct words of what can be searched, except numbers. A search looks here for what cannot
be found at all, and, if nothing fits, for words that differ from its own by one letter."""

from django.db import models

from library.models.keys import KeyField

LONGEST_CORRECTED = 40
"""Characters. Longer words are not corrected."""


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
