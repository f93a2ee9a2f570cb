"""One request to the whole application, as an ASGI server makes it."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field

from asgi.responses import Application, Message
from musproject.asgi import application

EVENTS = "/api/v1/events/track-updates"
COVER = "/api/v1/tracks/1/covers/small.webp"
STREAM = "/api/v1/tracks/1/stream"


@dataclass
class Asked:
    """A request that is answered, or being answered. The client stays until it is told the end."""

    path: str
    session_key: str = ""
    cookies: Sequence[str] = ()
    headers_sent: Sequence[tuple[bytes, bytes]] = ()
    messages: list[Message] = field(default_factory=list)
    is_over: bool = False

    @property
    def status(self) -> int:
        return int(self.messages[0]["status"])

    @property
    def headers(self) -> dict[str, str]:
        pairs = self.messages[0]["headers"]
        return {name.decode().lower(): value.decode() for name, value in pairs}

    @property
    def body(self) -> bytes:
        return b"".join(message.get("body", b"") for message in self.messages)

    async def receive(self) -> Message:
        await asyncio.sleep(3600)  # the client never leaves
        return {}

    async def send(self, message: Message) -> None:
        self.messages.append(message)

    async def run(self, asked: Application = application) -> "Asked":
        cookies = self.cookies or [f"sessionid={self.session_key}"]
        scope = {
            "type": "http",
            "method": "GET",
            "path": self.path,
            "raw_path": self.path.encode(),
            "query_string": b"",
            "headers": [
                (b"host", b"localhost"),
                *((b"cookie", cookie.encode("latin-1")) for cookie in cookies),
                *self.headers_sent,
            ],
            "http_version": "1.1",
            "scheme": "http",
            "server": ("localhost", 80),
            "client": ("127.0.0.1", 1234),
        }
        async with asyncio.timeout(60):
            await asked(scope, self.receive, self.send)
        self.is_over = True
        return self


def ask(path: str, session_key: str = "") -> Asked:
    return asyncio.run(Asked(path, session_key).run())
