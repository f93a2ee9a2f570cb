"""Who is logged in, for endpoints that are plain ASGI and routed before Django.

The session cookie is looked up as Django's AuthenticationMiddleware does, by threads of its own:
the event loop goes on meanwhile, and one slow look-up holds up no other.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from typing import Any, NamedTuple

from django.conf import settings
from django.contrib.auth import get_user
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.db import OperationalError, close_old_connections
from django.http import HttpRequest, parse_cookie

from asgi.login_watch import Login, login_watch
from asgi.responses import Application, Receive, Scope, Send

THREADS = 8
WITHIN_S = 10.0
MOST_WAITING = 2000
"""Look-ups that may be under way at once. After a restart all browsers come back together."""

User = AbstractBaseUser | AnonymousUser


class Visitor(NamedTuple):
    """Somebody who asks; `login` is None for a stranger."""

    user: User
    login: Login | None


STRANGER = Visitor(AnonymousUser(), None)


class LookUps:
    """Runs look-ups in threads, so many at once, so many waiting, each within a time limit."""

    def __init__(self, find: Callable[[str], Visitor]) -> None:
        self._find = find
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="logins")
        self._under_way = 0

    async def find(self, session_key: str) -> Visitor:
        """Raises django.db.Error: OperationalError also where it takes too long."""
        if self._under_way >= MOST_WAITING:
            raise OperationalError(f"{MOST_WAITING} logins are being looked up already")
        self._under_way += 1
        try:
            async with asyncio.timeout(WITHIN_S):
                loop = asyncio.get_running_loop()
                return await loop.run_in_executor(self._threads, self._find, session_key)
        except TimeoutError:
            message = f"a login could not be looked up within {WITHIN_S:g} seconds"
            raise OperationalError(message) from None
        finally:
            self._under_way -= 1


def find_visitor(session_key: str) -> Visitor:
    """Whose session this is; a stranger where it is over, or its user may not log in any more.

    Two queries. The connection is given back afterwards, since threads are many.
    """
    close_old_connections()
    try:
        request = HttpRequest()
        request.session = import_module(settings.SESSION_ENGINE).SessionStore(session_key)
        user: Any = get_user(request)
        if not user.is_authenticated:
            return STRANGER
        return Visitor(user, Login(request.session.session_key or "", user.pk, user.password))
    finally:
        close_old_connections()


_look_ups = LookUps(find_visitor)


def with_user(application: Application) -> Application:
    """`application` with `scope["user"]`. Once that login is over, the application is told that
    its client is gone, and so ends a response that lasts: see `asgi.login_watch`."""

    async def asked(scope: Scope, receive: Receive, send: Send) -> None:
        session_key = _session_key(scope)
        visitor = await _look_ups.find(session_key) if session_key else STRANGER
        scope = {**scope, "user": visitor.user}
        if visitor.login is None:
            await application(scope, receive, send)
        else:
            with login_watch.watching(visitor.login, receive) as receive_until_over:
                await application(scope, receive_until_over, send)

    return asked


def _session_key(scope: Scope) -> str:
    """RFC 9113, section 8.2.3: a request may have several cookie headers."""
    cookies = b"; ".join(value for name, value in scope["headers"] if name == b"cookie")
    key = parse_cookie(cookies.decode("latin-1")).get(settings.SESSION_COOKIE_NAME, "")
    # Django makes no other keys. A cookie may spell a zero byte, which PostgreSQL does not take.
    return key if key.isascii() and key.isalnum() else ""
