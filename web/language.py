"""The language of the pages: the one that a user chose for the account, else the browser's own.

A cookie repeats the choice, so that the login page and the service worker follow it too. Pages that
need a login compare it with the account, so that a choice counts in all browsers, and that the next
user of a browser does not read the language of the one before.

The API answers in the language of `Accept-Language`, which the player's page sets to its own, so
that a page never has two. To keys and app passwords it speaks English: programs read its answers.
The administration has texts that are not translated, and is always in English.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import Any

from asgiref.sync import iscoroutinefunction
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.decorators import sync_and_async_middleware
from django.utils.deprecation import MiddlewareMixin
from django.utils.translation.trans_real import parse_accept_lang_header

from accounts.languages import known_language, language_of
from web.choices import keep_choice

_API, _ADMINISTRATION = "/api/", "/admin/"
_NO_PAGES = (_API, _ADMINISTRATION)
_CHANGED = "_mus_language"
"""The attribute of a request whose cookie named another language than the account."""


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
    if request.path_info.startswith(_NO_PAGES):
        return translation.override(_asked_of_api(request)) if _speaks(request) else nullcontext()
    return translation.override(translation.get_language_from_request(request))


def _speaks(request: HttpRequest) -> bool:
    """Whether an answer of the API is for a page rather than for a program."""
    return request.path_info.startswith(_API) and "Authorization" not in request.headers


def _asked_of_api(request: HttpRequest) -> str:
    """The first language of the header that mus speaks. The cookie may be newer than the page."""
    asked = parse_accept_lang_header(request.headers.get("Accept-Language", ""))
    codes = (code.partition("-")[0] for code, _ in asked)
    return next(filter(known_language, codes), settings.LANGUAGE_CODE)


def _varying(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    is_page = response.get("Content-Type", "").startswith("text/html")
    if is_page and not request.path_info.startswith(_NO_PAGES):
        patch_vary_headers(response, ("Accept-Language", "Cookie"))
    return response


class FollowAccount(MiddlewareMixin):
    """A middleware behind `LoginRequired`: pages are in the language of the user's account."""

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], *_: Any
    ) -> HttpResponse | None:
        """Runs in the thread of the view. `page_language` ends what is set here."""
        is_page = not request.path_info.startswith(_NO_PAGES)
        if not is_page or not getattr(view, "login_required", True):
            return None
        if not request.user.is_authenticated:
            return None
        code = language_of(request.user.pk)
        if request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "") != code:
            speak(request, code)
        return None

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        code = getattr(request, _CHANGED, None)
        if code is not None:
            keep_choice(response, settings.LANGUAGE_COOKIE_NAME, code)
        return response


def speak(request: HttpRequest, code: str) -> None:
    """From now on the request is answered in this language, and the browser's cookie repeats it;
    empty: in the language of the browser."""
    request.COOKIES[settings.LANGUAGE_COOKIE_NAME] = code
    translation.activate(translation.get_language_from_request(request))
    setattr(request, _CHANGED, code)


def catalogue_script() -> str:
    """The static name of the script with the texts of the active language; empty for English, in
    which the scripts are written."""
    code = translation.get_language() or settings.LANGUAGE_CODE
    return "" if code == settings.LANGUAGE_CODE else f"web/texts/{code}.js"


def for_templates(request: HttpRequest) -> dict[str, str]:  # noqa: ARG001  # Django passes it
    """A context processor."""
    return {"texts": catalogue_script()}
