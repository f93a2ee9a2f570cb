"""Where each user's player stands."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from library.models.catalogue import Track


class PlayerState(models.Model):
    """One row a user: what plays, how far it is, and how it is played."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="player_state"
    )
    current_track = models.ForeignKey(Track, models.SET_NULL, null=True, blank=True)
    progress_seconds = models.FloatField(default=0.0)
    volume_level = models.FloatField(default=1.0)
    is_muted = models.BooleanField(default=False)
    is_shuffle = models.BooleanField(default=False)
    is_repeat = models.BooleanField(default=False)
    is_repeat_one = models.BooleanField(
        default=False, help_text="While repeating: the current track alone, not the queue."
    )

    class Meta:
        db_table = "library_playerstate"  # the name it got when it belonged to that app
        constraints = [
            models.CheckConstraint(
                condition=Q(progress_seconds__gte=0), name="player_state_progress_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(volume_level__gte=0, volume_level__lte=1),
                name="player_state_volume_in_range",
            ),
        ]

    def __str__(self) -> str:
        return f"player of {self.user}"
