"""HTTP connections that limit the size and the arrival time of each request.

Twisted itself answers a header that is too large with a bare 400 or not at all, and lets a client
send a byte a minute for ever. After a refusal it closes the connection while the client still
sends; the client's system then discards the response before the client has read it.

This module uses internals of daphne and Twisted, whose versions are pinned. If a new version
behaves differently, tests/web/test_bodies.py and test_request_heads.py fail.
"""

import logging
import re
import time
from typing import Any
from urllib.parse import quote, unquote

from daphne.http_protocol import HTTPFactory
from django.conf import settings
from django.utils.http import http_date
from twisted.web import http

from asgi.base_path import own_path_of
from asgi.body_limits import MIB, body_limit_bytes
from asgi.refusals import (
    BODY_TOO_LARGE,
    HEADER_TOO_LARGE,
    MALFORMED,
    TARGET_TOO_LONG,
    TOO_SLOW,
    Refusal,
    answer_for,
)
from operations.server.bounded_requests import BoundedRequest, Refused

logger = logging.getLogger(__name__)

IDLE_S = 75
"""Seconds that a connection may wait for its next request. nginx closes its connections to mus
after 60 s, so nginx never sends a request on a connection that mus is closing."""
ARRIVES_WITHIN_S = 30.0
"""Seconds in which a whole request must arrive, plus one second for each LEAST_BYTES_A_SECOND."""
LEAST_BYTES_A_SECOND = 4 * 1024
MOST_FRAMING = 2
"""A chunked body may take this many times its limit on the wire, for chunk sizes and extensions."""
LONGEST_LENGTH_DIGITS = 18
LINGER_S = 10.0
LINGER_BYTES = 16 * MIB
"""After a refusal, mus reads and discards data for LINGER_S seconds or LINGER_BYTES. Many clients
read the response only after sending everything, and lose it if the connection closes before."""

_TwistedChannel: Any = http.HTTPChannel
"""As Any, since Twisted's type hints for this class are incomplete and partly wrong."""

_NOT_ASCII = re.compile(rb"[\x80-\xff]")
_SAFE_IN_LOG = "/%:@!$&'()*+,;=~"


class BoundedChannel(_TwistedChannel):  # type: ignore[misc]
    """A connection that limits its requests. After a refusal it discards all further data."""

    def __init__(self) -> None:
        super().__init__()
        self._is_refused = False
        self._thrown_away_bytes = 0
        self._arrived_bytes = 0
        self._began_s = 0.0
        self._timer: Any = None

    def dataReceived(self, data: bytes) -> None:  # noqa: N802
        if self._is_refused:
            self._throw_away(data)
            return
        self._arrived_bytes += len(data)
        super().dataReceived(data)
        if not self._is_refused:
            self._watch_arrival()

    def lineReceived(self, line: bytes) -> None:  # noqa: N802
        """Nothing was received of a request before its first line, which Twisted wants in ASCII.
        Simple clients send letters as they are, which are escaped here."""
        if not self._is_refused:
            super().lineReceived(line if self._receivedHeaderSize else _escaped(line))

    def rawDataReceived(self, data: bytes) -> None:  # noqa: N802
        if self._is_refused:
            return
        is_chunked_body = self.length is None and not self._handlingRequest
        if is_chunked_body and self._arrived_bytes > MOST_FRAMING * self.limit_bytes():
            self.refuse(BODY_TOO_LARGE)
            return
        try:
            super().rawDataReceived(data)
        except Refused:
            return

    def lineLengthExceeded(self, line: bytes) -> None:  # noqa: ARG002, N802
        self.refuse(HEADER_TOO_LARGE if self._receivedHeaderSize else TARGET_TOO_LONG)

    def allHeadersReceived(self) -> None:  # noqa: N802
        """Check the headers before Twisted answers `Expect: 100-continue`."""
        if self._lacks_host():
            self.refuse(MALFORMED)
        elif self.length and self.length > self.limit_bytes():
            self.refuse(BODY_TOO_LARGE)
        elif not self._is_refused:
            super().allHeadersReceived()

    def _lacks_host(self) -> bool:
        """Whether Host is missing or repeated. HTTP/1.1 requires one (RFC 9112, section 3.2)."""
        hosts = self.requests[-1].requestHeaders.getRawHeaders(b"host", [])
        return len(hosts) != 1 and (self._version == b"HTTP/1.1" or len(hosts) > 1)

    def allContentReceived(self) -> None:  # noqa: N802
        if not self._is_refused:
            super().allContentReceived()

    def checkPersistence(self, request: Any, version: bytes) -> bool:  # noqa: N802
        """Called by Twisted when a request's header has arrived."""
        if self.factory.server.closes_connections():
            request.responseHeaders.setRawHeaders(b"Connection", [b"close"])
            return False
        return bool(super().checkPersistence(request, version))

    def is_streaming(self) -> bool:
        """Whether a response is being sent in parts, such as music or events."""
        return any(request.producer for request in self.requests)

    def connectionLost(self, reason: Any) -> None:  # noqa: N802
        self.factory.server.channels.discard(self)
        self._cancel_timer()
        super().connectionLost(reason)

    def admit(self, body_bytes: int) -> None:
        """Refuse a body that has grown beyond its limit; then raises Refused."""
        if body_bytes > self.limit_bytes():
            self.refuse(BODY_TOO_LARGE)
            raise Refused

    def refuse(self, refusal: Refusal) -> None:
        """Answer before the whole request was read, then close the connection.

        The connection cannot be used again, since the beginning of the next request is unknown.
        """
        if self._is_refused:
            return
        self._is_refused = True
        for request in self.requests:
            request.release_body()
        self.setTimeout(None)
        self._cancel_timer()
        self.transport.write(self._answer(refusal))
        self._networkProducer.unregisterProducer()
        self.transport.resumeProducing()
        self.transport.loseWriteConnection()
        self._timer = self.callLater(LINGER_S, self._end_lingering)

    def _answer(self, refusal: Refusal) -> bytes:
        command, target = getattr(self, "_command", b"-"), getattr(self, "_path", b"")
        path, _, query = target.partition(b"?")
        own_path = own_path_of(unquote(path.decode("latin-1")), settings.BASE_PATH)
        status, headers, body = answer_for(refusal, own_path, query)
        _log(command, path, refusal, len(body))
        server = self.factory.server.server_name.encode()
        own = [(b"date", http_date().encode()), (b"server", server), (b"connection", b"close")]
        own.append((b"content-length", b"%d" % len(body)))
        lines = [b"HTTP/1.1 %d %s" % (status, refusal.status.phrase.encode())]
        lines += [b"%s: %s" % header for header in (*own, *headers)]
        return b"\r\n".join([*lines, b"", b"" if command == b"HEAD" else body])

    def _throw_away(self, data: bytes) -> None:
        self._thrown_away_bytes += len(data)
        if self._thrown_away_bytes > LINGER_BYTES:
            self._cancel_timer()
            self._end_lingering()

    def _end_lingering(self) -> None:
        self._timer = None
        self.transport.abortConnection()

    def _watch_arrival(self) -> None:
        """Start the timer of a request that has not arrived completely, else cancel it.

        Most requests arrive in one piece and need no timer.
        """
        is_arriving = not self._handlingRequest and (self.requests or self._buffer)
        if not is_arriving:
            self._arrived_bytes = 0
            self._cancel_timer()
        elif self._timer is None:
            self._began_s = time.monotonic()
            self._timer = self.callLater(ARRIVES_WITHIN_S, self._check_arrival)

    def _check_arrival(self) -> None:
        """Refuse the request if it is too slow, else check again when its time is over."""
        self._timer = None
        within_s = ARRIVES_WITHIN_S + self._arrived_bytes / LEAST_BYTES_A_SECOND
        left_s = self._began_s + within_s - time.monotonic()
        if left_s > 0:
            self._timer = self.callLater(left_s, self._check_arrival)
        else:
            self.refuse(TOO_SLOW)

    def _cancel_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def limit_bytes(self) -> int:
        return body_limit_bytes(self._path, settings.BASE_PATH)

    def _maybeChooseTransferDecoder(self, header: bytes, data: bytes) -> bool:  # noqa: N802
        """Refuse a Content-Length of absurd size; `int` raises for thousands of digits."""
        if header == b"Content-Length" and data.isdigit() and len(data) > LONGEST_LENGTH_DIGITS:
            self.refuse(BODY_TOO_LARGE)
            return False
        return bool(super()._maybeChooseTransferDecoder(header, data))

    def _respondToBadRequestAndDisconnect(self) -> None:  # noqa: N802
        """Called by Twisted for every request that it does not accept."""
        is_too_large = self._receivedHeaderSize > self.totalHeadersSize
        has_too_many = self._receivedHeaderCount > self.maxHeaders
        self.refuse(HEADER_TOO_LARGE if is_too_large or has_too_many else MALFORMED)


class BoundedFactory(HTTPFactory):  # type: ignore[misc]  # daphne is untyped
    """Makes a BoundedChannel for each connection, with IDLE_S as its timeout."""

    protocol = BoundedChannel

    def __init__(self, server: Any) -> None:
        super().__init__(server)
        self.timeOut = IDLE_S

    def buildProtocol(self, addr: Any) -> BoundedChannel:  # noqa: N802
        channel: BoundedChannel = super().buildProtocol(addr)
        channel.requestFactory = BoundedRequest
        self.server.channels.add(channel)
        return channel


def _escaped(line: bytes) -> bytes:
    return line if line.isascii() else _NOT_ASCII.sub(lambda byte: b"%%%02X" % byte[0][0], line)


def _log(command: bytes, path: bytes, refusal: Refusal, size_bytes: int) -> None:
    """Log a refusal as the access log does, without the client and the user."""
    logger.info(
        "method=%s path=%s status=%d bytes=%d refused=%s",
        command.decode("ascii", "replace"),
        quote(path, safe=_SAFE_IN_LOG) or "-",
        refusal.status,
        size_bytes,
        refusal.code,
    )
