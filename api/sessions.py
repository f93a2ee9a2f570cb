"""Authentication of the API: logged-in users, and administrators for some operations.

Users are logged in by the session cookie of the login page, or by an API key or an app password.
"""

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser, User
from django.http import HttpRequest
from django.utils.translation import gettext
from ninja.security import APIKeyCookie
from ninja.utils import check_csrf

from accounts.authentication import READS, token_of
from accounts.roles import is_administrator
from api.errors import ApiError


class LoggedIn(APIKeyCookie):
    """Requires the session cookie of the login page, and for each change the CSRF token; or an API
    key, which needs no CSRF token, because no browser sends it by itself.

    Inactive users count as logged out: Django finds no user for their session.
    """

    param_name = settings.SESSION_COOKIE_NAME

    def __call__(self, request: HttpRequest) -> AbstractBaseUser | None:
        """Raises ApiError 403 for a change without a token."""
        user = request.user
        if not user.is_authenticated:
            return None
        if _needs_csrf_token(request) and check_csrf(request) is not None:
            raise ApiError(
                403,
                "csrf_failed",
                gettext(
                    "The CSRF token is missing or wrong. Send the value of the cookie "
                    "%(cookie)s as the header X-CSRFToken."
                )
                % {"cookie": settings.CSRF_COOKIE_NAME},
            )
        return self.authenticate(request, None)

    def authenticate(self, request: HttpRequest, key: str | None) -> AbstractBaseUser | None:  # noqa: ARG002
        return None if isinstance(request.user, AnonymousUser) else request.user


class Staff(LoggedIn):
    """Requires the session or the API key of an administrator."""

    def authenticate(self, request: HttpRequest, key: str | None) -> AbstractBaseUser | None:
        """Raises ApiError 403 if the user is not an administrator."""
        user = super().authenticate(request, key)
        if is_administrator(user):
            return user
        message = gettext("Only administrators may do that; ask an administrator of this server.")
        raise ApiError(403, "not_staff", message)


class SessionOnly(LoggedIn):
    """Requires a session: an API key is not enough."""

    def authenticate(self, request: HttpRequest, key: str | None) -> AbstractBaseUser | None:
        """Raises ApiError 403 if the user is logged in by an API key."""
        if token_of(request) is None:
            return super().authenticate(request, key)
        message = gettext(
            "An API key or app password is not enough for that; log in with the password."
        )
        raise ApiError(403, "session_only", message)


def _needs_csrf_token(request: HttpRequest) -> bool:
    return request.method not in READS and token_of(request) is None


def user_of(request: HttpRequest) -> User:
    """The logged-in user, in an operation. Operations run for logged-in users only."""
    assert isinstance(request.user, User)  # noqa: S101  # for the type checker
    return request.user
