"""The pages on which users connect accounts at services that collect what they hear, and see what
became of it. They work without JavaScript."""

import re
import secrets
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.humanize.templatetags.humanize import intcomma
from django.core.paginator import Paginator
from django.core.validators import RegexValidator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.generic import View

from listening.scrobbling import accounts
from listening.scrobbling.accounts import AccountState, account_states
from listening.scrobbling.history import ArchiveTooLarge, FileRefused, import_history
from listening.scrobbling.logins import login_address
from listening.scrobbling.services import Service, find, offered
from listening.scrobbling.told import in_words
from web.forms import FocusOnFirstError

STATE = "scrobbling login"
"""The key in the session under which the state of a login at a service is kept. Only a user who
began a login here can end it: nobody can make others scrobble to an account of theirs by a link."""
REFUSED_ON_A_PAGE = 50
MISSING_SHOWN = 50
MOST_UNPACKED_BYTES = 64 * 1024**2
"""Of an archive with a history. A request takes as long as its import."""
_FOR_LARGER = gettext_lazy(
    "Larger ones are for the command: manage.py import_history FILE --user NAME."
)
LONGEST_TOKEN = 200


class TokenForm(FocusOnFirstError, forms.Form):
    """`url`: which of the servers that speak ListenBrainz's protocol."""

    url = forms.ChoiceField(label=gettext_lazy("Service"), required=False)
    token = forms.CharField(
        label=gettext_lazy("User token"),
        max_length=accounts.LONGEST_SECRET,
        validators=[
            RegexValidator(
                rf"\A{accounts.TOKEN_PATTERN}\Z",
                gettext_lazy("A token consists of letters, digits and signs of ASCII."),
            )
        ],
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        help_text=gettext_lazy("ListenBrainz shows it in its settings, under <em>User token</em>."),
    )

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        choices = [(each.url, each.label) for each in offered() if each.takes_token]
        field = self.fields["url"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  # for the type checker
        field.choices = choices
        if len(choices) == 1:
            field.widget = forms.HiddenInput()


@method_decorator(never_cache, "dispatch")
class Scrobbling(View):
    """Shows the accounts and connects new ones by a token."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return _page(request, TokenForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        form = TokenForm(request.POST)
        if not form.is_valid():
            return _page(request, form)
        service = find("listenbrainz", form.cleaned_data["url"])
        assert service is not None  # noqa: S101  # the form offers no other
        accounts.connect(_user_id(request), service, form.cleaned_data["token"])
        return redirect("scrobbling")


@method_decorator(never_cache, "dispatch")
class LogIn(View):
    """Sends the user to a service, to allow mus to use the account there."""

    def post(self, request: HttpRequest, kind: str) -> HttpResponse:
        service = _service_with_login(kind)
        state = secrets.token_urlsafe(24)
        request.session[STATE] = {"service": kind, "state": state}
        back = request.build_absolute_uri(reverse("scrobbling_login_end", args=[kind, state]))
        # A link instead of a redirect: the policy of the pages allows no form to lead elsewhere.
        context = {"service": service, "address": login_address(service, back)}
        return render(request, "scrobbling_login.html", context)


@method_decorator(never_cache, "dispatch")
class LogInEnd(View):
    """The service sends the user back here, with a token."""

    def get(self, request: HttpRequest, kind: str, state: str) -> HttpResponse:
        service = _service_with_login(kind)
        begun = request.session.pop(STATE, None) or {}
        token = request.GET.get("token", "").strip()
        is_own = begun.get("service") == kind and secrets.compare_digest(
            str(begun.get("state")).encode(), state.encode()
        )
        is_token = len(token) <= LONGEST_TOKEN and re.fullmatch(accounts.TOKEN_PATTERN, token)
        if is_own and is_token:
            accounts.connect(_user_id(request), service, token)
        else:
            text = _("The account at %(service)s was not connected: begin again on this page.")
            messages.warning(request, text % {"service": service.label})
        return redirect("scrobbling")


class Switch(View):
    """What an account is told."""

    def post(self, request: HttpRequest, account_id: int) -> HttpResponse:
        switches = {name: name in request.POST for name in accounts.SWITCHES}
        if not accounts.switch(_user_id(request), account_id, **switches):
            raise Http404
        messages.success(request, _("Your choice has been saved."))
        return redirect("scrobbling")


@method_decorator(never_cache, "dispatch")
class Disconnect(View):
    """Asks for confirmation, and forgets an account."""

    def get(self, request: HttpRequest, account_id: int) -> HttpResponse:
        context = {"state": _state(request, account_id)}
        return render(request, "scrobbling_disconnect.html", context)

    def post(self, request: HttpRequest, account_id: int) -> HttpResponse:
        if accounts.disconnect(_user_id(request), account_id):
            messages.success(request, _("The account has been disconnected."))
        return redirect("scrobbling")


@method_decorator(never_cache, "dispatch")
class Refused(View):
    """Lists what a service refused. It can be sent again or forgotten, one or all of it."""

    def get(self, request: HttpRequest, account_id: int) -> HttpResponse:
        state = _state(request, account_id)
        items = accounts.refused_items(_user_id(request), account_id)
        page = Paginator(items, REFUSED_ON_A_PAGE).get_page(request.GET.get("page"))
        for item in page.object_list:
            item.reason = in_words(item.reason)
        return render(request, "scrobbling_refused.html", {"state": state, "page": page})

    def post(self, request: HttpRequest, account_id: int) -> HttpResponse:
        _state(request, account_id)
        chosen = request.POST.get("item", "")
        ids = [int(chosen)] if chosen.isascii() and chosen.isdigit() and len(chosen) < 19 else None  # noqa: PLR2004
        if "again" in request.POST:
            count = accounts.try_again(_user_id(request), account_id, ids)
            messages.success(
                request,
                _in_words(
                    ngettext(
                        "%(count)s entry will be sent again.",
                        "%(count)s entries will be sent again.",
                        count,
                    ),
                    count,
                ),
            )
        else:
            count = accounts.dismiss(_user_id(request), account_id, ids)
            messages.success(
                request,
                _in_words(
                    ngettext("%(count)s entry forgotten.", "%(count)s entries forgotten.", count),
                    count,
                ),
            )
        return redirect("scrobbling_refused", account_id)


class HistoryForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy(
            "A zip archive of ListenBrainz, or a JSON or CSV file with what Last.fm knows, "
            "up to 8 MB. For larger ones there is the command <code>import_history</code>."
        ),
    )


@method_decorator(never_cache, "dispatch")
class ImportHistory(View):
    """Brings in plays of a file, and reports what became of them."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return render(request, "scrobbling_import.html", {"form": HistoryForm()})

    def post(self, request: HttpRequest) -> HttpResponse:
        form = HistoryForm(request.POST, request.FILES)
        report = None
        if form.is_valid():
            try:
                report = import_history(
                    _user_id(request),
                    form.cleaned_data["file"],
                    most_unpacked_bytes=MOST_UNPACKED_BYTES,
                )
            except ArchiveTooLarge as error:
                form.add_error("file", f"{error} {_FOR_LARGER}")
            except FileRefused as error:
                form.add_error("file", str(error))
            else:
                form = HistoryForm()
        context = {
            "form": form,
            "report": report,
            "missing": report.missing.most_common(MISSING_SHOWN) if report else [],
            "matched": report.matched.most_common() if report else [],
        }
        return render(request, "scrobbling_import.html", context)


class TryNow(View):
    """Ends a pause."""

    def post(self, request: HttpRequest, account_id: int) -> HttpResponse:
        accounts.try_again(_user_id(request), account_id, [])
        return redirect("scrobbling")


def _in_words(text: str, count: int) -> str:
    return text % {"count": intcomma(count)}


def _service_with_login(kind: str) -> Service:
    service = find(kind)
    if service is None or service.takes_token:
        raise Http404
    return service


def _state(request: HttpRequest, account_id: int) -> AccountState:
    for each in account_states(_user_id(request)):
        if each.account.pk == account_id:
            return each
    raise Http404


def _page(request: HttpRequest, form: TokenForm) -> HttpResponse:
    states = account_states(_user_id(request))
    context = {
        "form": form,
        "states": states,
        "with_login": [each for each in offered() if not each.takes_token],
        # Without JavaScript the page asks again by itself until the service has answered.
        "is_unsettled": any(
            not (each.is_connected or each.account.problem or each.account.last_failure)
            for each in states
        ),
    }
    return render(request, "scrobbling.html", context)


def _user_id(request: HttpRequest) -> int:
    assert request.user.pk is not None  # noqa: S101  # for the type checker
    return int(request.user.pk)
