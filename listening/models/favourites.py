"""What users have marked with a heart."""

from django.db import models
from django.utils import timezone

from listening.models.targets import KINDS, OfCatalogue, exactly_one, unique_for_each

TARGETS = (*KINDS, "lost")


class Favourite(OfCatalogue):
    """`number`: the user's change number that last changed this row (`events.marks`)."""

    favourited_at = models.DateTimeField(default=timezone.now)
    number = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=exactly_one(TARGETS), name="favourite_of_one"),
            *unique_for_each(TARGETS, "favourite"),
        ]
        indexes = [
            models.Index(fields=["track"], name="favourite_of_track"),
            models.Index(fields=["lost"], name="favourite_of_lost"),
            models.Index(fields=["user", "number"], name="favourite_number"),
            # The order of lists of tracks: tens of thousands may have a heart.
            models.Index(
                fields=["user", "favourited_at", "track"],
                condition=models.Q(track__isnull=False),
                name="favourite_by_time",
            ),
        ]

    def __str__(self) -> str:
        return f"favourite {self.pk}"
