"""HTTP requests that keep their bodies in memory, with a limit for each body and for all together.

Twisted itself spools a body of any size to a file. This module uses internals of daphne and
Twisted, whose versions are pinned. If a new version behaves differently, tests/web/test_bodies.py
fails.
"""

from io import BytesIO
from typing import Any

from daphne.http_protocol import WebRequest
from django.conf import settings

from asgi.addresses import client_of, is_in, parsed_address
from asgi.held_bodies import SMALL_BYTES, HeldBodies
from asgi.owners import network_of
from asgi.refusals import BUSY


class Refused(Exception):
    """Stops the parsing of a request that has been refused and answered."""


class BoundedRequest(WebRequest):  # type: ignore[misc]  # daphne is untyped
    """A request whose body stays in memory.

    The channel limits this body; `asgi.held_bodies` limits all bodies together.
    """

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        # Twisted would parse forms on the event loop, for an attribute that daphne never reads.
        self._parsePOSTFormSubmission = False
        self._held_bytes = 0
        self._bodies: HeldBodies = self.server.large_bodies
        self._counted_client, self._is_proxy = "", False

    def gotLength(self, length: int | None) -> None:  # noqa: N802
        self.content = BytesIO()
        most_bytes = self.channel.limit_bytes() if length is None else length
        if most_bytes <= SMALL_BYTES:
            self._bodies = self.server.small_bodies

    def handleContentChunk(self, data: bytes) -> None:  # noqa: N802
        self.channel.admit(self._held_bytes + len(data))
        if not self._take(len(data)):
            self.channel.refuse(BUSY)
            raise Refused
        super().handleContentChunk(data)

    def process(self) -> Any:
        # daphne would let any client set the root path with this header.
        self.requestHeaders.removeHeader(b"daphne-root-path")
        processed = super().process()
        if self.application_queue is not None and self.content is not None:
            self.content = BytesIO()  # the application's queue holds the body now
        return processed

    def release_body(self) -> None:
        """Free the memory of the body, when the request is over."""
        if self.content is not None and not self.content.closed:
            self.content = BytesIO()
        if self._held_bytes:
            self._bodies.give_back(self._counted_client, self._held_bytes)
            self._held_bytes = 0

    def _take(self, size_bytes: int) -> bool:
        if not self._held_bytes:
            self._counted_client, self._is_proxy = self._client()
        if not self._bodies.take(self._counted_client, size_bytes, is_proxy=self._is_proxy):
            return False
        self._held_bytes += size_bytes
        return True

    def _client(self) -> tuple[str, bool]:
        """The network under which the body is counted, and whether it is a trusted proxy's.

        If the proxy names its client in X-Forwarded-For, that is the client's network and False.
        """
        host, trusted = self.client.host, settings.TRUSTED_PROXIES
        names = self.requestHeaders.getRawHeaders(b"x-forwarded-for", [])
        forwarded = b",".join(names).decode("latin-1")
        address = client_of(parsed_address(host), forwarded, trusted)
        return network_of(str(address or host)), is_in(address, trusted)
