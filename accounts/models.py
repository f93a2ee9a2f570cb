"""API keys and app passwords, with which programs and apps act for a user, users' logins, and the
language of an account."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

LONGEST_USER_AGENT = 300


class ApiKeyQuerySet(models.QuerySet["ApiKey"]):
    def in_force(self) -> Self:
        """Keys that have not expired, of users who are active."""
        has_not_expired = Q(expires_at=None) | Q(expires_at__gt=timezone.now())
        return self.filter(has_not_expired, user__is_active=True)


class ApiKey(models.Model):
    """A key of a user. Only its digest is stored, so nobody can read a key from the database.

    `last_used_at` is written at most every few minutes; see `accounts.key_uses`.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="api_keys")
    name = models.CharField(max_length=100, help_text="What the key is for, in the user's words.")
    beginning = models.CharField(
        "begins with", max_length=16, help_text="So that people can tell their keys apart."
    )
    digest = models.CharField(
        max_length=64, unique=True, editable=False, help_text="SHA-256 of the key, hexadecimal."
    )
    created_at = models.DateTimeField("created", default=timezone.now, editable=False)
    expires_at = models.DateTimeField("expires", null=True, blank=True, help_text="null: never.")
    last_used_at = models.DateTimeField("last used", null=True, blank=True, editable=False)
    last_used_from = models.CharField(
        max_length=45, blank=True, default="", help_text="The address of the last client."
    )

    objects = ApiKeyQuerySet.as_manager()

    class Meta:
        verbose_name = "API key"

    def __str__(self) -> str:
        return f"{self.name} ({self.beginning}…)"

    @property
    def has_expired(self) -> bool:
        return self.expires_at is not None and self.expires_at <= timezone.now()


class AppPassword(models.Model):
    """A password of a user for one Subsonic client. The secret itself is not stored; see
    `accounts.app_passwords`. A revoked one stays as a row, so that the list can say so."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="app_passwords")
    name = models.CharField(max_length=100, help_text="The app, in the user's words.")
    nonce = models.CharField(max_length=32, editable=False)
    created_at = models.DateTimeField("created", default=timezone.now, editable=False)
    last_used_at = models.DateTimeField("last used", null=True, blank=True, editable=False)
    last_used_by = models.CharField(
        max_length=100, blank=True, default="", help_text="The name that the app gave itself."
    )
    last_used_from = models.CharField(
        max_length=45, blank=True, default="", help_text="The address of the last client."
    )
    revoked_at = models.DateTimeField("revoked", null=True, blank=True)

    class Meta:
        verbose_name = "app password"

    def __str__(self) -> str:
        return self.name


class AppPasswordRevision(models.Model):
    """One row, with a number that changes whenever a login by app password may have changed; see
    `accounts.app_password_changes`."""

    number = models.BigIntegerField(default=0)

    class Meta:
        verbose_name = "revision of the app passwords"

    def __str__(self) -> str:
        return str(self.number)


class Login(models.Model):
    """A session of a user, as the list of a user's logins shows it; see `accounts.logins`.

    Django's sessions do not name their user in a column. The row goes with its session.
    `last_seen_at` is written at most every few minutes. The database does not check `user`:
    servers of the version before do not know this table, and delete users all the same.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="logins", db_constraint=False
    )
    session_key = models.CharField(max_length=40, unique=True, editable=False)
    user_agent = models.CharField(max_length=LONGEST_USER_AGENT, blank=True)
    address = models.CharField(
        max_length=45, blank=True, help_text="The address of the last client."
    )
    made_at = models.DateTimeField("logged in", default=timezone.now, editable=False)
    last_seen_at = models.DateTimeField("last seen", null=True, blank=True, editable=False)

    def __str__(self) -> str:
        return f"login {self.pk}"


class AccountLanguage(models.Model):
    """The language that a user chose for all browsers; see `accounts.languages`. Without a row each
    browser's own is used. The database does not check `user`, for the reason that `Login` names."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        primary_key=True,
        related_name="+",
        db_constraint=False,
    )
    code = models.CharField(max_length=15, help_text="A code of LANGUAGES, such as `de`.")

    class Meta:
        verbose_name = "language of an account"
        verbose_name_plural = "languages of accounts"

    def __str__(self) -> str:
        return self.code
