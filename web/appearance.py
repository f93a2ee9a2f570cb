"""The colour scheme that a user chose for a browser: dark or light; without a choice, the system's.

A cookie keeps it, so that the server makes each page in the right colours, the login page too.
"""

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from web.choices import keep_choice

SCHEMES = ("dark", "light")


def chosen_scheme(request: HttpRequest) -> str:
    """One of SCHEMES; empty for that of the system."""
    scheme = request.COOKIES.get(settings.APPEARANCE_COOKIE_NAME, "")
    return scheme if scheme in SCHEMES else ""


def choose_scheme(response: HttpResponse, scheme: str) -> None:
    """Anything that is none of SCHEMES stands for that of the system."""
    value = scheme if scheme in SCHEMES else ""
    keep_choice(response, settings.APPEARANCE_COOKIE_NAME, value)


def for_templates(request: HttpRequest) -> dict[str, str]:
    """A context processor."""
    return {"scheme": chosen_scheme(request)}
