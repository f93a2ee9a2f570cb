"""The distinct words of what can be searched. A search in which nothing fits looks here for words
that differ from its own by one letter."""

from django.db import models

from library.models.keys import KeyField


class Word(models.Model):
    """A folded word, and the same word backwards: of a word with one wrong letter, either the first
    half or the second half is right, so that one of the two indexes finds it."""

    text = KeyField(unique=True)
    backwards = KeyField(db_index=True)

    class Meta:
        ordering = ["text"]

    def __str__(self) -> str:
        return str(self.text)
