"""Finds the user of an API key, for Django's requests and for plain ASGI endpoints.

The app password of a Subsonic client is taken in place of a key, see `accounts.app_passwords`.

A key is looked up by its digest, so the time of a look-up says nothing about keys that exist.
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db import close_old_connections

from accounts import app_password_logins
from accounts.api_keys import digest_of
from accounts.app_passwords import row_id_of
from accounts.kept_app_passwords import Check, KeptAppPasswords
from accounts.key_uses import note_use
from accounts.models import ApiKey
from asgi.kept_logins import kept_keys
from asgi.login_watch import LoginWatch
from asgi.logins import STRANGER, Visitor, look_ups

NEVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class KeyLogin:
    """The login of a response that was asked for with an API key."""

    digest: str = field(repr=False)


@dataclass(slots=True)
class _Key:
    """A key for `asgi.kept_logins`: there `session_key` is what a login is kept by."""

    session_key: str
    ends_at: datetime | None = None


def find_user(token: str, address: str, *, may_be_kept: bool) -> Any:
    """The user of the key `token`, sent by the client at `address`; AnonymousUser if there is none.

    Asks the database with one query, unless the login is kept and may be.
    """
    if row_id_of(token) is not None:
        found = app_password_logins.find_user(_by(token), address, may_be_kept=may_be_kept)
        return found or AnonymousUser()
    digest = digest_of(token)
    if digest is None:
        return AnonymousUser()
    if not may_be_kept:
        return _read(_Key(digest), address)
    return kept_keys.find(digest) or _look_up(digest, address)


async def find_visitor(token: str, address: str) -> Visitor:
    """The visitor with the key `token`; STRANGER if it is not in force. See `asgi.logins`."""
    if row_id_of(token) is not None:
        return await app_password_logins.find_visitor(_by(token), address)
    digest = digest_of(token)
    if digest is None:
        return STRANGER
    user = kept_keys.find(digest)
    if user is None:
        user = await look_ups.find(_look_up, digest, address)
    return Visitor(user, KeyLogin(digest), key_watch) if user.is_authenticated else STRANGER


def find_over(logins: Collection[KeyLogin]) -> set[KeyLogin]:
    """Those of `logins` that are over: the key was revoked or has expired, or its user is inactive.

    Makes one query.
    """
    close_old_connections()
    try:
        keys = ApiKey.objects.in_force().filter(digest__in={login.digest for login in logins})
        living = set(keys.values_list("digest", flat=True))
    finally:
        close_old_connections()
    return {login for login in logins if login.digest not in living}


key_watch = LoginWatch(find_over)


def _by(app_password: str) -> Check:
    return partial(KeptAppPasswords.by_key, key=app_password)


def _look_up(digest: str, address: str) -> Any:
    key = _Key(digest)
    return kept_keys.look_up(key, partial(_read, key, address))


def _read(key: _Key, address: str) -> Any:
    found = ApiKey.objects.in_force().select_related("user").filter(digest=key.session_key).first()
    if found is None:
        return AnonymousUser()
    key.ends_at = found.expires_at or NEVER
    note_use(found, address)
    return found.user
