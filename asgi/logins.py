"""Authentication for plain ASGI endpoints, which are routed before Django.

Finds the user of the session cookie as Django's AuthenticationMiddleware does, in separate threads
unless `asgi.kept_logins` knows the user.
"""

from functools import partial
from importlib import import_module
from typing import Any, NamedTuple

from django.conf import settings
from django.contrib.auth import get_user
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.http import HttpRequest, parse_cookie

from asgi.kept_logins import kept_logins
from asgi.login_watch import Login, login_watch
from asgi.look_ups import LookUps
from asgi.responses import Application, Receive, Scope, Send, send_error

User = AbstractBaseUser | AnonymousUser


class Visitor(NamedTuple):
    """The user of a request; `login` is None for an anonymous one."""

    user: User
    login: Login | None


STRANGER = Visitor(AnonymousUser(), None)
look_ups = LookUps("logins")


async def find_visitor(session_key: str) -> Visitor:
    """The visitor with this session. Asks the database, in a thread, unless the login is kept.

    STRANGER if there is no key, the session is over or its user is inactive.
    """
    if not session_key:
        return STRANGER
    user = kept_logins.find(session_key)
    if user is None:
        return await look_ups.find(look_up_visitor, session_key)
    return _visitor(session_key, user)


def look_up_visitor(session_key: str) -> Visitor:
    """The visitor with this session. Makes two queries, and keeps the login."""
    request = HttpRequest()
    session = request.session = import_module(settings.SESSION_ENGINE).SessionStore(session_key)
    user = kept_logins.look_up(session, partial(get_user, request))
    return _visitor(session.session_key or "", user) if user.is_authenticated else STRANGER


def _visitor(session_key: str, user: Any) -> Visitor:
    return Visitor(user, Login(session_key, user.pk, user.password))


def with_user(application: Application) -> Application:
    """Wrap `application` so that it finds the user in `scope["user"]`.

    Once that user's login is over, the application receives `http.disconnect` and so ends a long
    response; see `asgi.login_watch`.
    """

    async def wrapped(scope: Scope, receive: Receive, send: Send) -> None:
        visitor = await find_visitor(_session_key(scope))
        scope = {**scope, "user": visitor.user}
        if visitor.login is None:
            await application(scope, receive, send)
        else:
            with login_watch.watching(visitor.login, receive) as receive_until_over:
                await application(scope, receive_until_over, send)

    return wrapped


def for_users(application: Application) -> Application:
    """Wrap `application` so that everybody who is not logged in gets 401.

    Put `with_user` around this wrapper: it sets `scope["user"]`.
    """

    async def wrapped(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["user"].is_authenticated:
            await application(scope, receive, send)
        else:
            await send_error(send, 401, "not_logged_in", "Log in first.")

    return wrapped


def _session_key(scope: Scope) -> str:
    """The key in the session cookie; empty if there is none.

    A request may have several Cookie headers (RFC 9113, section 8.2.3).
    """
    cookies = b"; ".join(value for name, value in scope["headers"] if name == b"cookie")
    key = parse_cookie(cookies.decode("latin-1")).get(settings.SESSION_COOKIE_NAME, "")
    # Django makes no other keys. A cookie may contain a zero byte, which PostgreSQL refuses.
    return key if key.isascii() and key.isalnum() else ""
