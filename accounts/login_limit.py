"""How often somebody may be wrong about a password, and what they see who have to wait.

An attempt is counted in the database before its password is looked at, and forgotten where the
password was right. So the limit holds for any number of requests at once, at any number of servers.
Name and address count together, so that nobody can lock out somebody else who is elsewhere.

The table and the commands are django-axes's, whose own handler counts after the password was
checked: 60 guesses at once passed a limit of five.
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
BUSY_TEXT = "Too many passwords are being checked at the moment. Try again in a few seconds."

SESSION_BACKEND = "django.contrib.auth.backends.ModelBackend"

T = TypeVar("T")


def check_password(request: Any, name: str, check: Callable[[], T | None]) -> T | None:
    """What `check`, which computes the hash, says of a password for `name`: None, or
    ValidationError, where it is wrong.

    Raises PermissionDenied where `name` has to wait at this address, with `request` marked for
    AxesMiddleware to answer 429; PasswordsBusy where nobody's password can be looked at now.
    """
    AxesProxyHandler.update_request(request)
    name, address = counted_name(name), request.axes_ip_address
    turns.check(address)  # in a flood, the database is not asked either
    if has_to_wait(name, address):
        raise _refused(request, name)
    if not connection.in_atomic_block:  # who waits for a turn keeps no connection from others
        connection.close()
    with turns.turn(address):
        number = count(name, address)
        if number is None:
            raise _refused(request, name)
        try:
            found = check()
        except ValidationError:
            _note_failure(request, name, number)
            raise
        if found is None:
            _note_failure(request, name, number)
        else:
            forget(name, address)
        return found


class LimitedBackend(AxesBackend):  # type: ignore[misc]  # axes is untyped
    """Lets in who has the right password, and has not been wrong too often."""

    def authenticate(
        self, request: Any, username: str | None = None, password: str | None = None, **_: Any
    ) -> Any:
        """Raises PermissionDenied for everybody else, so that no other backend is asked."""
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
    """axes's own counts when Django says that a login failed. Here it has been counted."""

    def user_login_failed(self, *_: Any, **__: Any) -> None:
        """Nothing is left to be done."""

    def user_logged_in(self, _: Any, request: Any, *__: Any, **___: Any) -> None:
        """The session names the backend that servers of earlier versions know as well: while
        several are upgraded one after the other, all of them have to take it."""
        request.session[BACKEND_SESSION_KEY] = SESSION_BACKEND

    def user_logged_out(self, *_: Any, **__: Any) -> None:
        """Nothing is left to be done."""

    def reset_attempts(
        self, *, ip_address: str | None = None, username: str | None = None, **options: Any
    ) -> int:
        """For axes's commands: names and addresses as they are counted."""
        found = super().reset_attempts(
            ip_address=ip_address and counted_address(ip_address),
            username=username and counted_name(username),
            **options,
        )
        return int(found)


class AnswerBusy(MiddlewareMixin):
    """503 where no more passwords can be checked, as a page or as JSON."""

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, PasswordsBusy):
            return None
        if _wants_json(request):
            answer = error_response(UNAVAILABLE, BUSY_CODE, BUSY_TEXT)
        else:
            answer = render(request, "busy.html", {"text": BUSY_TEXT}, status=UNAVAILABLE)
        answer["Retry-After"] = str(RETRY_AFTER_S)
        answer["Cache-Control"] = "no-store"
        # Django would log an error for each, and so let any stranger fill the log.
        said = "No more passwords can be checked at the moment."
        log_response(said, response=answer, request=request, logger=logger, level="debug")
        return answer


def client_address(request: HttpRequest) -> str:
    """For axes: the address under which attempts are counted."""
    return counted_address(request.META.get("REMOTE_ADDR") or "")


def client_name(request: Any, credentials: dict[str, Any] | None) -> str:
    """For axes: the name under which attempts are counted."""
    given = (credentials or request.POST).get("username")
    return counted_name(given or "")


def refuse_login(
    request: HttpRequest,
    response: HttpResponse | None = None,  # noqa: ARG001
    credentials: dict[str, Any] | None = None,
) -> HttpResponse:
    """429, as a page, or as JSON for a script that asks for it; both say how long to wait."""
    wait = remaining_wait(client_name(request, credentials), client_address(request))
    if _wants_json(request):
        text = f"Too many failed logins. Try again in {_in_words(wait)}."
        refusal = error_response(TOO_MANY_REQUESTS, CODE, text)
    else:
        context = {"wait": _in_words(wait)}
        refusal = render(request, "login_limit.html", context, status=TOO_MANY_REQUESTS)
    refusal["Retry-After"] = str(math.ceil(wait.total_seconds()))
    refusal["Cache-Control"] = "no-store"
    return refusal


def _note_failure(request: Any, name: str, number: int) -> None:
    """What was typed is not logged: some type their password where the name belongs."""
    address = request.META.get("REMOTE_ADDR")
    logger.warning("A password was wrong: address=%s path=%s", address, request.path)
    if number >= settings.AXES_FAILURE_LIMIT:
        logger.warning("Too many were wrong, the next has to wait: address=%s", address)
        _refused(request, name)


def _refused(request: Any, name: str) -> PermissionDenied:
    """Marks `request` for AxesMiddleware."""
    request.axes_locked_out = True
    request.axes_credentials = {"username": name}
    return PermissionDenied("The password was wrong too often.")


def _wants_json(request: HttpRequest) -> bool:
    preferred = request.get_preferred_type(["text/html", "application/json"])
    return preferred == "application/json"


def _in_words(wait: timedelta) -> str:
    """In minutes, rounded up."""
    minutes = math.ceil(wait.total_seconds() / 60)
    return f"{minutes} minutes" if minutes > 1 else "a minute"
