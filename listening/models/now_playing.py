"""What users listen to at the moment, as their clients report it."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from library.models.catalogue import Track


class NowPlaying(models.Model):
    """The track that one client of a user plays: one row a client.

    `client`: the name that the app gives itself. `state`: starting, playing, paused or stopped.
    `position_s` is that of `reported_at`; while it plays, it goes on at `rate`. `heard_s`: how much
    of the track was played until then.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_index=False
    )
    client = models.CharField(max_length=100)
    track = models.ForeignKey(Track, models.CASCADE, related_name="+")
    started_at = models.DateTimeField(default=timezone.now)
    reported_at = models.DateTimeField(default=timezone.now)
    state = models.CharField(max_length=10, default="playing")
    position_s = models.FloatField(default=0)
    heard_s = models.FloatField(default=0)
    rate = models.FloatField(default=1)
    is_scrobbled = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "client"], name="now_playing_unique_client")
        ]

    def __str__(self) -> str:
        return f"{self.client}: {self.track_id}"
