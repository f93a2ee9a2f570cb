"""The stars that users give."""

from django.db import models
from django.utils import timezone

from listening.models.targets import KINDS, OfCatalogue, exactly_one, unique_for_each

TARGETS = (*KINDS, "lost")
MOST_STARS = 5


class Rating(OfCatalogue):
    """One to five stars. No row: no rating. `number`: the user's change number that last changed
    this row."""

    stars = models.PositiveSmallIntegerField()
    rated_at = models.DateTimeField(default=timezone.now)
    number = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=exactly_one(TARGETS), name="rating_of_one"),
            models.CheckConstraint(
                condition=models.Q(stars__gte=1, stars__lte=MOST_STARS), name="rating_of_stars"
            ),
            *unique_for_each(TARGETS, "rating"),
        ]
        indexes = [
            models.Index(fields=["track"], name="rating_of_track"),
            models.Index(fields=["lost"], name="rating_of_lost"),
            models.Index(fields=["user", "number"], name="rating_number"),
            # The order of lists of tracks: tens of thousands may have stars.
            models.Index(
                fields=["user", "stars", "track"],
                condition=models.Q(track__isnull=False),
                name="rating_by_stars",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.stars} stars"
