"""The queues of users, and the browsers and apps that play them."""

from django.conf import settings
from django.db import models
from django.utils import timezone


class Device(models.Model):
    """A browser or an app of a user.

    `key`: a random text by which it names itself. `is_playing`, `playing_since`: whether it is the
    one that plays. `state`: what it shows, such as the track and the position; see
    `listening.devices`.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_index=False
    )
    key = models.CharField(max_length=64)
    name = models.CharField(max_length=100)
    is_named_by_hand = models.BooleanField(default=False)
    last_seen_at = models.DateTimeField(default=timezone.now)
    is_playing = models.BooleanField(default=False)
    playing_since = models.DateTimeField(null=True, blank=True)
    state = models.JSONField(default=dict)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="device_unique_key")]

    def __str__(self) -> str:
        return self.name


class PlayQueue(models.Model):
    """A queue of a user: the current one, or an earlier one.

    `entries`: a JSON list of the ids of tracks, in the order in which they are played. `original`:
    while shuffled, the places of these in the order before; else empty. `index`: the current entry.
    `number`: the user's change number of the last change, by which a client says what its own
    change is based on.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_index=False
    )
    is_current = models.BooleanField(default=True)
    entries = models.TextField(default="[]")
    original = models.TextField(blank=True, default="")
    entry_count = models.PositiveIntegerField(default=0)
    index = models.PositiveIntegerField(default=0)
    position_s = models.FloatField(default=0)
    is_made_by_hand = models.BooleanField(default=False)
    title = models.TextField(blank=True, help_text="Of the current track, for lists of queues.")
    number = models.PositiveBigIntegerField(default=0)
    changed_at = models.DateTimeField(default=timezone.now)
    changed_by = models.ForeignKey(Device, models.SET_NULL, null=True, blank=True, related_name="+")
    replaced_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user"], condition=models.Q(is_current=True), name="play_queue_one_current"
            ),
        ]
        indexes = [models.Index(fields=["user", "-replaced_at"], name="play_queue_of_user")]

    def __str__(self) -> str:
        return f"queue {self.pk}"


class PlayerCommand(models.Model):
    """What one device of a user asks another to do, such as to pause. Valid for seconds only."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_index=False
    )
    device = models.ForeignKey(Device, models.CASCADE, related_name="+")
    sender = models.ForeignKey(Device, models.SET_NULL, null=True, blank=True, related_name="+")
    name = models.CharField(max_length=24)
    arguments = models.JSONField(default=dict)
    sent_at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [models.Index(fields=["user", "id"], name="player_command_of_user")]

    def __str__(self) -> str:
        return self.name
