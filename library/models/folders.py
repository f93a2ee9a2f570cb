"""The models of music folders and of the folders in them, as people put their files there."""

import os
import re
from typing import Self

from django.db import models

from library.models.folding import SORT_KEY_BYTES, cut, fold
from library.models.keys import KeyField
from library.models.paths import PathField, path_to_text

_NUMBER = re.compile("[0-9]+")
_LONGEST_NUMBER = 9


def folder_name(root: str, path: str) -> str:
    """The last part of a folder's path; of a root (path ""), that of the root."""
    return os.path.basename(path or root.rstrip("/")) or root


def folder_name_key(name: str) -> str:
    """The key by which folders are sorted: folded, and numbers by their value, so that `CD 2` comes
    before `CD 10`."""
    padded = _NUMBER.sub(lambda number: number[0].zfill(_LONGEST_NUMBER), fold(path_to_text(name)))
    return cut(padded, SORT_KEY_BYTES)


class MusicFolder(models.Model):
    """A root: a folder of MUSIC_DIR. Its id is its number for good, also while it is not set."""

    root = PathField(unique=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return str(self.root)


class FolderQuerySet(models.QuerySet["Folder"]):
    def listed(self) -> Self:
        """Folders that hold present tracks, themselves or in folders below them."""
        return self.filter(total_track_count__gt=0)


class Folder(models.Model):
    """A folder that holds tracks, at any depth. The root itself has the path "" and no parent.

    `track_count` counts the present tracks in the folder itself, `total_track_count` those in
    folders below it, too. Scans keep both.
    """

    root = PathField()
    path = PathField(blank=True, help_text="Relative to its root.")
    # No index of its own: the index `folder_of_parent` below begins with this column.
    parent = models.ForeignKey(
        "self", models.CASCADE, null=True, blank=True, related_name="folders", db_index=False
    )
    name = PathField(help_text="The last part of the path; of a root, that of the root.")
    name_key = KeyField(blank=True, db_default="")
    cover_id = models.CharField(max_length=32, blank=True, db_default="")
    cover_file_name = PathField(blank=True, db_default="")
    track_count = models.PositiveIntegerField(default=0, db_default=0)
    total_track_count = models.PositiveIntegerField(default=0, db_default=0)
    albums_to_settle = models.BooleanField(
        default=False,
        db_default=False,
        help_text="Its tracks changed since their albums were worked out.",
    )
    revision = models.PositiveBigIntegerField(
        default=0, db_default=0, help_text="The library's revision that last changed this row."
    )

    objects = FolderQuerySet.as_manager()

    class Meta:
        ordering = ["root", "path"]
        constraints = [
            models.UniqueConstraint(fields=["root", "path"], name="folder_unique_path"),
        ]
        indexes = [
            models.Index(fields=["parent", "name_key", "id"], name="folder_of_parent"),
            models.Index(fields=["revision"], name="folder_revision"),
            models.Index(
                fields=["id"], condition=models.Q(albums_to_settle=True), name="folder_to_settle"
            ),
        ]

    def __str__(self) -> str:
        return str(self.path or self.root)
