"""Who is logged in, for endpoints that are plain ASGI and routed before Django.

The session cookie is looked up as Django's AuthenticationMiddleware does, in threads of its own.
"""

from importlib import import_module
from typing import Any, NamedTuple

from django.conf import settings
from django.contrib.auth import get_user
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.http import HttpRequest, parse_cookie

from asgi.login_watch import Login, login_watch
from asgi.look_ups import LookUps
from asgi.responses import Application, Receive, Scope, Send, send_error

User = AbstractBaseUser | AnonymousUser


class Visitor(NamedTuple):
    """Somebody who asks; `login` is None for a stranger."""

    user: User
    login: Login | None


STRANGER = Visitor(AnonymousUser(), None)


def find_visitor(session_key: str) -> Visitor:
    """Whose session this is; a stranger where it is over, or its user may not log in any more.
    Two queries."""
    request = HttpRequest()
    request.session = import_module(settings.SESSION_ENGINE).SessionStore(session_key)
    user: Any = get_user(request)
    if not user.is_authenticated:
        return STRANGER
    return Visitor(user, Login(request.session.session_key or "", user.pk, user.password))


look_ups = LookUps("logins")


def with_user(application: Application) -> Application:
    """`application` with `scope["user"]`. Once that login is over, the application is told that
    its client is gone, and so ends a response that lasts: see `asgi.login_watch`."""

    async def asked(scope: Scope, receive: Receive, send: Send) -> None:
        session_key = _session_key(scope)
        visitor = await look_ups.find(find_visitor, session_key) if session_key else STRANGER
        scope = {**scope, "user": visitor.user}
        if visitor.login is None:
            await application(scope, receive, send)
        else:
            with login_watch.watching(visitor.login, receive) as receive_until_over:
                await application(scope, receive_until_over, send)

    return asked


def for_users(application: Application) -> Application:
    """`application` for who is logged in, 401 for everyone else. Needs `with_user` around it, which
    sets `scope["user"]`."""

    async def guarded(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["user"].is_authenticated:
            await application(scope, receive, send)
        else:
            await send_error(send, 401, "not_logged_in", "Log in first.")

    return guarded


def _session_key(scope: Scope) -> str:
    """RFC 9113, section 8.2.3: a request may have several cookie headers."""
    cookies = b"; ".join(value for name, value in scope["headers"] if name == b"cookie")
    key = parse_cookie(cookies.decode("latin-1")).get(settings.SESSION_COOKIE_NAME, "")
    # Django makes no other keys. A cookie may spell a zero byte, which PostgreSQL does not take.
    return key if key.isascii() and key.isalnum() else ""
