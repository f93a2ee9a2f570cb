"""Finds the user of an app password, for Subsonic clients and for the API.

Users and their app passwords are kept in memory. All servers that share a database look at most
once a second whether a number has changed (`accounts.app_password_changes`), and read them again if
it has. So a request costs no query, and a revocation counts within a second everywhere, at once in
the process in which it is made.
"""

import asyncio
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from threading import Lock
from typing import Any

from django.db import close_old_connections
from django.utils import timezone

from accounts.app_password_changes import current_number, on_change
from accounts.app_password_uses import note_app_use
from accounts.app_passwords import in_force
from accounts.kept_app_passwords import (
    NONE_KEPT,
    Check,
    Found,
    KeptAppPassword,
    KeptAppPasswords,
    KeptUser,
    kept_user,
)
from accounts.models import AppPassword
from asgi.login_watch import LoginWatch
from asgi.logins import STRANGER, Visitor
from asgi.look_ups import LookUps
from asgi.shared_work import SharedWork

LOOK_EVERY_S = 1.0
READ_EVERY_S = 60.0
"""They are read again after this time at the latest, for changes that advance no number: those of a
server of an earlier version, and those that somebody makes in the database by hand."""
NOTED_EVERY = timedelta(hours=1)

look_ups = LookUps("app passwords", threads=2)


@dataclass(frozen=True, slots=True)
class AppLogin:
    """The login of a response that was asked for with an app password."""

    app_password_id: int


class AppPasswordLogins:
    """What is kept in this process. Usable from any thread."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._kept = NONE_KEPT
        self._number = -1
        self._read_at_s = self._looked_at_s = float("-inf")
        self._forgotten = 0
        self._looking = Lock()
        self._state = Lock()
        self._looks = SharedWork[None]()

    def find(self, check: Check) -> Found:
        """The app password that `check` finds. For threads with a connection of their own."""
        if self._is_due():
            self._look(self._clock() - LOOK_EVERY_S)
        found = check(self._kept)
        if found is None:
            self._look(self._clock())  # it may have been made a moment ago, at another server
            found = check(self._kept)
        return found

    async def find_kept(self, check: Check) -> Found:
        """The same on the event loop, without the second look."""
        if self._is_due():
            look = partial(look_ups.find, self._look, self._clock() - LOOK_EVERY_S)
            await self._looks.result(id(asyncio.get_running_loop()), look)
        return check(self._kept)

    async def find_newest(self, check: Check) -> Found:
        """As the database has them now."""
        await look_ups.find(self._look, self._clock())
        return check(self._kept)

    def forget(self) -> None:
        """The next request looks. What is read at this moment is not relied on."""
        with self._state:
            self._forgotten += 1
            self._number = -1
            self._looked_at_s = float("-inf")

    def _is_due(self) -> bool:
        return self._clock() - self._looked_at_s >= LOOK_EVERY_S

    def _look(self, not_before_s: float) -> None:
        """Read again what has changed, unless another thread began to look after this moment."""
        with self._looking:
            if self._looked_at_s > not_before_s:
                return
            now_s, forgotten = self._clock(), self._forgotten
            number = current_number()  # first, so that rows may be newer than it, never older
            is_old = now_s - self._read_at_s >= READ_EVERY_S
            kept = _read(self._kept) if is_old or number != self._number else self._kept
            with self._state:
                if forgotten != self._forgotten:
                    return
                if kept is not self._kept:
                    self._kept, self._number, self._read_at_s = kept, number, now_s
                self._looked_at_s = now_s


def _read(before: KeptAppPasswords) -> KeptAppPasswords:
    """All that are in force, by one query. Secrets that were derived before are taken over."""
    users: dict[int, KeptUser] = {}
    rows = []
    for each in in_force().select_related("user").order_by("-pk"):
        user = users.setdefault(each.user_id, kept_user(each.user))
        row = KeptAppPassword(each.pk, each.nonce, user, each.last_used_at)
        row.take_over(before.of_id(each.pk))
        rows.append((each.user.get_username(), row))
    return KeptAppPasswords(rows)


app_password_logins = AppPasswordLogins()
on_change.append(app_password_logins.forget)


def visitor_of(found: KeptAppPassword, client: str, address: str) -> Visitor:
    """The visitor with an app password that was found, which is used now."""
    _note(found, client, address)
    return Visitor(found.user.object(), AppLogin(found.pk), app_login_watch)


def find_user(check: Check, address: str, *, may_be_kept: bool) -> Any:
    """The user of a request to the API, in its thread; None if there is none. Asks the database
    each time unless the user may be kept."""
    found = app_password_logins.find(check)
    if found is None:
        return None
    _note(found, "", address)
    if may_be_kept:
        return found.user.object()
    row = in_force().select_related("user").filter(pk=found.pk).first()
    return row and row.user


async def find_visitor(check: Check, address: str) -> Visitor:
    """The visitor of a plain ASGI endpoint of the API; STRANGER if there is none."""
    found = await app_password_logins.find_kept(check)
    found = found or await app_password_logins.find_newest(check)
    return visitor_of(found, "", address) if found else STRANGER


def find_over(logins: Collection[AppLogin]) -> set[AppLogin]:
    """Those of `logins` that are over: the app password was revoked or deleted, or its user is
    inactive. Makes one query."""
    close_old_connections()
    try:
        rows = AppPassword.objects.filter(pk__in={login.app_password_id for login in logins})
        living = set(in_force(rows).values_list("pk", flat=True))
    finally:
        close_old_connections()
    return {login for login in logins if login.app_password_id not in living}


app_login_watch = LoginWatch(find_over)


def _note(found: KeptAppPassword, client: str, address: str) -> None:
    now = timezone.now()
    if found.last_used_at is None or not now - NOTED_EVERY < found.last_used_at <= now:
        found.last_used_at = now
        note_app_use(found.pk, client, address)
