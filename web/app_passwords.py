"""The pages on which users make, see and revoke app passwords. They work without JavaScript."""

import re
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.generic import View

from accounts.app_passwords import (
    LONGEST_NAME,
    AppPasswordsRefused,
    app_passwords_of,
    can_be_restored,
    make_app_password,
    password_of,
    restore_app_password,
    revoke_app_passwords,
)
from accounts.models import AppPassword
from asgi.addresses import is_of_this_machine
from web.forms import FocusOnFirstError
from web.server_address import qr_code, server_address

KNOWN_APPS = (
    *("Amperfy", "Feishin", "Kodi", "Music Assistant", "Strawberry", "Sublime Music"),
    *("Substreamer", "Supersonic", "Symfonium", "Tempo"),
)
"""Suggested names. Any other will do."""
_ID = re.compile(r"[0-9]{1,18}")
_LARGEST_ID = 10**18 - 1


class NewAppForm(FocusOnFirstError, forms.Form):
    name = forms.CharField(
        label=gettext_lazy("Which app, on which device?"),
        max_length=LONGEST_NAME,
        widget=forms.TextInput(
            attrs={"list": "known-apps", "placeholder": gettext_lazy("Symfonium, my phone")}
        ),
    )


@method_decorator(never_cache, "dispatch")
class Apps(View):
    """Lists the user's app passwords, and makes new ones."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return _page(request, NewAppForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        form = NewAppForm(request.POST)
        if not form.is_valid():
            return _page(request, form)
        name = form.cleaned_data["name"]
        try:
            row = _made_before(request, name) or make_app_password(_user(request), name)
        except AppPasswordsRefused as refusal:
            form.add_error("name", str(refusal))
            return _page(request, form)
        return redirect("app", row.pk)


@method_decorator(never_cache, "dispatch")
class ShowApp(View):
    """Shows what to type into the app: again and again, since nothing else can."""

    def get(self, request: HttpRequest, app_id: int) -> HttpResponse:
        row = get_object_or_404(_listed(request, app_id), revoked_at=None)
        address, password = server_address(request), password_of(row)
        context = {
            "app": row,
            "address": address,
            "password": password,
            "codes": [
                (_("Address"), _("QR code of the address"), qr_code(address)),
                (_("Password"), _("QR code of the password"), qr_code(password)),
            ],
            "is_local": is_of_this_machine(request.get_host()),
            "is_secure": request.is_secure(),
        }
        return render(request, "app.html", context)


@method_decorator(never_cache, "dispatch")
class RevokeApp(View):
    """Revokes one. The list then offers to undo that, so nobody is asked before."""

    def post(self, request: HttpRequest, app_id: int) -> HttpResponse:
        row = _listed(request, app_id).first()
        if row and revoke_app_passwords(_listed(request, app_id)):
            text = _("“%(name)s” has been revoked. It can be undone for an hour.")
            messages.success(request, text % {"name": row.name})
        return redirect("apps")


@method_decorator(never_cache, "dispatch")
class RestoreApp(View):
    def post(self, request: HttpRequest, app_id: int) -> HttpResponse:
        _check_id(app_id)
        try:
            row = restore_app_password(_user(request), app_id)
        except AppPasswordsRefused as refusal:
            messages.warning(request, str(refusal))
            return redirect("apps")
        if row:
            text = _("“%(name)s” is in force again.")
            messages.success(request, text % {"name": row.name})
        else:
            messages.warning(request, _("That can no longer be undone."))
        return redirect("apps")


@method_decorator(never_cache, "dispatch")
class RevokeAllApps(View):
    """Asks for confirmation, and revokes all of the user."""

    def get(self, request: HttpRequest) -> HttpResponse:
        count = app_passwords_of(_user(request)).filter(revoked_at=None).count()
        return render(request, "apps_revoke.html", {"count": count}) if count else redirect("apps")

    def post(self, request: HttpRequest) -> HttpResponse:
        if revoke_app_passwords(app_passwords_of(_user(request))):
            messages.success(request, _("All apps have been revoked."))
        return redirect("apps")


def _made_before(request: HttpRequest, name: str) -> AppPassword | None:
    """What the same form has made already, because it was sent twice.

    The field `newest_id` says which was the newest when the form was shown.
    """
    newest_id = request.POST.get("newest_id", "")
    if not _ID.fullmatch(newest_id):
        return None
    newer = app_passwords_of(_user(request)).filter(pk__gt=int(newest_id), name=name)
    return newer.filter(revoked_at=None).first()


def _page(request: HttpRequest, form: NewAppForm) -> HttpResponse:
    rows = [(row, can_be_restored(row)) for row in app_passwords_of(_user(request))]
    context = {
        "apps": rows,
        "newest_id": rows[0][0].pk if rows else 0,
        "in_force": sum(row.revoked_at is None for row, _can_be in rows),
        "form": form,
        "known_apps": KNOWN_APPS,
    }
    return render(request, "apps.html", context)


def _listed(request: HttpRequest, app_id: int) -> Any:
    _check_id(app_id)
    return app_passwords_of(_user(request)).filter(pk=app_id)


def _check_id(app_id: int) -> None:
    if app_id > _LARGEST_ID:
        raise Http404


def _user(request: HttpRequest) -> Any:
    return request.user
