"""How users make and revoke their API keys.

A key acts for its user, with that user's role, without CSRF tokens. It is random, so its digest
needs no salt. Whoever has a key can make no further one; that takes a login by password.
"""

import hashlib
import logging
import re
import secrets
from datetime import datetime, timedelta

from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.models import ApiKey, ApiKeyQuerySet
from runtime.turns import write_in_turn

MOST_KEYS = 50
"""How many keys a user may have."""
LONGEST_NAME = 100
LONGEST_LIFE = timedelta(days=100 * 366)
"""Of keys that expire."""
_PREFIX = "mus-"
_RANDOM_BYTES = 32
_KEY = re.compile(r"mus-[A-Za-z0-9_-]{43}")
_SHOWN = 10
"""How many characters of a key are stored and shown: six random ones, of 43."""


logger = logging.getLogger(__name__)


class TooManyKeys(Exception):
    """The user has as many keys as a user may have. The text says so, for people."""

    def __init__(self) -> None:
        text = _("You have %(limit)d API keys, which is the limit: revoke one first.")
        super().__init__(text % {"limit": MOST_KEYS})


def digest_of(token: str) -> str | None:
    """What a key is stored as; None if `token` cannot be a key."""
    if not _KEY.fullmatch(token):
        return None
    return hashlib.sha256(token.encode()).hexdigest()


def keys_of(user: User) -> ApiKeyQuerySet:
    """The user's keys, also expired ones, the newest first."""
    return ApiKey.objects.filter(user=user).order_by("-pk")


def make_key(user: User, name: str, expires_at: datetime | None = None) -> tuple[ApiKey, str]:
    """The row of a new key, and the key itself, which cannot be shown again. Raises TooManyKeys."""
    token = _PREFIX + secrets.token_urlsafe(_RANDOM_BYTES)
    key = ApiKey(
        user=user,
        name=name,
        beginning=token[:_SHOWN],
        digest=digest_of(token) or "",
        expires_at=expires_at,
    )
    write_in_turn(lambda: _save_within_limit(key))
    logger.info("An API key was made: id=%d user=%d", key.pk, user.pk)
    return key, token


def revoke(keys: QuerySet[ApiKey]) -> int:
    """Delete these keys, at once. Returns how many there were."""
    ids = write_in_turn(lambda: _delete(keys))
    for each in ids:
        logger.info("An API key was revoked: id=%d", each)
    return len(ids)


def _delete(keys: QuerySet[ApiKey]) -> list[int]:
    ids = list(keys.values_list("pk", flat=True))
    keys.filter(pk__in=ids).delete()
    return ids


def _save_within_limit(key: ApiKey) -> None:
    """The user's row is locked, so that concurrent calls count each other's keys. (On SQLite the
    transaction already has the write lock.)"""
    User.objects.select_for_update().get(pk=key.user_id)
    if keys_of(key.user).count() >= MOST_KEYS:
        raise TooManyKeys
    key.save()
