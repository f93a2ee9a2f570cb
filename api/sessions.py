"""Who may ask: people who are logged in, and for some things only administrators."""

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser, User
from django.http import HttpRequest
from ninja.security import APIKeyCookie
from ninja.utils import check_csrf

from accounts.roles import is_administrator
from api.errors import ApiError


class LoggedIn(APIKeyCookie):
    """The session that the login page makes; each change needs the CSRF token beside it.

    Users that were made inactive count as logged out: Django finds no user for their session.
    """

    param_name = settings.SESSION_COOKIE_NAME

    def __call__(self, request: HttpRequest) -> AbstractBaseUser | None:
        """Raises ApiError 403 for a change without a token."""
        user = request.user
        if not user.is_authenticated:
            return None
        if check_csrf(request) is not None:
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
    """A session of an administrator."""

    def authenticate(self, request: HttpRequest, key: str | None) -> AbstractBaseUser | None:
        """Raises ApiError 403 for everybody else."""
        user = super().authenticate(request, key)
        if is_administrator(user):
            return user
        message = "Only administrators may do that; ask one of this mus."
        raise ApiError(403, "not_staff", message)


def user_of(request: HttpRequest) -> User:
    """Who asks, inside an operation, to which only logged-in users come."""
    assert isinstance(request.user, User)  # noqa: S101  # for the type checker
    return request.user
