"""Middleware: finds the user of a request.

For reads of the API among the logins that are kept. Requests to the API may have an API key instead
of a session; the key alone decides then.
"""

from functools import partial
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponseBase
from django.utils.cache import patch_vary_headers
from django.utils.functional import SimpleLazyObject, empty

from accounts import key_logins
from accounts.login_uses import note_request
from asgi.access_log import note_user
from asgi.bearer import bearer_token
from asgi.kept_logins import kept_logins

READS = frozenset({"GET", "HEAD"})
API = "/api/"


class KeptAuthentication(AuthenticationMiddleware):
    """Django's middleware, except that reads of the API ask `asgi.kept_logins` first, and that the
    API takes keys.

    Pages, the admin and all changes ask the database each time. Pages and the admin take no keys.
    """

    def process_request(self, request: HttpRequest) -> None:
        super().process_request(request)
        if not request.path_info.startswith(API):
            return
        token = token_of(request)
        if token is not None:
            _hide_session(request)
            request.user = SimpleLazyObject(partial(_find_by_key, request, token))  # type: ignore[assignment]
        elif request.method in READS:
            request.user = SimpleLazyObject(partial(_find_user, request))  # type: ignore[assignment]

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        user = _found_in(request)
        note_user(getattr(request, "scope", {}), user)
        if token_of(request) is None:
            note_request(request, user)
        else:
            patch_vary_headers(response, ["Authorization"])
        return response


def token_of(request: HttpRequest) -> str | None:
    """The API key that the request was sent with, in force or not; None if it has none."""
    return bearer_token(request.META.get("HTTP_AUTHORIZATION"))


def _found_in(request: HttpRequest) -> Any:
    """The user, if the request was asked for it: to look it up for the log alone would cost a
    query."""
    user: Any = getattr(request, "user", None)
    is_lazy = isinstance(user, SimpleLazyObject)
    return AnonymousUser() if user is None or (is_lazy and user._wrapped is empty) else user  # noqa: SLF001


def _find_by_key(request: HttpRequest, token: str) -> Any:
    address = request.META.get("REMOTE_ADDR") or ""
    return key_logins.find_user(token, address, may_be_kept=request.method in READS)


def _hide_session(request: HttpRequest) -> None:
    """Replace the session by an empty one, which is not stored unless somebody writes to it."""
    request.COOKIES.pop(settings.SESSION_COOKIE_NAME, None)
    request.session = type(request.session)()


def _find_user(request: HttpRequest) -> Any:
    session: Any = request.session
    user = kept_logins.find(session.session_key)
    if user is None:
        return kept_logins.look_up(session, partial(get_user, request))
    session.accessed = True  # so that SessionMiddleware adds `Vary: Cookie`, as ever
    return user
