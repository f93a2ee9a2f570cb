"""daphne as mus needs it for streams: it waits for slow clients, and never passes off a part of a
response as the whole.

daphne by itself takes whatever an application sends into memory (django/daphne issue 170), leaves
the client of an application that failed in mid-response waiting, and stops looking after its
connections when that happened by an exception. The version is pinned in requirements.txt;
tests/library/media/test_slow_clients.py and test_cut_short.py tell when another one behaves
differently.
"""

import asyncio
import logging
from typing import Any

from daphne.server import Server
from django.utils.http import http_date
from twisted.internet import tcp

from asgi.files.media_file import BodyCutShort
from asgi.held_bodies import MOST_OF_LARGE_BYTES, MOST_OF_SMALL_BYTES, HeldBodies
from asgi.responses import Application, Message, Receive, Scope, Send, SentResponse
from operations.server.bounded_channels import BoundedFactory
from operations.server.bounded_requests import BoundedRequest

logger = logging.getLogger(__name__)

_ABORT = "mus.abort"


class PacedServer(Server):  # type: ignore[misc]  # daphne is untyped
    """An ASGI server in which `await send(...)` takes as long as the client does."""

    def __init__(self, *, application: Application, **options: Any) -> None:
        super().__init__(application=_whole_or_aborted(application), **options)
        self.connections: dict[Any, dict[str, Any]] = {}
        self.small_bodies = HeldBodies(MOST_OF_SMALL_BYTES)
        self.large_bodies = HeldBodies(MOST_OF_LARGE_BYTES)

    @property
    def http_factory(self) -> BoundedFactory:
        return self._http_factory

    @http_factory.setter
    def http_factory(self, _: Any) -> None:
        """daphne makes one of its own when it begins to run."""
        self._http_factory = BoundedFactory(self)

    def protocol_disconnected(self, protocol: Any) -> None:
        super().protocol_disconnected(protocol)
        if isinstance(protocol, BoundedRequest):
            protocol.let_go()

    async def handle_reply(self, protocol: Any, message: Message) -> None:
        """`protocol` is Twisted's http.Request, but for WebSockets."""
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
        """Returns once what Twisted has buffered for this client is little again, or the client is
        gone. There is no time limit: asgi/files/respond.py says why."""
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
        """Before the reactor ends. daphne expects an application in each connection, which idle
        ones no longer have, and fails at the first of them."""
        self.connections = {
            protocol: details
            for protocol, details in self.connections.items()
            if "application_instance" in details
        }
        return super().kill_all_applications()


class PromptConnection(tcp.Server):
    """A TCP connection that can give the kernel what is written as soon as it is.

    Twisted by itself has its reactor call it back once the kernel has room, which mostly is at
    once: for an event to a thousand browsers, that takes longer than the sending.
    """

    is_prompt = False

    def startWriting(self) -> None:  # noqa: N802
        if not self.is_prompt or not self._sends_all():
            super().startWriting()  # type: ignore[no-untyped-call]

    def _sends_all(self) -> bool:
        """False leaves the rest, or the fault, which will be met again, to the reactor."""
        fault = self.doWrite()  # type: ignore[no-untyped-call]
        return fault is None and not self.dataBuffer


class _Pace:
    """A push producer, as twisted.internet.interfaces has it: told by the connection when its
    buffer is full, when it is empty again, and when it is gone."""

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
    """Twisted takes `channel` off a finished request, and sets it to None when the client left."""
    return not request.finished and request.channel is not None


def _write_now(request: Any, part: bytes) -> None:
    """A part of a response that has begun: what daphne would do with it, without its checks."""
    connection = request.transport
    connection.is_prompt = True
    try:
        request.write(part)
    finally:
        connection.is_prompt = False


def _dated(start: Message) -> Message:
    """With a Date, which RFC 9110, section 6.6.1, asks of every server with a clock."""
    return {**start, "headers": [*start.get("headers", ()), (b"date", http_date().encode())]}


def _whole_or_aborted(application: Application) -> Application:
    """`application`; whoever gets only a part of its response sees the connection break off.

    An exception before the response has begun is left to daphne, which logs it and answers 500.
    """

    async def guarded(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await application(scope, receive, send)
            return
        response = SentResponse(send)
        try:
            await application(scope, receive, response.send)
        except BodyCutShort as error:
            logger.warning("A response was cut short: %s", error)
        except Exception:  # whatever it is, the connection must not stay as it is
            if not response.status:
                raise
            logger.exception("A response was cut short.")
        if not response.is_whole:
            await send({"type": _ABORT})

    return guarded
