"""Notes where users are logged in: at each login, and at most every few minutes at later requests.

A session without a row gets one at its next request: sessions from before the upgrade, and those
that servers of the version before begin.
"""

import logging
import time
from datetime import datetime, timedelta
from threading import Lock
from typing import Any, NamedTuple

from django.contrib.sessions.models import Session
from django.http import HttpRequest
from django.utils import timezone

from accounts.models import LONGEST_USER_AGENT, Login
from accounts.uses import Uses, shown_address
from runtime.turns import write_in_turn

EVERY = timedelta(minutes=5)
WITHIN_S = 1.0
"""How long SQLite may be busy. A server that stops waits for the thread."""
MOST_REMEMBERED = 10_000

logger = logging.getLogger(__name__)


class LoginUse(NamedTuple):
    """A request of a session."""

    user_id: int
    user_agent: str
    address: str
    at: datetime


class _Noted:
    """The sessions that were noted within EVERY in this process. Usable from any thread."""

    def __init__(self) -> None:
        self._until = dict[str, float]()
        self._lock = Lock()

    def is_due(self, session_key: str) -> bool:
        """Whether to note the session now; from now on it counts as noted."""
        now = time.monotonic()
        if now < self._until.get(session_key, 0.0):
            return False
        with self._lock:
            if len(self._until) >= MOST_REMEMBERED:
                self._until.clear()
            self._until[session_key] = now + EVERY.total_seconds()
        return True


_noted = _Noted()


def note_request(request: HttpRequest, user: Any) -> None:
    """`user` made this request. Returns at once: a thread writes it down."""
    key = request.session.session_key
    if user.is_authenticated and key and _noted.is_due(key):
        login_uses.add(key, _use_of(request, user))


def store_login(request: HttpRequest, user: Any, **_: Any) -> None:
    """Store the session of a user who has just logged in. A receiver of `user_logged_in`."""
    if request.session.session_key is None:
        request.session.create()
    key = request.session.session_key or ""
    _noted.is_due(key)
    use = _use_of(request, user)
    write_in_turn(lambda: _store(key, use))


def forget_login(instance: Session, **_: Any) -> None:
    """A session was deleted. A receiver of `post_delete`."""
    Login.objects.filter(session_key=instance.session_key).delete()


def write_uses(uses: dict[str, LoginUse]) -> None:
    """Store the uses in one transaction, in an order that lets no two servers deadlock."""

    def write() -> None:
        living = Session.objects.filter(session_key__in=uses).values_list("session_key", flat=True)
        for key in sorted(living):
            _store(key, uses[key])

    write_in_turn(write, WITHIN_S)


login_uses = Uses("logins", write_uses, logger)


def _use_of(request: HttpRequest, user: Any) -> LoginUse:
    agent = request.META.get("HTTP_USER_AGENT", "").replace("\0", "")[:LONGEST_USER_AGENT]
    return LoginUse(
        user.pk, agent, shown_address(request.META.get("REMOTE_ADDR") or ""), timezone.now()
    )


def _store(session_key: str, use: LoginUse) -> None:
    seen = {"user_agent": use.user_agent, "address": use.address, "last_seen_at": use.at}
    Login.objects.update_or_create(
        session_key=session_key, defaults={"user_id": use.user_id, **seen}
    )
