"""Where a user is logged in, and how such a login is ended.

A login is a session in the database. Its end counts at once in this process, and within seconds in
others (`asgi.kept_logins`); open streams end within a minute (`asgi.login_watch`).
"""

import logging
from collections.abc import Callable, Collection, Iterator
from typing import Any

from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from accounts.models import Login
from runtime.turns import write_in_turn

MOST_ADOPTED = 2_000
"""How many sessions without a row one look at the list reads."""

logger = logging.getLogger(__name__)


def logins_of(user: User) -> list[Login]:
    """The user's logins that are in force, the last seen first. Sessions that nothing has noted yet
    are noted now, so that the list is whole right after an upgrade."""
    _adopt_sessions()
    rows = {row.session_key: row for row in Login.objects.filter(user=user)}
    living = {session.session_key for session in _in_force(user, _sessions(rows))}
    found = [row for key, row in rows.items() if key in living]
    return sorted(found, key=lambda row: row.last_seen_at or row.made_at, reverse=True)


def end_login(user: User, login_id: int) -> bool:
    """Whether there was such a login of this user."""
    return _end(Login.objects.filter(user=user, pk=login_id)) > 0


class LoginIsOver(Exception):
    """The login that asks has been ended itself."""


def end_other_logins(user: User, session_key: str | None) -> int:
    """End all logins of the user but the one with this session. Returns how many there were.

    Raises LoginIsOver if that session was ended meanwhile, and then ends nothing: of two browsers
    that ask at once, one stays logged in.
    """
    _adopt_sessions()

    def check() -> None:
        User.objects.select_for_update().get(pk=user.pk)  # one after the other
        if not Session.objects.filter(session_key=session_key).exists():
            raise LoginIsOver

    return _end(Login.objects.filter(user=user).exclude(session_key=session_key), check)


def _end(logins: QuerySet[Login], check: Callable[[], None] = lambda: None) -> int:
    """`check` is called first, in the same transaction."""

    def delete() -> list[int]:
        check()
        rows = dict(logins.values_list("session_key", "pk"))
        Session.objects.filter(session_key__in=rows).delete()
        Login.objects.filter(pk__in=rows.values()).delete()  # of sessions that were gone already
        return [*rows.values()]

    ended = write_in_turn(delete)
    for login_id in ended:
        logger.info("A login was ended: id=%d", login_id)
    return len(ended)


def _sessions(keys: Collection[str]) -> QuerySet[Session]:
    return Session.objects.filter(session_key__in=keys, expire_date__gt=timezone.now())


def _in_force(user: User, sessions: QuerySet[Session]) -> Iterator[Session]:
    """Those that Django accepts: a session from before a change of the password is over."""
    hashes = [user.get_session_auth_hash(), *user.get_session_auth_fallback_hash()]
    for session in sessions:
        data: dict[str, Any] = session.get_decoded()
        known = str(data.get(HASH_SESSION_KEY, ""))
        is_of_user = data.get(SESSION_KEY) == str(user.pk)
        if is_of_user and any(constant_time_compare(known, each) for each in hashes):
            yield session


def _adopt_sessions() -> None:
    listed = Login.objects.values("session_key")
    unlisted = Session.objects.filter(expire_date__gt=timezone.now())
    unlisted = unlisted.exclude(session_key__in=listed).order_by("-expire_date")[:MOST_ADOPTED]
    new = [
        Login(user_id=int(user_id), session_key=session.session_key)
        for session in unlisted
        if (user_id := session.get_decoded().get(SESSION_KEY))
    ]
    if new:
        write_in_turn(lambda: Login.objects.bulk_create(new, ignore_conflicts=True))
