"""The language of the pages: the one that a user chose for a browser, else the browser's own.

A cookie keeps the choice, as with the colour scheme, so that the login page follows it too. The API
and the administration always answer in English: programs read the first, and the second has texts
that are not translated.
"""

from collections.abc import Callable
from datetime import timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import patch_vary_headers

_ALWAYS_ENGLISH = ("/api/", "/admin/")
_KEPT = timedelta(days=400)
"""Browsers keep no cookie for longer."""


def page_language(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """A middleware. Unlike Django's it leaves the thread's language as it was."""

    def respond(request: HttpRequest) -> HttpResponse:
        if request.path_info.startswith(_ALWAYS_ENGLISH):
            return get_response(request)
        with translation.override(translation.get_language_from_request(request)):
            response = get_response(request)
        if response.get("Content-Type", "").startswith("text/html"):
            patch_vary_headers(response, ("Accept-Language", "Cookie"))
        return response

    return respond


def chosen_language(request: HttpRequest) -> str:
    """A code of LANGUAGES; empty for the browser's own."""
    code = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    return code if code in dict(settings.LANGUAGES) else ""


def choose_language(response: HttpResponse, code: str) -> None:
    name, path = settings.LANGUAGE_COOKIE_NAME, settings.BASE_PATH
    if code not in dict(settings.LANGUAGES):
        response.delete_cookie(name, path=path, samesite="Lax")
        return
    response.set_cookie(
        name,
        code,
        max_age=_KEPT,
        path=path,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def catalogue_script() -> str:
    """The static name of the script with the texts of the active language; empty for English, in
    which the scripts are written."""
    code = translation.get_language() or settings.LANGUAGE_CODE
    return "" if code == settings.LANGUAGE_CODE else f"web/texts/{code}.js"


def for_templates(request: HttpRequest) -> dict[str, str]:  # noqa: ARG001  # Django passes it
    """A context processor."""
    return {"texts": catalogue_script()}
