"""Where each user's player stands."""

from collections.abc import Mapping
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from library.models.catalogue import Track

NO_LOST_TRACK: Mapping[str, Any] = {
    "lost_title": "",
    "lost_artist": "",
    "lost_album": "",
    "lost_duration_s": None,
    "lost_musicbrainz_recording_id": "",
    "lost_audio_digest": "",
    "lost_progress_seconds": 0.0,
}
"""The columns that describe a lost track, in a row that has not lost one."""


class PlayerStateQuerySet(models.QuerySet["PlayerState"]):
    def waiting_for_track(self) -> Self:
        """Players whose current track was purged, and that have had no other one since."""
        return self.filter(current_track=None).exclude(lost_title="")

    def save_fields(self, user_id: int, given: Mapping[str, Any]) -> None:
        """Insert or update `given` in one statement, so that fields saved at the same moment by
        another request are not lost. A user who chooses a track no longer waits for a lost one.

        Raises IntegrityError where there is no such track.
        """
        if given.get("current_track_id") is not None:
            given = {**given, **NO_LOST_TRACK}
        self.bulk_create(
            [self.model(user_id=user_id, **given)],
            update_conflicts=True,
            unique_fields=["user"],
            update_fields=[self.model._meta.get_field(name).name for name in given],
        )


class PlayerState(models.Model):
    """One row a user: what plays, how far it is, and how it is played.

    When the current track is purged, `current_track` becomes null, and the columns `lost_...` keep
    what it was and how far the player had come; see `listening.followers`. They have defaults in
    the database, since a server of the version before inserts rows without them.
    """

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

    lost_title = models.TextField(blank=True, default="", db_default="")
    lost_artist = models.TextField(blank=True, default="", db_default="")
    lost_album = models.TextField(blank=True, default="", db_default="")
    lost_duration_s = models.FloatField(null=True, blank=True)
    lost_musicbrainz_recording_id = models.CharField(
        max_length=36, blank=True, default="", db_default=""
    )
    lost_audio_digest = models.CharField(max_length=32, blank=True, default="", db_default="")
    lost_progress_seconds = models.FloatField(default=0.0, db_default=0.0)

    objects = PlayerStateQuerySet.as_manager()

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
