"""`/readyz`: whether this server wants further requests. A proxy before several servers asks this.

Unlike `/healthz` it says nothing about the database: while that is away, a server still answers
best itself. It needs neither a login nor a host name in ALLOWED_HOSTS.
"""

from asgi.responses import Receive, Scope, Send, send_error, send_response

PATH = "/readyz"
READY = b'{"status":"ready"}'
HEADERS = ((b"content-type", b"application/json"), (b"cache-control", b"no-store"))


class Readiness:
    """An ASGI application that answers 200 until `end` was called, then 503."""

    def __init__(self) -> None:
        self._is_ending = False

    def end(self) -> None:
        self._is_ending = True

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002
        if self._is_ending:
            await send_error(send, 503, "ending", "This server is about to end; ask another one.")
        else:
            await send_response(send, 200, HEADERS, READY)


readiness = Readiness()
"""That of this process."""
