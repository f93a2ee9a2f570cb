"""The models of music folders and of the folders in them, as people put their files there."""

from django.db import models

from library.models.paths import PathField


class MusicFolder(models.Model):
    """A root: a folder of MUSIC_DIR. Its id is its number for good, also while it is not set."""

    root = PathField(unique=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return str(self.root)


class Folder(models.Model):
    """A folder that holds tracks, at any depth. The root itself has the path "" and no parent."""

    root = PathField()
    path = PathField(blank=True, help_text="Relative to its root.")
    parent = models.ForeignKey(
        "self", models.CASCADE, null=True, blank=True, related_name="folders"
    )
    name = PathField(help_text="The last part of the path; of a root, that of the root.")
    cover_id = models.CharField(max_length=32, blank=True, db_default="")
    cover_file_name = PathField(blank=True, db_default="")
    albums_to_settle = models.BooleanField(default=False, db_default=False)
    revision = models.PositiveBigIntegerField(
        default=0, db_default=0, help_text="The library's revision that last changed this row."
    )

    class Meta:
        ordering = ["root", "path"]
        constraints = [
            models.UniqueConstraint(fields=["root", "path"], name="folder_unique_path"),
        ]

    def __str__(self) -> str:
        return str(self.path or self.root)
