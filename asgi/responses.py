"""The types of ASGI, and the functions with which plain ASGI endpoints respond."""

import json
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from typing import Any

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]
Headers = Iterable[tuple[bytes, bytes]]


def header(scope: Scope, name: bytes) -> str | None:
    """The value of the request header `name`, given in lower case; None if there is none.

    Several headers of that name are joined with commas (RFC 9110, section 5.3).
    """
    values = [value.decode("latin-1") for key, value in scope["headers"] if key == name]
    return ", ".join(values) if values else None


async def send_response(send: Send, status: int, headers: Headers, body: bytes = b"") -> None:
    """Send a complete response. Content-Length is added to `headers`."""
    lines = [*headers, (b"content-length", b"%d" % len(body))]
    await send({"type": "http.response.start", "status": status, "headers": lines})
    await send({"type": "http.response.body", "body": body})


async def send_error(
    send: Send, status: int, code: str, message: str, headers: Headers = ()
) -> None:
    """Send a complete error response; see `error_json`."""
    await send_response(send, status, [*error_headers(), *headers], error_json(code, message))


def error_headers() -> list[tuple[bytes, bytes]]:
    """The headers of every JSON error, without Content-Length."""
    return [(b"content-type", b"application/json"), (b"cache-control", b"no-store")]


def error_json(code: str, message: str) -> bytes:
    """The format of every JSON error: `code` is for programs, `message` for people."""
    error = {"error": {"code": code, "message": message}}
    return json.dumps(error, separators=(",", ":")).encode()


class SentResponse:
    """Counts what was sent so far. `status` stays 0 if no response was started."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self.status = 0
        self.size_bytes = 0
        self.is_whole = False

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
        await self._send(message)
        if message["type"] == "http.response.body":
            self.size_bytes += len(message.get("body", b""))
            self.is_whole = not message.get("more_body", False)
