"""What django-axes asks of mus: how the log names somebody who could not log in, and what those see
who have to wait.

The rules themselves are settings: who was wrong too often waits, by name and address together, so
that nobody can lock out somebody else who is elsewhere.
"""

import math
from datetime import timedelta
from typing import Any

from axes.helpers import get_client_username
from axes.models import AccessAttempt
from django.conf import settings
from django.db.models import Max
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from library.api.errors import error_response

TOO_MANY_REQUESTS = 429
CODE = "too_many_logins"


def describe_client(
    username: str,  # noqa: ARG001  # some type their password there
    ip_address: str,
    user_agent: str,  # noqa: ARG001
    path_info: str,
    request: HttpRequest,  # noqa: ARG001
) -> str:
    """For the log, in the form of its other lines."""
    return f"address={ip_address} path={path_info}"


def refuse_login(
    request: HttpRequest,
    response: HttpResponse | None = None,  # noqa: ARG001
    credentials: dict[str, Any] | None = None,
) -> HttpResponse:
    """429, as a page, or as JSON for a script that asks for it; both say how long to wait."""
    wait = _remaining_wait(request, credentials)
    if request.get_preferred_type(["text/html", "application/json"]) == "application/json":
        text = f"Too many failed logins. Try again in {_in_words(wait)}."
        refusal = error_response(TOO_MANY_REQUESTS, CODE, text)
    else:
        context = {"wait": _in_words(wait)}
        refusal = render(request, "login_limit.html", context, status=TOO_MANY_REQUESTS)
    refusal["Retry-After"] = str(math.ceil(wait.total_seconds()))
    refusal["Cache-Control"] = "no-store"
    return refusal


def _remaining_wait(request: Any, credentials: dict[str, Any] | None) -> timedelta:
    failures = AccessAttempt.objects.filter(
        username=get_client_username(request, credentials), ip_address=request.axes_ip_address
    )
    last = failures.aggregate(last=Max("attempt_time"))["last"] or timezone.now()
    # Never nothing: whose time is over at this moment need not be told to come back at once.
    return max(last + settings.AXES_COOLOFF_TIME - timezone.now(), timedelta(seconds=1))


def _in_words(wait: timedelta) -> str:
    """In minutes, rounded up."""
    minutes = math.ceil(wait.total_seconds() / 60)
    return f"{minutes} minutes" if minutes > 1 else "a minute"
