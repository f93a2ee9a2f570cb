"""The access log: one line for each finished request, with method, path, status, size, duration,
the client's address and the name of the user, if one is known.

The query string is left out, since it may hold a search or the token of the setup link. Of the
address of a share only the beginning is logged: it is all that a visitor needs.
"""

import logging
import re
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from asgi.base_path import own_path
from asgi.responses import Application, Receive, Scope, Send, SentResponse

logger = logging.getLogger(__name__)

_LOGGED_AT_DEBUG = ("/static/", "/healthz", "/readyz")
_SERVER_ERROR = 500
_SECRET = re.compile(r"((?:^|/)s/+[^/]{1,8})[^/]*")
"""The secret part of the link of a share; see `listening.shares.links`."""
_SEEN = "mus.seen"
"""In the scope: what is found out about a request while it is handled."""


def note_user(scope: Scope, user: Any) -> None:
    """Whose request it is, for its line of the log."""
    if _SEEN in scope and user.is_authenticated:
        scope[_SEEN]["user"] = user.get_username()


Observe = Callable[[Scope, int, float], None]
"""Called for each finished request: scope, status (0: no response), duration in seconds."""


def log_requests(application: Application, observe: Observe | None = None) -> Application:
    """Wrap `application` so that its HTTP requests are logged at INFO.

    Responses of status 500 and above are logged at WARNING, static files and health checks at
    DEBUG. `observe` is called for each request, too: the metrics use it.
    """

    async def wrapped(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await application(scope, receive, send)
            return
        response = SentResponse(send)
        scope = {**scope, _SEEN: {}}
        began = time.perf_counter()
        try:
            await application(scope, receive, response.send)
        finally:
            duration_s = time.perf_counter() - began
            _log(scope, response, duration_s)
            if observe:
                observe(scope, response.status, duration_s)

    return wrapped


def _log(scope: Scope, response: SentResponse, duration_s: float) -> None:
    # Percent-encoded, as the client sent it: a decoded path could forge lines of the log.
    path = (scope.get("raw_path") or b"").decode("ascii", "replace")
    decoded = quote(scope["path"], errors="replace")
    if not path or _SECRET.search(decoded):  # letters of a secret may be encoded, too
        path = _SECRET.sub(r"\1…", decoded)
    logger.log(
        _level(own_path(scope), response.status),
        "method=%s path=%s status=%d bytes=%d duration_ms=%.1f client=%s user=%s%s",
        scope["method"],
        path,
        response.status,
        response.size_bytes,
        duration_s * 1000,
        (scope.get("client") or ("", 0))[0] or "-",
        quote(scope[_SEEN].get("user", "-"), safe="@+"),  # a name may have spaces
        "" if response.is_whole else " unfinished",
    )


def _level(path: str, status: int) -> int:
    if status >= _SERVER_ERROR:
        return logging.WARNING
    return logging.DEBUG if path.startswith(_LOGGED_AT_DEBUG) else logging.INFO
