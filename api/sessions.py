"""Authentication of the API: logged-in users, and administrators for some operations."""

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser, User
from django.http import HttpRequest
from ninja.security import APIKeyCookie
from ninja.utils import check_csrf

from accounts.authentication import READS
from accounts.roles import is_administrator
from api.errors import ApiError


class LoggedIn(APIKeyCookie):
    """Requires the session cookie of the login page, and for each change the CSRF token.

    Inactive users count as logged out: Django finds no user for their session.
    """

    param_name = settings.SESSION_COOKIE_NAME

    def __call__(self, request: HttpRequest) -> AbstractBaseUser | None:
        """Raises ApiError 403 for a change without a token."""
        user = request.user
        if not user.is_authenticated:
            return None
        if request.method not in READS and check_csrf(request) is not None:
            raise ApiError(
                403,
                "csrf_failed",
                "The CSRF token is missing or wrong. Send the value of the cookie "
                f"{settings.CSRF_COOKIE_NAME} as the header X-CSRFToken.",
            )
        return self.authenticate(request, None)

    def authenticate(self, request: HttpRequest, key: str | None) -> AbstractBaseUser | None:  # noqa: ARG002
        return None if isinstance(request.user, AnonymousUser) else request.user


class Staff(LoggedIn):
    """Requires the session of an administrator."""

    def authenticate(self, request: HttpRequest, key: str | None) -> AbstractBaseUser | None:
        """Raises ApiError 403 if the user is not an administrator."""
        user = super().authenticate(request, key)
        if is_administrator(user):
            return user
        message = "Only administrators may do that; ask an administrator of this server."
        raise ApiError(403, "not_staff", message)


def user_of(request: HttpRequest) -> User:
    """The logged-in user, in an operation. Operations run for logged-in users only."""
    assert isinstance(request.user, User)  # noqa: S101  # for the type checker
    return request.user
