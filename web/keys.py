"""The pages on which users make and revoke their API keys. They work without JavaScript."""

import re
from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.generic import View

from accounts.api_keys import LONGEST_LIFE, LONGEST_NAME, TooManyKeys, keys_of, make_key, revoke
from accounts.models import ApiKey
from web.forms import FocusOnFirstError

_ID = re.compile(r"[0-9]{1,18}")


class NewKeyForm(FocusOnFirstError, forms.Form):
    name = forms.CharField(label=gettext_lazy("What is the key for?"), max_length=LONGEST_NAME)
    last_day = forms.DateField(
        label=gettext_lazy("Last day (optional)"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=gettext_lazy(
            "The key stops working at the end of this day, by UTC. Empty: never."
        ),
    )

    def clean_last_day(self) -> datetime | None:
        """The end of the day."""
        day = self.cleaned_data["last_day"]
        if day is None:
            return None
        today = timezone.now().date()
        if not today <= day < today + LONGEST_LIFE:
            raise ValidationError(_("Choose today or a day that comes, within a hundred years."))
        midnight = datetime.combine(day + timedelta(days=1), time())
        return timezone.make_aware(midnight)


@method_decorator(never_cache, "dispatch")
class Keys(View):
    """Lists the user's keys, and makes new ones."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return _page(request)

    def post(self, request: HttpRequest) -> HttpResponse:
        """Makes a key, which this response alone shows. A redirect to a page that shows it would
        need the key to be stored meanwhile."""
        form = NewKeyForm(request.POST)
        if not form.is_valid():
            return _page(request, form=form)
        name = form.cleaned_data["name"]
        if _was_sent_before(request, name):
            text = _("The key “%(name)s” was made already; it cannot be shown again.")
            messages.warning(request, text % {"name": name})
            return redirect("keys")
        try:
            made, token = make_key(_user(request), name, form.cleaned_data["last_day"])
        except TooManyKeys as refusal:
            form.add_error("name", str(refusal))
            return _page(request, form=form)
        return _page(request, made=made, token=token)


@method_decorator(never_cache, "dispatch")
class RevokeKey(View):
    """Asks for confirmation, and revokes one key."""

    def get(self, request: HttpRequest, key_id: int) -> HttpResponse:
        key = get_object_or_404(keys_of(_user(request)), pk=key_id)
        return render(request, "keys_revoke.html", {"key": key})

    def post(self, request: HttpRequest, key_id: int) -> HttpResponse:
        key = keys_of(_user(request)).filter(pk=key_id)
        name = key.values_list("name", flat=True).first()
        if revoke(key):
            text = _("The key “%(name)s” has been revoked.")
            messages.success(request, text % {"name": name})
        return redirect("keys")


@method_decorator(never_cache, "dispatch")
class RevokeAllKeys(View):
    """Asks for confirmation, and revokes all keys of the user."""

    def get(self, request: HttpRequest) -> HttpResponse:
        count = keys_of(_user(request)).count()
        return render(request, "keys_revoke.html", {"count": count}) if count else redirect("keys")

    def post(self, request: HttpRequest) -> HttpResponse:
        if revoke(keys_of(_user(request))):
            messages.success(request, _("All your keys have been revoked."))
        return redirect("keys")


def _was_sent_before(request: HttpRequest, name: str) -> bool:
    """Whether the form has made its key before, because the page that shows the key was reloaded.

    The field `newest_id` says which key was the newest when the form was shown.
    """
    newest_id = request.POST.get("newest_id", "")
    if not _ID.fullmatch(newest_id):
        return False
    return keys_of(_user(request)).filter(pk__gt=int(newest_id), name=name).exists()


def _page(
    request: HttpRequest,
    form: NewKeyForm | None = None,
    made: ApiKey | None = None,
    token: str = "",
) -> HttpResponse:
    keys = list(keys_of(_user(request)))
    context = {
        "keys": keys,
        "newest_id": keys[0].pk if keys else 0,
        "form": form or NewKeyForm(),
        "made": made,
        "token": token,
    }
    return render(request, "keys.html", context)


def _user(request: HttpRequest) -> Any:
    return request.user
