"""Keeps for a few seconds who is logged in, so that not each request has to ask the database.

A page asks for forty covers at once, and a player for the next part of its track again and again.
Only logins are kept: somebody who is not logged in is looked up each time, so that a login counts
at once. What changes a user, a session or an API key in this process ends all that is kept here, at
once; `accounts.apps` sees to that. Other processes notice it KEPT_S later at most.
"""

import time
from collections.abc import Callable
from datetime import datetime
from threading import Lock
from typing import Any, NamedTuple, Protocol

from django.db import transaction
from django.utils import timezone

KEPT_S = 5.0
MOST_KEPT = 10_000


class Session(Protocol):
    """A session, or an API key. `ends_at` is None if it is not in force; known after a look-up."""

    @property
    def session_key(self) -> str | None: ...

    @property
    def ends_at(self) -> datetime | None: ...


class _Kept(NamedTuple):
    """A login. The user is kept as the values of the columns, since requests may change a user
    object in their threads. `ends_at` is the end of the session."""

    kind: type[Any]
    database: str
    names: list[str]
    values: list[Any]
    ends_at: datetime
    until_s: float

    def user(self) -> Any:
        return self.kind.from_db(self.database, self.names, self.values)


class KeptLogins:
    """The users of sessions by the sessions' keys, or of API keys by the digests of the keys.

    Usable from any thread.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._kept: dict[str, _Kept] = {}
        self._changes = 0
        self._lock = Lock()

    def find(self, session_key: str | None) -> Any:
        """The user, as an object of the caller's own; None if the database has to be asked."""
        kept = self._kept.get(session_key or "")
        if kept is None or self._clock() >= kept.until_s or timezone.now() >= kept.ends_at:
            return None
        return kept.user()

    def look_up(self, session: Session, look_up: Callable[[], Any]) -> Any:
        """The user that `look_up` finds for `session`, kept if the user is logged in.

        The time counts from the beginning of the look-up. If any login changed meanwhile, nothing
        is kept, because the look-up may have read what was there before the change.
        """
        began_s, changes = self._clock(), self._changes
        user = look_up()
        key, ends_at = session.session_key, getattr(session, "ends_at", None)
        if user.is_authenticated and key and ends_at is not None:
            self._keep(key, user, ends_at, began_s + KEPT_S, changes)
        return user

    def _keep(
        self, session_key: str, user: Any, ends_at: datetime, until_s: float, changes: int
    ) -> None:
        names = [field.attname for field in user._meta.concrete_fields]
        values = [getattr(user, name) for name in names]
        database = user._state.db  # noqa: SLF001  # Django documents it
        kept = _Kept(type(user), database, names, values, ends_at, until_s)
        with self._lock:
            if changes == self._changes:
                if len(self._kept) >= MOST_KEPT:
                    self._kept.clear()
                self._kept[session_key] = kept

    def forget(self) -> None:
        """Forget all logins."""
        with self._lock:
            self._changes += 1
            self._kept.clear()


kept_logins = KeptLogins()
kept_keys = KeptLogins()
"""Apart from `kept_logins`: a session cookie with the digest of a key must find nobody."""


def forget_logins(**_: Any) -> None:
    """A receiver of signals: a user, a session or an API key changes.

    Forgets now and after the commit: until then, other threads still read what was there before.
    """
    _forget()
    transaction.on_commit(_forget)


def _forget() -> None:
    kept_logins.forget()
    kept_keys.forget()
