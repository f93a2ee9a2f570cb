"""The models of what tracks and albums are sorted into: genres and record labels."""

from django.db import models

from library.models.keys import KeyField


class Named(models.Model):
    """What is told apart by its name. `key` is the `identity_key` of the name: names that differ
    only in case are one."""

    key = KeyField(unique=True)
    name = models.TextField()
    sort_key = KeyField(db_index=True)
    revision = models.PositiveBigIntegerField(
        default=0, db_default=0, help_text="The library's revision that last changed this row."
    )

    class Meta:
        abstract = True
        ordering = ["sort_key"]

    def __str__(self) -> str:
        return self.name


class Genre(Named):
    """A genre that tracks name."""

    class Meta(Named.Meta):
        pass


class Label(Named):
    """A record label that albums name."""

    class Meta(Named.Meta):
        pass
