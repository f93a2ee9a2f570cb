"""Buttons and forms of the account's page."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.generic import View


@method_decorator(login_not_required, "dispatch")
class Act(View):
    """A button of the page. Somebody who was logged out meanwhile is told so, and comes back to the
    page, not to the button, after the login."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return told_to_log_in(request)
        return super().dispatch(request, *args, **kwargs)


def told_to_log_in(request: HttpRequest) -> HttpResponse:
    messages.info(request, _("This browser is not logged in any more."))
    return redirect_to_login(reverse("account"))
