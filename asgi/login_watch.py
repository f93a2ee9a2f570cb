"""Ends long responses, such as event streams, once their login is over.

A login by session is over when its user logs out, is made inactive or gets another password. All
of them that have long responses in this process are checked together every EVERY_S, with two
queries. Logins by API key have a watch of their own, see `accounts.key_logins`.
"""

import asyncio
import logging
from collections.abc import Callable, Collection, Hashable, Iterator
from contextlib import contextmanager
from contextvars import Context
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Generic, TypeVar

from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.db import Error, close_old_connections
from django.utils import timezone

from asgi.bounded_threads import BoundedThreads, TookTooLong, TooManyWaiting
from asgi.responses import Message, Receive

EVERY_S = 30.0
"""README promises a minute: this interval plus the time that a check may take."""
WITHIN_S = 10.0

logger = logging.getLogger(__name__)


AnyLogin = TypeVar("AnyLogin", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Login:
    """A session at the start of a response; `password` is the user's password hash of then."""

    session_key: str = field(repr=False)
    user_id: int
    password: str = field(repr=False)


@dataclass(eq=False, slots=True)
class _Response:
    """A response in progress; its future `is_over` is set once its login is over."""

    login: Any
    is_over: asyncio.Future[None]


class LoginWatch(Generic[AnyLogin]):
    """Watches the logins of responses. Usable on one event loop at a time.

    `find_over` returns those of the logins that are over; it may ask the database.
    """

    def __init__(self, find_over: Callable[[Collection[AnyLogin]], set[AnyLogin]]) -> None:
        self._find_over = find_over
        self._responses: set[_Response] = set()
        self._thread = BoundedThreads("login watch", threads=1, places=1)
        self._timer: asyncio.TimerHandle | None = None
        self._check: asyncio.Task[None] | None = None

    @contextmanager
    def watching(self, login: AnyLogin, receive: Receive) -> Iterator[Receive]:
        """Check `login` again and again while the context lasts.

        Yields a replacement for `receive` that reports `http.disconnect` once the login is over.
        """
        response = _Response(login, asyncio.get_running_loop().create_future())
        self._responses.add(response)
        if self._timer is None:
            self._set_timer()
        try:
            yield partial(_receive_until_over, receive, response.is_over)
        finally:
            self._responses.discard(response)
            if self._timer and not self._responses:
                self._timer.cancel()
                self._timer = None

    def _set_timer(self) -> None:
        loop = asyncio.get_running_loop()
        self._timer = loop.call_later(EVERY_S, self._begin_check, context=Context())

    def _begin_check(self) -> None:
        self._set_timer()
        if self._check is None or self._check.done():
            self._check = asyncio.create_task(self._end_what_is_over())

    async def _end_what_is_over(self) -> None:
        logins = {each.login for each in self._responses if not each.is_over.done()}
        if not logins:
            return
        try:
            over = await self._thread.run(WITHIN_S, partial(self._find_over, logins))
        except (Error, TookTooLong, TooManyWaiting) as error:
            reason = str(error) or type(error).__name__
            logger.warning("The logins of open streams could not be checked: %s", reason)
            return
        ended = [each for each in self._responses if each.login in over and not each.is_over.done()]
        for response in ended:
            response.is_over.set_result(None)
        if ended:
            logger.info("%d open streams were ended: their logins are over.", len(ended))


def find_over(logins: Collection[Login]) -> set[Login]:
    """Those of `logins` that are over. Makes two queries.

    The session was deleted or has expired, or the user is inactive or has another password.
    """
    close_old_connections()
    try:
        keys = {login.session_key for login in logins}
        sessions = Session.objects.filter(session_key__in=keys, expire_date__gt=timezone.now())
        living = set(sessions.values_list("session_key", flat=True))
        users = User.objects.filter(pk__in={login.user_id for login in logins}, is_active=True)
        passwords = dict(users.values_list("pk", "password"))
    finally:
        close_old_connections()
    return {
        login
        for login in logins
        if login.session_key not in living or passwords.get(login.user_id) != login.password
    }


login_watch = LoginWatch(find_over)


async def _receive_until_over(receive: Receive, is_over: asyncio.Future[None]) -> Message:
    if is_over.done():
        return {"type": "http.disconnect"}
    received = asyncio.ensure_future(receive())
    try:
        await asyncio.wait((received, is_over), return_when=asyncio.FIRST_COMPLETED)
        return received.result() if received.done() else {"type": "http.disconnect"}
    finally:
        received.cancel()
