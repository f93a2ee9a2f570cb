"""What is answered while the database cannot be used: one that is restarted, or busy for too long.

It passes, so nobody is told of a fault: 503, and when to try again.
"""

import logging
from urllib.parse import quote

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.utils.log import log_response

from asgi.responses import Application, Message, Receive, Scope, Send, send_error

logger = logging.getLogger(__name__)

DATABASE_IS_AWAY = (OperationalError, InterfaceError)
RETRY_AFTER_SECONDS = 5
CODE = "database_unavailable"
MESSAGE = "The database cannot be used at the moment. Try again soon."

_SAID = "%s %s: the database cannot be used: %s"


def tell_when(request: HttpRequest, response: HttpResponse, error: BaseException) -> HttpResponse:
    """`response`, with when to try again; the log has a line for it, since no traceback helps."""
    response["Retry-After"] = str(RETRY_AFTER_SECONDS)
    log_response(
        _SAID,
        *(request.method, request.path, _reason(error)),
        response=response,
        request=request,
        logger=logger,
        level="warning",
    )
    return response


def told_when_away(application: Application) -> Application:
    """`application`, with an answer where it finds no database before it has begun with its own."""

    async def answered(scope: Scope, receive: Receive, send: Send) -> None:
        has_begun = False

        async def send_on(message: Message) -> None:
            nonlocal has_begun
            has_begun = True
            await send(message)

        try:
            await application(scope, receive, send_on)
        except DATABASE_IS_AWAY as error:
            if has_begun:
                raise
            logger.warning(_SAID, scope["method"], quote(scope["path"]), _reason(error))
            retry_after = (b"retry-after", b"%d" % RETRY_AFTER_SECONDS)
            await send_error(send, 503, CODE, MESSAGE, [retry_after])

    return answered


def _reason(error: BaseException) -> str:
    return " ".join(str(error).split())
