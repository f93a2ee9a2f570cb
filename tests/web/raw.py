"""Requests byte by byte, well formed or not, from any address of this machine."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

from tests.web.served import ServedMus

WAITS_S = 30


class Answer(NamedTuple):
    """`headers` by name in lower case; `body` is all that came until the connection ended."""

    status: int
    headers: dict[str, str]
    body: bytes


class Connection:
    """A TCP connection to a server."""

    def __init__(self, server: ServedMus, source: str = "127.0.0.1") -> None:
        address = ("127.0.0.1", int(server.variables["PORT"]))
        self.socket = socket.create_connection(address, WAITS_S, (source, 0))

    def send(self, data: bytes) -> None:
        self.socket.sendall(data)

    def send_head(self, method: str, path: str, *lines: str) -> None:
        head = "".join(f"{line}\r\n" for line in (f"{method} {path} HTTP/1.1", *HOST, *lines, ""))
        self.send(head.encode("latin-1"))

    def status(self) -> int:
        """Of the next response, whose rest stays unread."""
        return int(self.socket.recv(12, socket.MSG_WAITALL).split()[1])

    def is_answered(self) -> bool:
        """Whether anything of an answer has come."""
        self.socket.settimeout(0)
        try:
            return bool(self.socket.recv(1, socket.MSG_PEEK))
        except BlockingIOError:
            return False
        finally:
            self.socket.settimeout(WAITS_S)

    def answer(self) -> Answer:
        """The response after which the server closes the connection."""
        received = b""
        while more := self.socket.recv(65536):
            received += more
        head, _, body = received.partition(b"\r\n\r\n")
        assert head, "closed without an answer"
        first, *lines = head.decode("latin-1").split("\r\n")
        pairs = (line.split(": ", 1) for line in lines)
        return Answer(int(first.split()[1]), {name.lower(): text for name, text in pairs}, body)


HOST = ("Host: localhost",)


@contextmanager
def connected(server: ServedMus, source: str = "127.0.0.1") -> Iterator[Connection]:
    connection = Connection(server, source)
    try:
        yield connection
    finally:
        connection.socket.close()
