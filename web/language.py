"""The language of the pages: the one that a user chose for a browser, else the browser's own.

A cookie keeps the choice, as with the colour scheme, so that the login page follows it too. The API
and the administration always answer in English: programs read the first, and the second has texts
that are not translated.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from datetime import timedelta
from typing import Any

from asgiref.sync import iscoroutinefunction
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.decorators import sync_and_async_middleware

_ALWAYS_ENGLISH = ("/api/", "/admin/")
_KEPT = timedelta(days=400)
"""Browsers keep no cookie for longer."""


@sync_and_async_middleware
def page_language(get_response: Callable[[HttpRequest], Any]) -> Callable[[HttpRequest], Any]:
    """A middleware. Unlike Django's it leaves the thread's language as it was. It is of both kinds:
    static files are sent from the event loop, and only if nothing behind them wants a thread."""
    if iscoroutinefunction(get_response):

        async def respond_on_the_loop(request: HttpRequest) -> HttpResponse:
            with _language_of(request):
                response: HttpResponse = await get_response(request)
            return _varying(request, response)

        return respond_on_the_loop

    def respond(request: HttpRequest) -> HttpResponse:
        with _language_of(request):
            response: HttpResponse = get_response(request)
        return _varying(request, response)

    return respond


def _language_of(request: HttpRequest) -> AbstractContextManager[None]:
    if request.path_info.startswith(_ALWAYS_ENGLISH):
        return nullcontext()
    return translation.override(translation.get_language_from_request(request))


def _varying(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    is_page = response.get("Content-Type", "").startswith("text/html")
    if is_page and not request.path_info.startswith(_ALWAYS_ENGLISH):
        patch_vary_headers(response, ("Accept-Language", "Cookie"))
    return response


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
