"""App passwords: how users make, see and revoke them.

A Subsonic client logs in by one of these instead of the password of the account. The secret is not
stored. It is derived from the row and SECRET_KEY, so that a stolen database gives nothing away and
the secret can be shown again. A new SECRET_KEY ends all app passwords.

`accounts.app_password_logins` finds the user of one. Each change of a row here is announced to it
by `accounts.app_password_changes`.
"""

import base64
import logging
import re
import secrets
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.contrib.auth.models import User
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from accounts.models import AppPassword
from runtime.turns import write_in_turn

PAGE = "apps/"
"""The path, below that of mus, of the page on which users make them."""
MOST_APP_PASSWORDS = 50
"""How many app passwords in force a user may have."""
LONGEST_NAME = 100
UNDO_WITHIN = timedelta(hours=1)
"""How long after its revocation an app password can be put in force again."""
LISTED_FOR = timedelta(days=30)
"""How long a revoked app password stays in its user's list; then its row is deleted."""
MOST_REVOKED = 50
"""How many revoked ones of a user are kept. A user who makes and revokes one again and again would
fill the table otherwise."""

_SALT = "mus.accounts.app-password"
_SECRET_LENGTH = 26
"""Letters and digits of base32, of 5 bits each: 130 bits."""
_PASSWORD = re.compile(r"mus-([1-9][0-9]{0,14})-[a-z2-7]{26}")
"""No API key has this form: `mus-` and 43 characters would need an id of 16 digits."""

logger = logging.getLogger(__name__)


class AppPasswordsRefused(Exception):
    """It cannot be made or put in force again. The text says why, for people."""


def password_of(row: AppPassword) -> str:
    """What the user types into the app: `mus-<id>-<secret>`."""
    return derived_password(row.pk, row.nonce)


def derived_password(pk: int, nonce: str) -> str:
    """The password of the row with this id and nonce."""
    mac = salted_hmac(_SALT, f"{pk}|{nonce}", algorithm="sha256").digest()
    return f"mus-{pk}-{base64.b32encode(mac).decode().lower()[:_SECRET_LENGTH]}"


def row_id_of(key: str) -> int | None:
    """The id of the row that an app password names; None if `key` has not the form of one."""
    found = _PASSWORD.fullmatch(key)
    return int(found[1]) if found else None


def without_passwords(text: str) -> str:
    """`text` for a log: some people type the password as their name."""
    return _PASSWORD.sub("mus-…", text)


def in_force(rows: QuerySet[AppPassword] | None = None) -> QuerySet[AppPassword]:
    """Those that were not revoked, of users who are active."""
    found = AppPassword.objects.all() if rows is None else rows
    return found.filter(revoked_at=None, user__is_active=True)


def have_none(username: str) -> bool:
    """Whether there is an active user of this name, in whatever case, and none of them has an app
    password in force."""
    users = User.objects.filter(username__iexact=username, is_active=True)
    return users.exists() and not in_force().filter(user__in=users).exists()


def app_passwords_of(user: User) -> QuerySet[AppPassword]:
    """The user's app passwords, the newest first; also those that were revoked lately."""
    is_listed = Q(revoked_at=None) | Q(revoked_at__gt=timezone.now() - LISTED_FOR)
    return AppPassword.objects.filter(is_listed, user=user).order_by("-pk")


def can_be_restored(row: AppPassword) -> bool:
    return row.revoked_at is not None and row.revoked_at > timezone.now() - UNDO_WITHIN


def make_app_password(user: Any, name: str) -> AppPassword:
    """Raises AppPasswordsRefused if the user has too many."""
    row = AppPassword(user=user, name=name, nonce=secrets.token_hex(16))
    write_in_turn(lambda: _save_within_limit(row))
    logger.info("An app password was made: id=%d user=%d", row.pk, user.pk)
    return row


def revoke_app_passwords(rows: QuerySet[AppPassword]) -> int:
    """Revoke these, at once. Returns how many of them were in force."""
    ids = write_in_turn(lambda: _revoke(rows))
    for each in ids:
        logger.info("An app password was revoked: id=%d", each)
    return len(ids)


def restore_app_password(user: Any, row_id: int) -> AppPassword | None:
    """Put an app password of the user, revoked a short time ago, in force again: the app that has
    it goes on. Returns None if there is none. Raises AppPasswordsRefused if the user has too many
    by now."""
    row = app_passwords_of(user).filter(pk=row_id).first()
    if row is None or not can_be_restored(row):
        return None
    row.revoked_at = None
    write_in_turn(lambda: _save_within_limit(row))
    logger.info("An app password is in force again: id=%d user=%d", row.pk, user.pk)
    return row


def _save_within_limit(row: AppPassword) -> None:
    """The user's row is locked, so that concurrent calls count each other's rows. (On SQLite the
    transaction already has the write lock.)"""
    User.objects.select_for_update().get(pk=row.user_id)
    others = AppPassword.objects.filter(user=row.user_id, revoked_at=None).exclude(pk=row.pk)
    if others.count() >= MOST_APP_PASSWORDS:
        raise AppPasswordsRefused(
            _("There are %(limit)d app passwords, which is the limit: revoke one first.")
            % {"limit": MOST_APP_PASSWORDS}
        )
    row.save()


def _revoke(rows: QuerySet[AppPassword]) -> list[int]:
    now = timezone.now()
    found = list(rows.filter(revoked_at=None))
    for row in found:
        row.revoked_at = now
        row.save(update_fields=["revoked_at"])  # unlike `update`, sends the signal
    _delete_old({row.user_id for row in found})
    return [row.pk for row in found]


def _delete_old(user_ids: Iterable[int]) -> None:
    for user_id in user_ids:
        revoked = AppPassword.objects.filter(user=user_id).exclude(revoked_at=None)
        newest = revoked.order_by("-revoked_at", "-pk").values_list("pk", flat=True)[:MOST_REVOKED]
        is_old = Q(revoked_at__lte=timezone.now() - LISTED_FOR) | ~Q(pk__in=list(newest))
        revoked.filter(is_old).delete()
