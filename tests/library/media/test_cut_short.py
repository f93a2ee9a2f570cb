"""Responses that cannot be completed: their clients see it, and nobody else notices."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.library.media.client import Connection
from tests.library.media.conftest import Library
from tests.library.media.test_slow_clients import is_at_rest, wait_until
from tests.services import free_port
from tests.web.served import PROJECT_DIR

pytestmark = pytest.mark.server

SIZE = 100 << 20
LAST_CHUNK = b"0\r\n\r\n"
"""How a chunked body ends that is whole."""
SERVE = """
import sys
from daphne.endpoints import build_endpoint_description_strings
from operations.server.paced_server import PacedServer

endpoints = build_endpoint_description_strings("127.0.0.1", int(sys.argv[1]))
PacedServer(application=application, endpoints=endpoints).run()
"""
APPLICATION = """
async def application(scope, receive, send):
    if scope["path"] == "/broken":
        raise ValueError("at the start")
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"a part", "more_body": True})
    if scope["path"] == "/fails":
        raise ValueError("in the middle")
    if scope["path"] == "/whole":
        await send({"type": "http.response.body"})
"""


def begun(connection: Connection, path: str) -> bytes:
    """The first bytes of a stream whose client then pauses."""
    connection.ask(path)
    assert connection.head().headers["content-length"] == str(SIZE)
    return connection.take(1000)


def test_a_file_truncated_in_mid_stream_ends_that_stream_alone(library: Library) -> None:
    large, other = (library.music / name for name in ("large.flac", "other.flac"))
    for file in (large, other):
        with file.open("wb") as empty:
            empty.truncate(SIZE)
    listener = library.listener
    with listener.connection() as cut, listener.connection() as neighbour:
        begun(cut, library.track(large))
        begun(neighbour, library.track(other))
        wait_until(lambda: is_at_rest(library.process()))
        os.truncate(large, 1 << 20)
        assert len(cut.take(SIZE)) < SIZE - 1000  # and the connection is at its end
        assert len(neighbour.take(SIZE - 1000)) == SIZE - 1000
    wait_until(lambda: "cut short" in library.server.output())
    assert "large.flac' ends at" in library.server.output()
    assert "Traceback" not in library.server.output()


def test_a_file_deleted_in_mid_stream_is_sent_to_its_end(library: Library) -> None:
    with (library.music / "deleted.flac").open("wb") as file:
        file.truncate(SIZE)
    path = library.track(library.music / "deleted.flac")
    with library.listener.connection() as connection:
        begun(connection, path)
        (library.music / "deleted.flac").unlink()
        assert len(connection.take(SIZE - 1000)) == SIZE - 1000
    assert library.listener.ask(path).status == 404


@contextmanager
def serving(folder: Path, application: str = APPLICATION) -> Iterator[int]:
    """The port of a server with an application of the test's own; by default one that fails."""
    port = free_port()
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "musproject.settings",
        "DATA_DIR": str(folder),
    }
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-c", application + SERVE, str(port)],
            cwd=PROJECT_DIR,
            env=environment,
            stderr=log,
        )
    try:
        wait_until(lambda: asked(port, "/whole").endswith(LAST_CHUNK))
        yield port
    finally:
        process.kill()
        process.wait()


def asked(port: int, path: str) -> bytes:
    """All that comes until the connection ends; nothing where nobody listens."""
    with socket.socket() as client:
        client.settimeout(20)
        if client.connect_ex(("127.0.0.1", port)):
            return b""
        lines = "Host: localhost\r\nConnection: close\r\n"
        client.sendall(f"GET {path} HTTP/1.1\r\n{lines}\r\n".encode())
        said = b""
        try:
            while more := client.recv(65536):
                said += more
        except ConnectionResetError:
            pass
        return said


@pytest.mark.parametrize("path", ["/fails", "/forgets"])
def test_a_response_left_in_the_middle_breaks_off_its_connection(tmp_path: Path, path: str) -> None:
    with serving(tmp_path) as port:
        for _ in range(2):
            assert not asked(port, path).endswith(LAST_CHUNK)
        # What daphne does once a second must go on, and this answer is among it.
        assert asked(port, "/broken").startswith(b"HTTP/1.1 500")
        assert asked(port, "/whole").endswith(LAST_CHUNK)
    said = (tmp_path / "log").read_text()
    assert said.count("ValueError: in the middle") == (2 if path == "/fails" else 0)
    assert "already been started" not in said
