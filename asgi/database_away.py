"""The response while the database cannot be used, because it restarts or is busy for too long.

The condition is temporary, so the response is not 500 but 503 with `Retry-After`.
"""

import logging
from urllib.parse import quote

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.utils.log import log_response
from django.utils.translation import gettext_noop

from asgi.responses import Application, Message, Receive, Scope, Send, send_error
from runtime.tally import Tally

logger = logging.getLogger(__name__)

DATABASE_IS_AWAY = (OperationalError, InterfaceError)
RETRY_AFTER_SECONDS = 5
CODE = "database_unavailable"
MESSAGE = gettext_noop("The database cannot be used at the moment. Try again soon.")
failed_answers = Tally()
"""How many requests of this process the database failed, for metrics."""

_LOG_LINE = "%s %s: the database cannot be used: %s"


def add_retry_after(
    request: HttpRequest, response: HttpResponse, error: BaseException
) -> HttpResponse:
    """Add `Retry-After` to `response`, count it, and log one line: a traceback would say nothing
    more."""
    failed_answers.note()
    response["Retry-After"] = str(RETRY_AFTER_SECONDS)
    log_response(
        _LOG_LINE,
        *(request.method, request.path, _reason(error)),
        response=response,
        request=request,
        logger=logger,
        level="warning",
    )
    return response


def with_503_when_away(application: Application) -> Application:
    """Wrap `application`: answer 503 if the database fails before the response has started."""

    async def wrapped(scope: Scope, receive: Receive, send: Send) -> None:
        has_started = False

        async def send_on(message: Message) -> None:
            nonlocal has_started
            has_started = True
            await send(message)

        try:
            await application(scope, receive, send_on)
        except DATABASE_IS_AWAY as error:
            if has_started:
                raise
            failed_answers.note()
            logger.warning(_LOG_LINE, scope["method"], quote(scope["path"]), _reason(error))
            retry_after = (b"retry-after", b"%d" % RETRY_AFTER_SECONDS)
            await send_error(send, 503, CODE, MESSAGE, [retry_after])

    return wrapped


def _reason(error: BaseException) -> str:
    """The text of `error` on one line."""
    return " ".join(str(error).split())
