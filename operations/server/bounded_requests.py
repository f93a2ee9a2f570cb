"""HTTP requests whose bodies are bounded, each by itself and all together.

Twisted by itself spools a body of any size to a file. This module speaks to internals of daphne and
Twisted, whose versions are pinned; tests/web/test_bodies.py fails when others behave differently.
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
    """Ends the reading of a request that has been answered."""


class BoundedRequest(WebRequest):  # type: ignore[misc]  # daphne is untyped
    """A request whose body stays in memory: it is within its limit, and all bodies together are
    within those of `asgi.held_bodies`."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        # Twisted would parse forms in the event loop, for `args` that daphne does not look at.
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
        # By this header daphne lets any client say where mus is mounted.
        self.requestHeaders.removeHeader(b"daphne-root-path")
        processed = super().process()
        if self.application_queue is not None and self.content is not None:
            self.content = BytesIO()  # the queue has all of the body now
        return processed

    def let_go(self) -> None:
        """The request is over; nothing needs its body any more."""
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
        """Under which name the body is counted, and whether that is a proxy's: one that says for
        whom it asks is none here."""
        host, trusted = self.client.host, settings.TRUSTED_PROXIES
        names = self.requestHeaders.getRawHeaders(b"x-forwarded-for", [])
        forwarded = b",".join(names).decode("latin-1")
        address = client_of(parsed_address(host), forwarded, trusted)
        return network_of(str(address or host)), is_in(address, trusted)
