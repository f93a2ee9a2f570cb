"""Authentication for plain ASGI endpoints, which are routed before Django.

Finds the user of the session cookie as Django's AuthenticationMiddleware does, in separate threads
unless `asgi.kept_logins` knows the user. If the request has an API key, the key alone decides.
"""

from collections.abc import Awaitable, Callable
from functools import partial
from importlib import import_module
from typing import Any, NamedTuple

from django.conf import settings
from django.contrib.auth import get_user
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.http import HttpRequest, parse_cookie

from asgi.access_log import note_user
from asgi.bearer import (
    CHALLENGE,
    LOG_IN_FIRST,
    NOT_LOGGED_IN,
    REFUSED,
    REFUSED_CHALLENGE,
    REFUSED_TEXT,
    bearer_token,
)
from asgi.kept_logins import kept_logins
from asgi.login_watch import Login, LoginWatch, login_watch
from asgi.look_ups import LookUps
from asgi.responses import Application, Receive, Scope, Send, header, send_error

User = AbstractBaseUser | AnonymousUser


class Visitor(NamedTuple):
    """The user of a request; `login`, which `watch` watches, is None for an anonymous one."""

    user: User
    login: Any = None
    watch: LoginWatch[Any] = login_watch


FindByKey = Callable[[str, str], Awaitable[Visitor]]
"""Finds the visitor with an API key; called with the key and the address of the client."""

STRANGER = Visitor(AnonymousUser())
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


def with_user(application: Application, find_by_key: FindByKey) -> Application:
    """Wrap `application` so that it finds the user in `scope["user"]`.

    A request with an API key that is not in force gets 401, even if it also has a session.

    Once that user's login is over, the application receives `http.disconnect` and so ends a long
    response; see `asgi.login_watch`.
    """

    async def wrapped(scope: Scope, receive: Receive, send: Send) -> None:
        key = bearer_token(header(scope, b"authorization"))
        if key is None:
            visitor = await find_visitor(_session_key(scope))
        else:
            visitor = await find_by_key(key, (scope.get("client") or ("", 0))[0])
            if visitor.login is None:
                await _refuse(send, REFUSED, REFUSED_TEXT, REFUSED_CHALLENGE)
                return
        note_user(scope, visitor.user)
        scope = {**scope, "user": visitor.user}
        if visitor.login is None:
            await application(scope, receive, send)
        else:
            with visitor.watch.watching(visitor.login, receive) as receive_until_over:
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
            await _refuse(send, NOT_LOGGED_IN, LOG_IN_FIRST, CHALLENGE)

    return wrapped


async def _refuse(send: Send, code: str, message: str, challenge: str) -> None:
    await send_error(send, 401, code, message, [(b"www-authenticate", challenge.encode())])


def _session_key(scope: Scope) -> str:
    """The key in the session cookie; empty if there is none.

    A request may have several Cookie headers (RFC 9113, section 8.2.3).
    """
    cookies = b"; ".join(value for name, value in scope["headers"] if name == b"cookie")
    key = parse_cookie(cookies.decode("latin-1")).get(settings.SESSION_COOKIE_NAME, "")
    # Django makes no other keys. A cookie may contain a zero byte, which PostgreSQL refuses.
    return key if key.isascii() and key.isalnum() else ""
