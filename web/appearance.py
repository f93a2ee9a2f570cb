"""The colour scheme that a user chose for a browser: dark or light; without a choice, the system's.

A cookie keeps it, so that the server makes each page in the right colours, the login page too.
"""

from datetime import timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse

SCHEMES = ("dark", "light")
_KEPT = timedelta(days=400)
"""Browsers keep no cookie for longer."""


def chosen_scheme(request: HttpRequest) -> str:
    """One of SCHEMES; empty for that of the system."""
    scheme = request.COOKIES.get(settings.APPEARANCE_COOKIE_NAME, "")
    return scheme if scheme in SCHEMES else ""


def choose_scheme(response: HttpResponse, scheme: str) -> None:
    name, path = settings.APPEARANCE_COOKIE_NAME, settings.BASE_PATH
    if scheme not in SCHEMES:
        response.delete_cookie(name, path=path, samesite="Lax")
        return
    response.set_cookie(
        name,
        scheme,
        max_age=_KEPT,
        path=path,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def for_templates(request: HttpRequest) -> dict[str, str]:
    """A context processor."""
    return {"scheme": chosen_scheme(request)}
