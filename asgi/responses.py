"""The types of ASGI, and the responses that plain ASGI endpoints have in common."""

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
    """The value of the request header `name` (in lower case), several joined as RFC 9110,
    section 5.3, says; None where there is none."""
    values = [value.decode("latin-1") for key, value in scope["headers"] if key == name]
    return ", ".join(values) if values else None


async def send_response(send: Send, status: int, headers: Headers, body: bytes = b"") -> None:
    """A whole response in one go; `headers` without Content-Length, which is added."""
    lines = [*headers, (b"content-length", b"%d" % len(body))]
    await send({"type": "http.response.start", "status": status, "headers": lines})
    await send({"type": "http.response.body", "body": body})


async def send_error(
    send: Send, status: int, code: str, message: str, headers: Headers = ()
) -> None:
    """A whole error response; see `error_json`."""
    own = [(b"content-type", b"application/json"), (b"cache-control", b"no-store")]
    await send_response(send, status, [*own, *headers], error_json(code, message))


def error_json(code: str, message: str) -> bytes:
    """The one shape of an error. `code` names its kind for programs, `message` says to a person
    what is wrong."""
    return json.dumps({"error": {"code": code, "message": message}}).encode()


class SentResponse:
    """What of a response was sent so far. `status` is 0 before it begins."""

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
