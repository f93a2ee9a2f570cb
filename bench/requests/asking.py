"""Clients that ask the same thing again and again, each on a connection that stays open."""

import re
import selectors
import socket
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import NamedTuple

from bench.measure import CommandFailed

RECEIVE_BYTES = 1 << 18
SILENT_FOR_S = 60.0
_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_HEAD_END = b"\r\n\r\n"


class Request(NamedTuple):
    """The bytes of a request; `kind` is the name under which its time is noted."""

    kind: str
    sent: bytes


@dataclass(kw_only=True)
class Asked:
    """How long requests took, in seconds, by their kind."""

    by_kind: dict[str, list[float]] = field(default_factory=dict)

    @property
    def seconds(self) -> list[float]:
        return list(chain.from_iterable(self.by_kind.values()))


class _Client:
    """One connection. `requests` are sent in turn, each when the last one was answered."""

    def __init__(self, port: int, requests: Sequence[Request], first: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._requests = requests
        self._next = first
        self.kind = ""
        self._received = bytearray()
        self._began_s = 0.0

    def ask(self) -> None:
        self._received.clear()
        self._began_s = time.perf_counter()
        request = self._requests[self._next % len(self._requests)]
        self.kind = request.kind
        self.socket.sendall(request.sent)
        self._next += 1

    def hear(self) -> float | None:
        """Receive a part of the response; the seconds of the request once it is complete."""
        part = self.socket.recv(RECEIVE_BYTES)
        if not part:
            raise CommandFailed("the server closed the connection")
        self._received += part
        if not _is_whole(self._received):
            return None
        if self._received[9:10] != b"2":
            raise CommandFailed(f"the server answered {bytes(self._received[:300])!r}")
        return time.perf_counter() - self._began_s


def ask_for(port: int, requests: Sequence[Request], *, clients: int, seconds: float) -> Asked:
    """`clients` connections send `requests` in turn for so many `seconds`."""
    until = time.perf_counter() + seconds
    return ask_until(lambda: time.perf_counter() > until, port, requests, clients=clients)


def ask_until(
    is_over: Callable[[], bool], port: int, requests: Sequence[Request], *, clients: int
) -> Asked:
    """The same until `is_over`. Each client begins at another place of `requests`.

    All clients are served by one loop, so that measuring takes little from the server.
    """
    asked = Asked()
    with selectors.DefaultSelector() as selector:
        for number in range(clients):
            client = _Client(port, requests, number * len(requests) // clients)
            selector.register(client.socket, selectors.EVENT_READ, client)
            client.ask()
        while selector.get_map():
            ready = selector.select(SILENT_FOR_S)
            if not ready:
                raise CommandFailed(f"no response within {SILENT_FOR_S:g} s")
            for key, _ in ready:
                client = key.data
                if (took_s := client.hear()) is None:
                    continue
                asked.by_kind.setdefault(client.kind, []).append(took_s)
                if is_over():
                    selector.unregister(client.socket)
                    client.socket.close()
                else:
                    client.ask()
    return asked


def _is_whole(received: bytearray) -> bool:
    head_end = received.find(_HEAD_END)
    if head_end < 0:
        return False
    length = _LENGTH.search(received, 0, head_end)
    if length is None:
        raise CommandFailed(f"no Content-Length: {bytes(received[:300])!r}")
    return len(received) >= head_end + len(_HEAD_END) + int(length[1])
