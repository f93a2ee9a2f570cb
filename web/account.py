"""The page of a user's account: an overview of what has pages of its own, the logins, how music
sounds (web/sound.py), how mus looks in this browser and in which language it speaks to the user. It
works without JavaScript."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.generic import View

from accounts.api_keys import keys_of
from accounts.app_passwords import app_passwords_of
from accounts.browsers import described
from accounts.languages import keep_language, known_language, language_of
from accounts.logins import LoginIsOver, end_login, end_other_logins, logins_of
from asgi.addresses import is_of_this_machine
from listening.scrobbling.accounts import account_states
from web.acts import Act, told_to_log_in
from web.appearance import SCHEMES, choose_scheme, chosen_scheme
from web.language import speak
from web.server_address import qr_code, server_address
from web.sound import sound_context

MOST_SHOWN = 100
_LARGEST_ID = 10**18 - 1
_SCHEME_NAMES = (
    ("", gettext_lazy("As the system")),
    *zip(SCHEMES, (gettext_lazy("Dark"), gettext_lazy("Light")), strict=True),
)


@method_decorator(never_cache, "dispatch")
class Account(View):
    def get(self, request: HttpRequest) -> HttpResponse:
        user, address = _user(request), server_address(request)
        logins = _shown_logins(request)
        context = {
            "address": address,
            "code": qr_code(address),
            "is_local": is_of_this_machine(request.get_host()),
            "apps": app_passwords_of(user).filter(revoked_at=None).count(),
            "keys": keys_of(user).count(),
            "services": account_states(user.pk),
            "logins": logins[:MOST_SHOWN],
            "others": sum(not is_here for _, _, is_here in logins),
            "schemes": _SCHEME_NAMES,
            "chosen_scheme": chosen_scheme(request),
            "languages": (("", _("As the browser")), *settings.LANGUAGES),
            "chosen_language": language_of(user.pk),
            **sound_context(user.pk),
        }
        return render(request, "account.html", context)


class Appearance(Act):
    def post(self, request: HttpRequest) -> HttpResponse:
        messages.success(request, _("This browser shows mus in these colours from now on."))
        response = redirect("account")
        choose_scheme(response, request.POST.get("scheme", ""))
        return response


class Language(Act):
    """What it says is said in the new language."""

    def post(self, request: HttpRequest) -> HttpResponse:
        code = request.POST.get("language", "")
        if code != known_language(code):
            messages.error(request, _("mus does not speak this language."))
            return redirect("account")
        keep_language(_user(request).pk, code)
        speak(request, code)
        messages.success(request, _("This is the language of mus for you from now on."))
        return redirect("account")


class EndLogin(Act):
    """Ends a login of the user. It can log in again, so nobody is asked before."""

    def post(self, request: HttpRequest, login_id: int) -> HttpResponse:
        if login_id > _LARGEST_ID:
            raise Http404
        if end_login(_user(request), login_id):
            messages.success(request, _("That browser is logged out."))
        else:
            messages.info(request, _("That browser was logged out already."))
        return redirect("account")


class EndOthers(Act):
    """Two browsers may press this at once: one of them stays logged in, the other is told."""

    def post(self, request: HttpRequest) -> HttpResponse:
        try:
            ended = end_other_logins(_user(request), request.session.session_key)
        except LoginIsOver:
            logout(request)
            return told_to_log_in(request)
        if not ended:
            messages.info(request, _("No other browser is logged in."))
            return redirect("account")
        text = ngettext(
            "%(count)s other browser is logged out.",
            "%(count)s other browsers are logged out.",
            ended,
        )
        messages.success(request, text % {"count": ended})
        return redirect("account")


def _shown_logins(request: HttpRequest) -> list[tuple[Any, str, bool]]:
    """Each login, the words for its browser, and whether it is the one of this request, which
    comes first."""
    here = request.session.session_key
    found = [
        (login, described(login.user_agent), login.session_key == here)
        for login in logins_of(_user(request))
    ]
    return sorted(found, key=lambda shown: not shown[2])


def _user(request: HttpRequest) -> Any:
    return request.user
