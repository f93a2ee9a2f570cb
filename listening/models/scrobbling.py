"""Accounts at services that collect what people hear, and what is still to be told to these."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy


class ScrobbleService(models.TextChoices):
    LISTENBRAINZ = "listenbrainz", "ListenBrainz"
    LASTFM = "lastfm", "Last.fm"
    LIBREFM = "librefm", "Libre.fm"


class ScrobbleAccount(models.Model):
    """A user's account at a service.

    `url`: the address of the service's API, if it is not the usual one. `secret`: the token or
    session key, encrypted (`listening.scrobbling.secrets`). `connected_at`: when the service
    confirmed the secret; null until it does. `is_enabled`: whether plays are told.

    `problem`: why nothing can be told until the user does something, for people; else empty.
    `failures`: how many attempts in a row failed; `last_failure`: why the last one did, for people;
    `paused_until`: no attempt is made before.

    `claimed_by`, `claimed_until`: which server process delivers to this account at the moment. Only
    that process sends something or changes rows of the outbox that were sent.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    service = models.CharField(max_length=12, choices=ScrobbleService.choices)
    url = models.TextField(blank=True)
    name = models.TextField(blank=True, help_text="The user's name at the service.")
    secret = models.TextField(blank=True)
    is_enabled = models.BooleanField(default=True)
    tells_now_playing = models.BooleanField(default=True)
    tells_favourites = models.BooleanField(default=True)
    made_at = models.DateTimeField(default=timezone.now)
    connected_at = models.DateTimeField(null=True, blank=True)
    problem = models.TextField(blank=True)
    failures = models.PositiveIntegerField(default=0)
    last_failure = models.TextField(blank=True)
    paused_until = models.DateTimeField(null=True, blank=True)
    claimed_by = models.CharField(max_length=64, blank=True)
    claimed_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "service", "url"], name="scrobble_account_unique"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} at {self.get_service_display()}"


class OutboxKind(models.TextChoices):
    LISTEN = "listen", gettext_lazy("play")
    LOVE = "love", gettext_lazy("favourite")
    UNLOVE = "unlove", gettext_lazy("favourite taken away")


class OutboxState(models.TextChoices):
    WAITING = "waiting", "waiting"
    ASKING = "asking", "sent, the answer was lost"
    REFUSED = "refused", "refused"
    SENT = "sent", "sent"


class OutboxItem(models.Model):
    """Something to tell a service. It is written in the transaction of the play or the favourite.

    `facts`: what is told of the track, as it was then; the row needs the track no longer.
    `started_at`: of a play, when it began. `reason`: why it was refused, for people.
    """

    account = models.ForeignKey(
        ScrobbleAccount, models.CASCADE, related_name="outbox", db_index=False
    )
    kind = models.CharField(max_length=6, choices=OutboxKind.choices)
    state = models.CharField(max_length=7, choices=OutboxState.choices, default=OutboxState.WAITING)
    facts = models.JSONField(default=dict)
    started_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveIntegerField(default=0)
    reason = models.TextField(blank=True)
    made_at = models.DateTimeField(default=timezone.now)
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["account", "state", "id"], name="outbox_of_account"),
            models.Index(
                fields=["settled_at"],
                condition=models.Q(settled_at__isnull=False),
                name="outbox_settled",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"
