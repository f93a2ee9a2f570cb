"""Tracks, albums, artists and folders that people's things belong to and that the library does not
have."""

from django.db import models
from django.utils import timezone


class LostKind(models.TextChoices):
    TRACK = "track", "track"
    ALBUM = "album", "album"
    ARTIST = "artist", "artist"
    FOLDER = "folder", "folder"


class LostItem(models.Model):
    """What was purged, or was imported and never was in the library.

    Favourites, plays, places in playlists and the like point at this row instead of the track
    (`lost` instead of `track`), and point at the track again as soon as it is in the library.

    `former_id`: the id that the purged row had; null for what was imported. `musicbrainz_id`: of a
    track the recording id, of an album the release id. `title`: of an artist or a folder the name.
    `match_key`, `path_key`: see `listening.lost`.
    """

    kind = models.CharField(max_length=6, choices=LostKind.choices, default=LostKind.TRACK)
    former_id = models.PositiveBigIntegerField(null=True, blank=True)
    audio_digest = models.CharField(max_length=32, blank=True)
    musicbrainz_id = models.CharField(max_length=36, blank=True)
    title = models.TextField()
    artist = models.TextField(blank=True)
    album = models.TextField(blank=True)
    duration_s = models.FloatField(null=True, blank=True)
    path = models.TextField(
        blank=True, help_text="Where it was, or where a playlist's file says that it is."
    )
    match_key = models.CharField(max_length=32, blank=True)
    path_key = models.CharField(max_length=32, blank=True)
    lost_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "former_id"],
                condition=models.Q(former_id__isnull=False),
                name="lost_item_unique_former",
            ),
        ]
        indexes = [
            models.Index(fields=["kind", "match_key"], name="lost_item_match_key"),
            models.Index(
                fields=["path_key"],
                condition=~models.Q(path_key=""),
                name="lost_item_path_key",
            ),
            models.Index(
                fields=["audio_digest"],
                condition=~models.Q(audio_digest=""),
                name="lost_item_digest",
            ),
            models.Index(
                fields=["musicbrainz_id"],
                condition=~models.Q(musicbrainz_id=""),
                name="lost_item_musicbrainz",
            ),
        ]

    def __str__(self) -> str:
        return self.title
