"""Links by which people without a login hear some of the music."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from library.models.albums import Album
from listening.models.playlists import Playlist
from listening.models.targets import OfTrack, exactly_one


class Share(models.Model):
    """A link that a user made, see `listening.shares`.

    `selector` finds the row of a link; `nonce` is what the secret part of the link is derived from.
    `expires_at`, `visit_limit`: null for no end and for any number of visits. `deleted_at`: the
    owner deleted it; it is kept for a while, so that this can be undone.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    selector = models.CharField(max_length=8, unique=True)
    nonce = models.CharField(max_length=32)
    description = models.TextField(blank=True)
    allows_download = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField(null=True, blank=True)
    visit_limit = models.PositiveIntegerField(null=True, blank=True)
    visit_count = models.PositiveIntegerField(default=0)
    last_visited_at = models.DateTimeField(null=True, blank=True)
    deleted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.description or f"share {self.pk}"


class ShareItem(OfTrack):
    """What a share holds, in the order of `id`: a track, an album, a playlist, or a lost one of the
    first two. Of an album and a playlist, what is in them at the time of a visit."""

    share = models.ForeignKey(Share, models.CASCADE, related_name="items")
    album = models.ForeignKey(Album, models.PROTECT, null=True, blank=True, related_name="+")
    playlist = models.ForeignKey(Playlist, models.CASCADE, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=exactly_one(("track", "album", "playlist", "lost")),
                name="share_item_of_one",
            ),
        ]
        indexes = [
            models.Index(fields=["track"], name="share_item_of_track"),
            models.Index(
                fields=["lost"],
                condition=models.Q(lost__isnull=False),
                name="share_item_of_lost",
            ),
        ]

    def __str__(self) -> str:
        return f"item {self.pk}"


class ShareVisit(models.Model):
    """A visit that was counted. `name`: that of the visit in the addresses of its page. The row
    goes when these addresses have ended."""

    share = models.ForeignKey(Share, models.CASCADE, related_name="+", db_index=False)
    name = models.CharField(max_length=16)
    begun_at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["share", "name"], name="share_visit_once"),
        ]

    def __str__(self) -> str:
        return f"visit {self.pk}"
