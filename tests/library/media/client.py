"""A client that speaks HTTP through a socket of its own, and so can do what browsers only may."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from tests.web.served import ServedMus

WAITS_SECONDS = 30


@dataclass
class Answer:
    """`headers` by name in lower case; `body` is what came until the connection gave no more."""

    status: int
    headers: dict[str, str]
    body: bytes


class Connection:
    """Requests one after another; `take` what came as slowly as you like."""

    def __init__(self, server: ServedMus, cookie: str, *, receive_buffer_bytes: int = 0) -> None:
        self.socket = socket.socket()
        self.socket.settimeout(WAITS_SECONDS)
        if receive_buffer_bytes:
            size = receive_buffer_bytes
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, size)
        self.socket.connect(("127.0.0.1", int(server.variables["PORT"])))
        self._cookie = cookie
        self._rest = b""

    def ask(self, path: str, method: str = "GET", **headers: str) -> None:
        """Send a request; `If_Range="..."` is the header If-Range."""
        lines = {"Host": "localhost", "Cookie": self._cookie, **headers}
        said = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in lines.items())
        self.socket.sendall(f"{method} {path} HTTP/1.1\r\n{said}\r\n".encode("latin-1"))

    def head(self) -> Answer:
        """Status and headers of the next response."""
        while b"\r\n\r\n" not in self._rest:
            more = self.socket.recv(65536)
            assert more, f"closed after {self._rest!r}"
            self._rest += more
        head, _, self._rest = self._rest.partition(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").split("\r\n")
        pairs = (line.split(": ", 1) for line in lines)
        return Answer(int(first.split()[1]), {name.lower(): value for name, value in pairs}, b"")

    def take(self, size: int) -> bytes:
        """So many bytes of the body; fewer when the connection ends or breaks before."""
        while len(self._rest) < size:
            try:
                more = self.socket.recv(min(size - len(self._rest), 1 << 20))
            except ConnectionResetError:
                more = b""
            if not more:
                break
            self._rest += more
        taken, self._rest = self._rest[:size], self._rest[size:]
        return taken

    def answer(self, *, has_body: bool = True) -> Answer:
        """The next response, whole, as its Content-Length says."""
        answer = self.head()
        if has_body:
            answer.body = self.take(int(answer.headers.get("content-length", 0)))
        return answer

    def close(self) -> None:
        self.socket.close()


@dataclass
class Listener:
    """Somebody who is logged in; without a cookie, somebody who is not."""

    server: ServedMus
    cookie: str

    @contextmanager
    def connection(self, *, receive_buffer_bytes: int = 0) -> Iterator[Connection]:
        connection = Connection(self.server, self.cookie, receive_buffer_bytes=receive_buffer_bytes)
        try:
            yield connection
        finally:
            connection.close()

    def ask(self, path: str, method: str = "GET", **headers: str) -> Answer:
        """One request on a connection of its own."""
        with self.connection() as connection:
            connection.ask(path, method, **headers)
            return connection.answer(has_body=method != "HEAD")
