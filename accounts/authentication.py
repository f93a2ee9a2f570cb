"""Middleware: finds the user of a request, for reads of the API among the logins that are kept."""

from functools import partial
from typing import Any

from django.contrib.auth import get_user
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from asgi.kept_logins import kept_logins

READS = frozenset({"GET", "HEAD"})
API = "/api/"


class KeptAuthentication(AuthenticationMiddleware):
    """Django's middleware, except that reads of the API ask `asgi.kept_logins` first.

    Pages, the admin and all changes ask the database each time.
    """

    def process_request(self, request: HttpRequest) -> None:
        super().process_request(request)
        if request.method in READS and request.path_info.startswith(API):
            request.user = SimpleLazyObject(partial(_find_user, request))  # type: ignore[assignment]


def _find_user(request: HttpRequest) -> Any:
    session = request.session
    user = kept_logins.find(session.session_key)
    if user is None:
        return kept_logins.look_up(session, partial(get_user, request))
    session.accessed = True  # so that SessionMiddleware adds `Vary: Cookie`, as ever
    return user
