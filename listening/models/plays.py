"""When users heard which track, and how often they did."""

from django.conf import settings
from django.db import models

from listening.models.targets import OfTrack, exactly_one, unique_for_each

TARGETS = ("track", "lost")
LONGEST_CLIENT = 100
"""Of the name of a client, in characters."""


class Play(OfTrack):
    """A track that was heard: half of it or four minutes.

    `started_at`: when it began, to the whole second. `heard_s`: for how many seconds; null if not
    known, as for imported plays. `client`: what played it. `told_at`: what the client said where
    its clock was wrong, so that a play that it tells again is known.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_index=False
    )
    started_at = models.DateTimeField()
    heard_s = models.FloatField(null=True, blank=True)
    client = models.CharField(max_length=LONGEST_CLIENT, blank=True)
    told_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=exactly_one(TARGETS), name="play_of_one"),
            *(
                models.UniqueConstraint(
                    fields=["user", "started_at", name],
                    condition=models.Q(**{f"{name}__isnull": False}),
                    name=f"play_unique_{name}",
                )
                for name in TARGETS
            ),
        ]
        indexes = [
            models.Index(fields=["user", "-started_at", "-id"], name="play_of_user"),
            models.Index(
                fields=["user", "told_at"],
                condition=models.Q(told_at__isnull=False),
                name="play_told_at",
            ),
            models.Index(fields=["track", "user", "-started_at", "-id"], name="play_of_track"),
            models.Index(
                fields=["lost"], condition=models.Q(lost__isnull=False), name="play_of_lost"
            ),
        ]

    def __str__(self) -> str:
        return f"play {self.pk}"


class PlayCount(OfTrack):
    """How often a user heard a track, and when last. `count` may be more than there are rows of
    `Play`: other servers tell counts alone. `number`: the user's change number that last changed
    this row."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_index=False
    )
    count = models.PositiveIntegerField(default=0)
    last_played_at = models.DateTimeField(null=True, blank=True)
    number = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=exactly_one(TARGETS), name="play_count_of_one"),
            *unique_for_each(TARGETS, "play_count"),
        ]
        indexes = [
            models.Index(fields=["track"], name="play_count_of_track"),
            models.Index(
                fields=["lost"], condition=models.Q(lost__isnull=False), name="play_count_of_lost"
            ),
            models.Index(fields=["user", "number"], name="play_count_number"),
            models.Index(fields=["user", "count", "track"], name="play_count_order"),
            models.Index(fields=["user", "last_played_at", "track"], name="play_count_last"),
        ]

    def __str__(self) -> str:
        return f"{self.count} plays"
