"""Cookies that keep a choice of the user in the browser, also while nobody is logged in."""

from datetime import timedelta

from django.conf import settings
from django.http import HttpResponse

_KEPT = timedelta(days=400)
"""Browsers keep no cookie for longer."""


def keep_choice(response: HttpResponse, cookie_name: str, value: str) -> None:
    """Scripts cannot read the cookie. An empty value deletes it."""
    path = settings.BASE_PATH
    if not value:
        response.delete_cookie(cookie_name, path=path, samesite="Lax")
        return
    response.set_cookie(
        cookie_name,
        value,
        max_age=_KEPT,
        path=path,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
