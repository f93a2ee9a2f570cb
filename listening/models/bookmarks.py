"""Where users left long tracks."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from listening.models.targets import OfTrack, exactly_one, unique_for_each

TARGETS = ("track", "lost")


class Bookmark(OfTrack):
    """A position in a track. `is_by_hand`: the user set it; the player sets the others itself, in
    long tracks. `number`: the user's change number that last changed this row."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_index=False
    )
    position_s = models.FloatField()
    comment = models.TextField(blank=True)
    is_by_hand = models.BooleanField(default=True)
    created_at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(default=timezone.now)
    number = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=exactly_one(TARGETS), name="bookmark_of_one"),
            models.CheckConstraint(
                condition=models.Q(position_s__gte=0), name="bookmark_position_not_negative"
            ),
            *unique_for_each(TARGETS, "bookmark"),
        ]
        indexes = [
            models.Index(fields=["track"], name="bookmark_of_track"),
            models.Index(fields=["lost"], name="bookmark_of_lost"),
            models.Index(fields=["user", "number"], name="bookmark_number"),
        ]

    def __str__(self) -> str:
        return f"bookmark {self.pk}"
