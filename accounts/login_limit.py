"""The limit on wrong passwords: after too many, the next attempt has to wait.

An attempt is counted in the database before its password is checked, and the count is deleted if
the password is right. So the limit holds for any number of concurrent requests and servers.
Attempts are counted by user name together with the address: nobody can lock out a user who logs in
from elsewhere.

The table and the commands are those of django-axes. Its own handler is not used, because it counts
after the password was checked: 60 concurrent guesses passed a limit of five.
"""

import logging
import math
from collections.abc import Callable
from datetime import timedelta
from typing import Any, TypeVar

from axes.backends import AxesBackend
from axes.handlers.database import AxesDatabaseHandler
from axes.handlers.proxy import AxesProxyHandler
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY
from django.contrib.auth.backends import ModelBackend
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.deprecation import MiddlewareMixin
from django.utils.log import log_response
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.failed_logins import PASSWORD, failed_logins
from accounts.login_attempts import (
    count,
    counted_address,
    counted_name,
    forget,
    has_to_wait,
    remaining_wait,
)
from accounts.password_turns import RETRY_AFTER_S, PasswordsBusy, turns
from asgi.json_responses import error_response

logger = logging.getLogger(__name__)

TOO_MANY_REQUESTS = 429
CODE = "too_many_logins"
UNAVAILABLE = 503
BUSY_CODE = "busy"
BUSY_TEXT = gettext_lazy(
    "Too many passwords are being checked at the moment. Try again in a few seconds."
)

SESSION_BACKEND = "django.contrib.auth.backends.ModelBackend"

T = TypeVar("T")


def check_password(request: Any, name: str, check: Callable[[], T | None]) -> T | None:
    """Call `check`, which hashes and compares a password for `name`, and count a wrong one.

    `check` returns None or raises ValidationError if the password is wrong. Otherwise its result is
    returned.

    Raises PermissionDenied if the limit is reached for `name` at this address; AxesMiddleware then
    answers 429. Raises PasswordsBusy if too many passwords are being checked at the moment.
    """
    AxesProxyHandler.update_request(request)
    name, address = counted_name(name), request.axes_ip_address
    turns.check(address)  # before the first query, so that a flood of logins causes no queries
    if has_to_wait(name, address):
        raise _refused(request, name)
    if not connection.in_atomic_block:  # keep no connection while waiting for a turn
        connection.close()
    with turns.turn(address):
        number = count(name, address)
        if number is None:
            raise _refused(request, name)
        try:
            found = check()
        except ValidationError:
            _record_failure(request, name, number)
            raise
        if found is None:
            _record_failure(request, name, number)
        else:
            forget(name, address)
        return found


class LimitedBackend(AxesBackend):  # type: ignore[misc]  # axes is untyped
    """The authentication backend: checks the password, within the limit on wrong ones."""

    def authenticate(
        self, request: Any, username: str | None = None, password: str | None = None, **_: Any
    ) -> Any:
        """The user. Raises PermissionDenied if the password is wrong, so that Django asks no other
        backend."""
        if username is None or password is None:
            return None
        user = check_password(
            request,
            username,
            lambda: ModelBackend.authenticate(self, request, username, password),
        )
        if user is None:
            raise PermissionDenied
        return user


class Handler(AxesDatabaseHandler):  # type: ignore[misc]  # axes is untyped
    """The handler for axes. It does not count failed logins, as axes's own handler would:
    `check_password` has already done that."""

    def user_login_failed(self, *_: Any, **__: Any) -> None:
        """Does nothing."""

    def user_logged_in(self, _sender: Any, request: Any, *_args: Any, **_more: Any) -> None:
        """Store Django's own backend in the session. While several servers are upgraded one after
        another, servers of the earlier version must accept the session too, and they do not know
        `LimitedBackend`."""
        request.session[BACKEND_SESSION_KEY] = SESSION_BACKEND

    def user_logged_out(self, *_: Any, **__: Any) -> None:
        """Does nothing."""

    def reset_attempts(
        self, *, ip_address: str | None = None, username: str | None = None, **options: Any
    ) -> int:
        """Called by axes's commands: converts names and addresses to the forms that are counted."""
        found = super().reset_attempts(
            ip_address=ip_address and counted_address(ip_address),
            username=username and counted_name(username),
            **options,
        )
        return int(found)


class AnswerBusy(MiddlewareMixin):
    """Middleware: answers PasswordsBusy with 503, as a page or as JSON."""

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, PasswordsBusy):
            return None
        if _wants_json(request):
            answer = error_response(UNAVAILABLE, BUSY_CODE, str(BUSY_TEXT))
        else:
            answer = render(request, "busy.html", {"text": BUSY_TEXT}, status=UNAVAILABLE)
        answer["Retry-After"] = str(RETRY_AFTER_S)
        answer["Cache-Control"] = "no-store"
        # Marks the response as logged. Django would otherwise log an error for each one, so that
        # anybody could fill the log.
        text = "No more passwords can be checked at the moment."
        log_response(text, response=answer, request=request, logger=logger, level="debug")
        return answer


def client_address(request: HttpRequest) -> str:
    """The address under which attempts are counted; axes calls this."""
    return counted_address(request.META.get("REMOTE_ADDR") or "")


def client_name(request: Any, credentials: dict[str, Any] | None) -> str:
    """The name under which attempts are counted; axes calls this."""
    given = (credentials or request.POST).get("username")
    return counted_name(given or "")


def refuse_login(
    request: HttpRequest,
    response: HttpResponse | None = None,  # noqa: ARG001
    credentials: dict[str, Any] | None = None,
) -> HttpResponse:
    """Answer 429, as a page, or as JSON if the client prefers JSON. Both say how long to wait."""
    wait = remaining_wait(client_name(request, credentials), client_address(request))
    if _wants_json(request):
        text = _("Too many failed logins. Try again in %(wait)s.") % {"wait": _in_words(wait)}
        refusal = error_response(TOO_MANY_REQUESTS, CODE, text)
    else:
        context = {"wait": _in_words(wait)}
        refusal = render(request, "login_limit.html", context, status=TOO_MANY_REQUESTS)
    refusal["Retry-After"] = str(math.ceil(wait.total_seconds()))
    refusal["Cache-Control"] = "no-store"
    return refusal


def _record_failure(request: Any, name: str, number: int) -> None:
    """Count and log a wrong password, without the name: some people type their password there."""
    failed_logins.note(PASSWORD)
    address = request.META.get("REMOTE_ADDR")
    logger.warning("A password was wrong: address=%s path=%s", address, request.path)
    if number >= settings.AXES_FAILURE_LIMIT:
        logger.warning("Too many wrong passwords; the next has to wait: address=%s", address)
        _refused(request, name)


def _refused(request: Any, name: str) -> PermissionDenied:
    """The error to raise. Marks `request`, so that AxesMiddleware answers 429."""
    request.axes_locked_out = True
    request.axes_credentials = {"username": name}
    return PermissionDenied("The password was wrong too often.")


def _wants_json(request: HttpRequest) -> bool:
    preferred = request.get_preferred_type(["text/html", "application/json"])
    return preferred == "application/json"


def _in_words(wait: timedelta) -> str:
    """`wait` in minutes, rounded up, such as "5 minutes"."""
    minutes = math.ceil(wait.total_seconds() / 60)
    return ngettext("a minute", "%(minutes)d minutes", minutes) % {"minutes": minutes}
