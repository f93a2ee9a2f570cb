"""Columns of rows that belong to one track, album, artist or folder, or to a lost one."""

from collections.abc import Sequence
from functools import reduce
from operator import or_

from django.conf import settings
from django.db import models
from django.db.models import Q

from library.models.albums import Album
from library.models.catalogue import Artist, Track
from library.models.folders import Folder
from listening.models.lost import LostItem

KINDS = ("track", "album", "artist", "folder")


def exactly_one(names: Sequence[str]) -> Q:
    """The condition that exactly one of these columns is not null."""
    return reduce(or_, (Q(**{f"{each}__isnull": each != name for each in names}) for name in names))


def unique_for_each(names: Sequence[str], prefix: str) -> list[models.UniqueConstraint]:
    """A user has at most one row for each track, album and so on."""
    return [
        models.UniqueConstraint(
            fields=["user", name],
            condition=Q(**{f"{name}__isnull": False}),
            name=f"{prefix}_unique_{name}",
        )
        for name in names
    ]


class OfTrack(models.Model):
    """Belongs to a track, or to a lost one: exactly one of `track` and `lost` is not null."""

    track = models.ForeignKey(
        Track, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    lost = models.ForeignKey(
        LostItem, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )

    class Meta:
        abstract = True


class OfCatalogue(OfTrack):
    """Belongs to a user, and to exactly one track, album, artist, folder or lost one of these."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_index=False
    )
    album = models.ForeignKey(Album, models.PROTECT, null=True, blank=True, related_name="+")
    artist = models.ForeignKey(Artist, models.PROTECT, null=True, blank=True, related_name="+")
    folder = models.ForeignKey(Folder, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        abstract = True
