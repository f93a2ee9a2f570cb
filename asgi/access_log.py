"""A line in the log for each request that is over: what was asked, what came of it, how long it
took. The query is left out, since it may hold a search or the token of the setup link."""

import logging
import time
from collections.abc import Callable
from urllib.parse import quote

from asgi.responses import Application, Receive, Scope, Send, SentResponse

logger = logging.getLogger(__name__)

_OFTEN_ASKED = ("/static/", "/healthz")
_SERVER_ERROR = 500


Observe = Callable[[Scope, int, float], None]
"""Told of a request that is over: its scope, its status (0: no answer) and how long it took."""


def log_requests(application: Application, observe: Observe | None = None) -> Application:
    """`application`, with its HTTP requests logged at INFO: at DEBUG where nobody would look for
    them, at WARNING where the fault is the server's."""

    async def logged(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await application(scope, receive, send)
            return
        response = SentResponse(send)
        began = time.perf_counter()
        try:
            await application(scope, receive, response.send)
        finally:
            duration_s = time.perf_counter() - began
            _log(scope, response, duration_s)
            if observe:
                observe(scope, response.status, duration_s)

    return logged


def _log(scope: Scope, response: SentResponse, duration_s: float) -> None:
    # As it was sent, percent-encoded: what is decoded could forge lines of the log.
    path = (scope.get("raw_path") or quote(scope["path"]).encode()).decode("ascii", "replace")
    logger.log(
        _level(path, response.status),
        "method=%s path=%s status=%d bytes=%d duration_ms=%.1f%s",
        scope["method"],
        path,
        response.status,
        response.size_bytes,
        duration_s * 1000,
        "" if response.is_whole else " unfinished",
    )


def _level(path: str, status: int) -> int:
    if status >= _SERVER_ERROR:
        return logging.WARNING
    return logging.DEBUG if path.startswith(_OFTEN_ASKED) else logging.INFO
