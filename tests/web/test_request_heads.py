"""Headers and request lines that are too large, and requests that take too long to arrive.

These fail when daphne or Twisted changes beneath operations/server/bounded_channels.py.
"""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.web.raw import Connection, connected
from tests.web.served import ServedMus, serve
from tests.web.test_bodies import CHUNKED, assert_is_refusal

pytestmark = pytest.mark.server

IMPATIENT = {"DJANGO_SETTINGS_MODULE": "tests.web.impatient_settings"}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, database: Path) -> Iterator[ServedMus]:
    folder = tmp_path_factory.mktemp("heads")
    with serve(folder, database, "--no-scan", **IMPATIENT) as served:
        yield served


@pytest.fixture
def client(server: ServedMus) -> Iterator[Connection]:
    with connected(server) as connection:
        yield connection


@pytest.mark.parametrize("path", ["/", "/api/v1/tracks"])
@pytest.mark.parametrize(
    "lines",
    [
        [f"X-Long: {'a' * 60_000}"],
        [f"X-Long: {'a' * 8_000}"] * 3,
        ["X-Many: a"] * 600,
        [f"Cookie: {'; '.join(f'name{number}=value' for number in range(2000))}"],
        ["X-Folded: a", *(" b" * 4000 for _ in range(4))],
    ],
    ids=["line", "together", "number", "cookies", "folded"],
)
def test_a_header_that_is_too_large_is_answered_431(
    client: Connection, path: str, lines: list[str]
) -> None:
    client.send_head("GET", path, *lines)
    assert_is_refusal(client.answer(), path, 431, "header_too_large")


@pytest.mark.parametrize("size", [16_380, 17_000, 70_000, 1_000_000])
def test_an_address_that_is_too_long_is_answered_414(client: Connection, size: int) -> None:
    client.send_head("GET", f"/{'a' * size}")
    assert_is_refusal(client.answer(), "/", 414, "address_too_long")


def test_a_header_without_end_is_refused_while_it_is_sent(client: Connection) -> None:
    client.send(b"GET / HTTP/1.1\r\nX-Endless: ")
    while not client.is_answered():
        client.send(b"a" * 1000)
    assert_is_refusal(client.answer(), "/", 431, "header_too_large")


@pytest.mark.parametrize(
    "head",
    [
        b"GET /\r\n\r\n",
        b"GET / HTTP/2.0\r\n\r\n",
        b"GET  / HTTP/1.1\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\r\n\r\n",  # TLS, spoken to a port without
        b"GET / HTTP/1.1\r\nNo colon\r\n\r\n",
        b"GET / HTTP/1.1\r\nBad Name: a\r\n\r\n",
        b"GET / HTTP/1.1\r\nAccept: */*\r\n\r\n",  # no Host
        b"GET / HTTP/1.1\r\nHost: localhost\r\nHost: example.org\r\n\r\n",
    ],
)
def test_what_is_not_http_is_answered_400(client: Connection, head: bytes) -> None:
    client.send(head)
    assert_is_refusal(client.answer(), "/", 400, "malformed")


def test_usual_headers_and_addresses_are_taken(client: Connection) -> None:
    client.send_head("GET", f"/login/?next=/{'a' * 6000}", f"Cookie: a={'b' * 8000}")
    assert client.status() == 200


def test_the_connection_stays_for_the_next_request(client: Connection) -> None:
    for _ in range(3):
        client.send_head("HEAD", "/healthz")
        assert client.status() == 200
        while client.is_answered():
            client.socket.recv(1000)


def trickle(client: Connection, data: bytes) -> None:
    """Never pause for long, until an answer comes."""
    for each in data:
        if client.is_answered():
            return
        client.send(bytes([each]))
        time.sleep(0.05)


@pytest.mark.parametrize(
    ("head", "rest"),
    [
        (b"GE", b"T /aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"),
        (b"GET / HTTP/1.1\r\n", b"X-Slow: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"),
        (b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 60\r\n\r\n", b"a" * 59),
        (b"POST / HTTP/1.1\r\nHost: a\r\n%s\r\n\r\n" % CHUNKED.encode(), b"1\r\na\r\n" * 9),
    ],
    ids=["request line", "header", "body", "chunks"],
)
def test_a_request_that_trickles_is_ended(client: Connection, head: bytes, rest: bytes) -> None:
    client.send(head)
    trickle(client, rest)
    assert_is_refusal(client.answer(), "/", 408, "too_slow")


def test_a_request_that_is_slow_and_large_has_more_time(client: Connection) -> None:
    client.send_head("POST", "/login/", "Content-Length: 40000", "Connection: close")
    for _ in range(40):
        client.send(b"a" * 1000)
        time.sleep(0.03)  # 1.2 s in all, twice of what an empty one has
    assert client.answer().status == 403


def test_a_request_in_a_kept_connection_has_its_time_from_its_own_beginning(
    client: Connection,
) -> None:
    for _ in range(3):
        client.send(b"HEAD /healthz HTTP/1.1\r\n")
        time.sleep(0.3)
        client.send(b"Host: localhost\r\n\r\n")
        assert client.status() == 200
        while client.is_answered():
            client.socket.recv(1000)


def test_a_refused_client_that_neither_reads_nor_leaves_is_cut_off(client: Connection) -> None:
    client.send_head("POST", "/login/", "Content-Length: 100000000")
    assert client.status() == 413
    with pytest.raises((ConnectionResetError, BrokenPipeError)):
        trickle_on(client, 200)


def trickle_on(client: Connection, pieces: int) -> None:
    for _ in range(pieces):
        client.send(b"a")
        time.sleep(0.02)
