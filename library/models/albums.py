"""Albums, which scans derive from the tracks, and the record labels that they name."""

from typing import Self

from django.db import models

from library.models.genres import Label
from library.models.keys import KeyField
from library.models.searched import Sought, search_condition


class AlbumQuerySet(models.QuerySet["Album"]):
    def listed(self) -> Self:
        """Albums that have at least one present track."""
        return self.filter(track_count__gt=0)

    def search(self, text: str | Sought) -> Self:
        """Albums where every word of `text` occurs in the title, album artist, a genre or the year;
        see `library.models.folding.plain` for what makes no difference."""
        return self.filter(search_condition(text))


class Album(models.Model):
    """Tracks that belong together: what one release's tracks share.

    `library.albums` has the rules, `library.scanning.settling` applies them. `name_key` is the
    `identity_key` of the title and the album artist; several albums may have one, such as two
    editions. `key` is only there for servers of the version before, which find albums by it.
    """

    key = KeyField(unique=True)
    name_key = KeyField(blank=True, db_default="", db_index=True)
    title = models.TextField()
    title_key = KeyField(db_index=True)
    album_artist = models.TextField(blank=True)
    artist_key = KeyField(blank=True)
    year = models.PositiveSmallIntegerField(null=True, blank=True)
    musicbrainz_release_id = models.CharField(max_length=36, blank=True)
    compilation = models.BooleanField(default=False)
    cover_id = models.CharField(max_length=32, blank=True)
    cover_track_id = models.PositiveBigIntegerField(
        null=True, blank=True, help_text="The first present track that has the cover."
    )
    title_sort = models.TextField(blank=True, db_default="")
    album_artist_sort = models.TextField(blank=True, db_default="")
    first_year = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="Of the original release; else of this one."
    )
    first_date = KeyField(
        blank=True, db_default="", help_text="By which albums are sorted: as `first_year`."
    )
    original_date = models.CharField(max_length=10, blank=True, db_default="")
    release_date = models.CharField(max_length=10, blank=True, db_default="")
    release_types = models.JSONField(default=list, db_default=[])
    edition = models.TextField(blank=True, db_default="")
    labels = models.JSONField(default=list, db_default=[], help_text="Names; see AlbumLabel.")
    catalogue_number = models.TextField(blank=True, db_default="")
    genres = models.JSONField(default=list, db_default=[], help_text="Names, of all its tracks.")
    disc_titles = models.JSONField(default=dict, db_default={}, help_text="By disc number.")
    musicbrainz_release_group_id = models.CharField(max_length=36, blank=True, db_default="")
    track_count = models.PositiveIntegerField(
        default=0, db_default=0, help_text="Of its present tracks, as the next two."
    )
    duration_s = models.FloatField(default=0, db_default=0)
    first_added_at = models.DateTimeField(null=True, blank=True)
    search_text = models.TextField(blank=True, db_default="")
    together_by = models.CharField(
        max_length=24, blank=True, db_default="", help_text="The rule by which its tracks are one."
    )
    apart_by = models.CharField(
        max_length=24,
        blank=True,
        db_default="",
        help_text="The rule by which it is not one with another album of its name.",
    )
    disambiguation = models.TextField(
        blank=True, db_default="", help_text="What tells it from another album of its name."
    )
    revision = models.PositiveBigIntegerField(
        default=0,
        db_default=0,
        help_text="The library's revision that last changed this row or a track of the album.",
    )

    objects = AlbumQuerySet.as_manager()

    class Meta:
        ordering = ["title_key"]
        indexes = [
            models.Index(fields=["musicbrainz_release_id"], name="album_of_release"),
            models.Index(fields=["revision"], name="album_revision"),
        ]

    def __str__(self) -> str:
        return self.title


class AlbumLabel(models.Model):
    """A record label of an album; `position` is the label's place in the files."""

    album = models.ForeignKey(Album, models.CASCADE, related_name="album_labels", db_index=False)
    label = models.ForeignKey(Label, models.PROTECT, related_name="album_labels", db_index=False)
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=["album", "position"], name="album_label_unique_position"
            ),
        ]
        indexes = [models.Index(fields=["label", "album"], name="album_of_label")]

    def __str__(self) -> str:
        return str(self.label)
