"""daphne with backpressure for slow clients, and with aborted connections for cut-short responses.

daphne itself buffers everything that an application sends (django/daphne issue 170). If an
application fails in the middle of a response, daphne leaves the client waiting, and after an
exception it stops checking its connections. The version is pinned in requirements.txt. If a new
version behaves differently, tests/library/media/test_slow_clients.py and test_cut_short.py fail.
"""

import asyncio
import logging
import time
from typing import Any

from daphne.server import Server
from twisted.internet import tcp

from asgi.files.media_file import BodyCutShort
from asgi.held_bodies import MOST_OF_LARGE_BYTES, MOST_OF_SMALL_BYTES, HeldBodies
from asgi.http_dates import http_date
from asgi.responses import Application, Message, Receive, Scope, Send, SentResponse
from operations.server.bounded_channels import BoundedChannel, BoundedFactory
from operations.server.bounded_requests import BoundedRequest

logger = logging.getLogger(__name__)

_ABORT = "mus.abort"


class PacedServer(Server):  # type: ignore[misc]  # daphne is untyped
    """An ASGI server whose `await send(...)` waits until the client has read enough."""

    def __init__(self, *, application: Application, **options: Any) -> None:
        super().__init__(application=_whole_or_aborted(application), **options)
        self.connections: dict[Any, dict[str, Any]] = {}  # daphne's name for requests
        self.channels: set[BoundedChannel] = set()
        self.small_bodies = HeldBodies(MOST_OF_SMALL_BYTES)
        self.large_bodies = HeldBodies(MOST_OF_LARGE_BYTES)

    @property
    def http_factory(self) -> BoundedFactory:
        return self._http_factory

    @http_factory.setter
    def http_factory(self, _: Any) -> None:
        """Ignore the factory that daphne assigns when it starts; use ours instead."""
        self._http_factory = BoundedFactory(self)

    def closes_connections(self) -> bool:
        """Whether each response is the last one on its connection."""
        return False

    def protocol_disconnected(self, protocol: Any) -> None:
        super().protocol_disconnected(protocol)
        if isinstance(protocol, BoundedRequest):
            protocol.release_body()

    async def handle_reply(self, protocol: Any, message: Message) -> None:
        """Called by daphne for each message that the application sends.

        `protocol` is Twisted's http.Request, except for WebSockets.
        """
        kind = message["type"]
        if kind == _ABORT:
            if _is_open(protocol):
                protocol.transport.abortConnection()
        elif kind == "http.response.body":
            await self._send_at_its_pace(protocol, message)
        else:
            if kind == "http.response.start":
                message = _dated(message)
            await super().handle_reply(protocol, message)

    async def _send_at_its_pace(self, protocol: Any, message: Message) -> None:
        """Returns once Twisted's buffer for this client has room, or the client has disconnected.

        There is no time limit; asgi/files/respond.py says why.
        """
        has_more = message.get("more_body", False)
        if _is_open(protocol):
            if has_more and not protocol.producer:
                protocol.registerProducer(_Pace(), streaming=True)
            elif not has_more and protocol.producer:
                protocol.unregisterProducer()
        pace = protocol.producer
        if has_more and _is_open(protocol) and protocol.startedWriting:
            _write_now(protocol, message.get("body", b""))
        else:
            await super().handle_reply(protocol, message)
        if has_more and pace:
            await pace.go.wait()

    def listen_success(self, port: Any) -> None:
        if isinstance(port, tcp.Port):
            port.transport = PromptConnection
        super().listen_success(port)

    def kill_all_applications(self) -> Any:
        """Called before the reactor ends. Skips idle connections, which have no application.

        daphne expects an application in each connection and would raise at the first idle one.
        """
        self.connections = {
            protocol: details
            for protocol, details in self.connections.items()
            if "application_instance" in details
        }
        return super().kill_all_applications()


class PromptConnection(tcp.Server):
    """A TCP connection that can write to the kernel at once, instead of through the reactor.

    Twisted itself asks the reactor to call back when the kernel has room, which is mostly at once.
    When an event goes to a thousand browsers, these call-backs take longer than the sending.
    """

    is_prompt = False

    def startWriting(self) -> None:  # noqa: N802
        if not self.is_prompt or not self._sends_all():
            super().startWriting()  # type: ignore[no-untyped-call]

    def _sends_all(self) -> bool:
        """Write now; False if data is left or an error occurred, which the reactor will handle."""
        fault = self.doWrite()  # type: ignore[no-untyped-call]
        return fault is None and not self.dataBuffer


class _Pace:
    """A push producer (twisted.internet.interfaces.IPushProducer).

    The connection calls it when its buffer is full, when it is empty again, and at its end. `go` is
    set while the application may send.
    """

    def __init__(self) -> None:
        self.go = asyncio.Event()
        self.go.set()

    def pauseProducing(self) -> None:  # noqa: N802
        self.go.clear()

    def resumeProducing(self) -> None:  # noqa: N802
        self.go.set()

    def stopProducing(self) -> None:  # noqa: N802
        self.go.set()


def _is_open(request: Any) -> bool:
    """Whether the client can still receive data.

    Twisted deletes `channel` of a finished request and sets it to None when the client leaves.
    """
    return not request.finished and request.channel is not None


def _write_now(request: Any, part: bytes) -> None:
    """Write a further part of a response, as daphne would, but without its checks."""
    connection = request.transport
    connection.is_prompt = True
    try:
        request.write(part)
    finally:
        connection.is_prompt = False


def _dated(start: Message) -> Message:
    """`start` with a Date header, which servers must send (RFC 9110, section 6.6.1)."""
    return {**start, "headers": [*start.get("headers", ()), (b"date", http_date(int(time.time())))]}


def _whole_or_aborted(application: Application) -> Application:
    """Wrap `application` so that the connection is aborted if a response stays incomplete.

    Otherwise the client would wait, or take the part for the whole. An exception before the
    response has started goes on to daphne, which logs it and answers 500.
    """

    async def wrapped(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await application(scope, receive, send)
            return
        response = SentResponse(send)
        try:
            await application(scope, receive, response.send)
        except BodyCutShort as error:
            logger.warning("A response was cut short: %s", error)
        except Exception:  # after any error the incomplete response must be aborted
            if not response.status:
                raise
            logger.exception("A response was cut short.")
        if not response.is_whole:
            await send({"type": _ABORT})

    return wrapped
