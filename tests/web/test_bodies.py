"""Bodies of requests that are larger than any that mus takes, or too many at once.

These fail when daphne or Twisted changes beneath bounded_channels.py and bounded_requests.py of
operations/server.
"""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import psutil
import pytest

from asgi.body_limits import KIB, LARGEST_BYTES, MIB, MOST_BYTES, body_limit_bytes
from asgi.held_bodies import MOST_OF_LARGE_BYTES, ONE_CLIENT_HAS
from operations.server.bounded_channels import LINGER_BYTES
from tests.web.raw import Answer, Connection, connected
from tests.web.served import ServedMus, serve

pytestmark = pytest.mark.server

PATHS = [
    "/login/",
    "/login/?next=/albums",
    "/%6cogin/",
    "/admin/login/",
    "/setup/",
    "/",
    "/nothing/here",
    "/healthz",
    "/static/web/mus.css",
    "/api/v1/player/state",
    "/api/v1/tracks/1/stream",
    "/api/v1/tracks/1/covers/small.webp",
    "/api/v1/events/track-updates",
]
CHUNKED = "Transfer-Encoding: chunked"
GROWS_AT_MOST = 24 * MIB
OF_ONE_CLIENT_BYTES = MOST_OF_LARGE_BYTES // ONE_CLIENT_HAS


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, database: Path) -> Iterator[ServedMus]:
    with serve(tmp_path_factory.mktemp("bodies"), database, "--no-scan") as served:
        yield served


@pytest.fixture
def client(server: ServedMus) -> Iterator[Connection]:
    with connected(server) as connection:
        yield connection


def chunk(data: bytes) -> bytes:
    return b"%x\r\n%s\r\n" % (len(data), data)


def assert_is_refusal(answer: Answer, path: str, status: int = 413, code: str = "too_big") -> None:
    """In the shape that is asked for."""
    assert answer.status == status
    assert answer.headers["connection"] == "close"
    assert answer.headers["content-length"] == str(len(answer.body))
    if path.startswith("/api/"):
        assert answer.headers["content-type"] == "application/json"
        assert json.loads(answer.body)["error"]["code"] == code
    else:
        assert answer.headers["content-type"].startswith("text/html")
        assert f"<h1>{status} ".encode() in answer.body


def test_the_limits_are_those_of_the_table() -> None:
    assert body_limit_bytes(b"/login/") == 64 * KIB
    assert body_limit_bytes(b"/%6Cogin/?next=/") == 64 * KIB
    assert body_limit_bytes(b"/api/v1/player/state") == MOST_BYTES == MIB
    assert LARGEST_BYTES >= MOST_BYTES


@pytest.mark.parametrize("path", PATHS)
def test_a_body_over_the_limit_is_refused_before_any_of_it_is_sent(
    client: Connection, path: str
) -> None:
    limit = body_limit_bytes(path.encode())
    client.send_head("POST", path, f"Content-Length: {limit + 1}")
    assert_is_refusal(client.answer(), path)


@pytest.mark.parametrize("path", PATHS)
def test_a_chunked_body_is_refused_as_soon_as_it_passes_the_limit(
    client: Connection, path: str
) -> None:
    client.send_head("POST", path, CHUNKED)
    client.send(chunk(b"x" * body_limit_bytes(path.encode())))
    time.sleep(0.05)
    assert not client.is_answered()
    client.send(chunk(b"x"))
    assert_is_refusal(client.answer(), path)


@pytest.mark.parametrize("path", ["/login/", "/api/v1/player/state"])
def test_a_body_of_the_limit_itself_is_taken(client: Connection, path: str) -> None:
    body = b"x" * body_limit_bytes(path.encode())
    client.send_head("POST", path, f"Content-Length: {len(body)}", "Connection: close")
    client.send(body)
    assert client.answer().status in {401, 403}


@pytest.mark.parametrize("path", ["/login/", "/api/v1/player/state"])
def test_a_chunked_body_of_the_limit_itself_is_taken(client: Connection, path: str) -> None:
    body = b"x" * body_limit_bytes(path.encode())
    client.send_head("POST", path, CHUNKED, "Connection: close")
    client.send(chunk(body[:1000]) + chunk(body[1000:]) + b"0\r\n\r\n")
    assert client.answer().status in {401, 403}


@pytest.mark.parametrize("version", ["HTTP/1.1", "HTTP/1.0"])
def test_the_answer_reaches_a_client_that_sends_all_before_it_reads(
    client: Connection, version: str
) -> None:
    """A connection that is closed while data arrives is reset, and the answer lost with it."""
    head = (
        f"POST /login/ {version}\r\nHost: localhost\r\nContent-Length: {LINGER_BYTES // 2}\r\n\r\n"
    )
    client.send(head.encode())
    for _ in range(LINGER_BYTES // 2 // MIB):
        client.send(b"x" * MIB)
    assert_is_refusal(client.answer(), "/login/")


def test_a_client_that_sends_without_end_is_cut_off(client: Connection) -> None:
    client.send_head("POST", "/login/", CHUNKED)
    data = chunk(b"x" * MIB) * (20 * LINGER_BYTES // MIB)
    with pytest.raises((ConnectionResetError, BrokenPipeError)):
        client.send(data)


def test_a_client_that_asks_first_is_refused_before_it_is_told_to_go_on(
    client: Connection,
) -> None:
    client.send_head("POST", "/login/", f"Content-Length: {MIB}", "Expect: 100-continue")
    assert_is_refusal(client.answer(), "/login/")


def test_a_client_that_asks_first_is_told_to_go_on_with_what_is_taken(client: Connection) -> None:
    client.send_head("POST", "/login/", "Content-Length: 4", "Expect: 100-continue")
    assert client.status() == 100


def test_nothing_is_answered_after_a_refusal(client: Connection) -> None:
    client.send_head("POST", "/login/", f"Content-Length: {MIB}")
    client.send_head("GET", "/healthz")
    assert_is_refusal(client.answer(), "/login/")


def test_a_refused_head_has_no_body(client: Connection) -> None:
    client.send_head("HEAD", "/login/", f"Content-Length: {MIB}")
    answer = client.answer()
    assert (answer.status, answer.body) == (413, b"")


def test_what_is_refused_is_in_the_log_without_its_query(
    client: Connection, server: ServedMus
) -> None:
    client.send_head("POST", "/setup/?token=secret", f"Content-Length: {MIB}")
    client.answer()
    assert "method=POST path=/setup/ status=413" in server.output()
    assert "token=secret" not in server.output().replace(server.setup_link(), "")


@pytest.mark.parametrize(
    "lines",
    [
        ["Content-Length: -5"],
        ["Content-Length: +5"],
        ["Content-Length: five"],
        ["Content-Length: 5, 5"],
        ["Content-Length:"],
        ["Content-Length: 5", "Content-Length: 5"],
        ["Content-Length: 5", "Content-Length: 6"],
        ["Content-Length: 5", CHUNKED],
        [CHUNKED, "Content-Length: 5"],
        [CHUNKED, CHUNKED],
        ["Transfer-Encoding: gzip, chunked"],
        ["Transfer-Encoding: chunked, identity"],
    ],
)
def test_lengths_that_make_no_sense_are_refused(client: Connection, lines: list[str]) -> None:
    client.send_head("POST", "/api/v1/plays", *lines)
    client.send(b"0\r\n\r\nGET / HTTP/1.1\r\n\r\n")
    assert_is_refusal(client.answer(), "/api/v1/plays", 400, "malformed")


@pytest.mark.parametrize("digits", [19, 5000])
def test_a_length_beyond_all_numbers_is_too_large(client: Connection, digits: int) -> None:
    client.send_head("POST", "/login/", f"Content-Length: {'9' * digits}")
    assert_is_refusal(client.answer(), "/login/")


@pytest.mark.parametrize("body", [b"zz\r\n", b"-1\r\n", b"1;" + b"a" * 5000, b"1\r\nxx\r\n"])
def test_malformed_chunks_are_refused(client: Connection, body: bytes) -> None:
    client.send_head("POST", "/login/", CHUNKED)
    client.send(body)
    assert_is_refusal(client.answer(), "/login/", 400, "malformed")


def test_a_small_body_in_endless_framing_is_refused(client: Connection) -> None:
    """A thousand bytes of extension for each byte of the body."""
    client.send_head("POST", "/login/", CHUNKED)
    with ExitStack() as ended:
        ended.callback(lambda: assert_is_refusal(client.answer(), "/login/"))
        client.send((b"1;" + b"a" * 1000 + b"\r\nx\r\n") * 1000)


def test_a_body_in_very_small_chunks_is_taken(client: Connection) -> None:
    client.send_head("POST", "/login/", CHUNKED, "Connection: close")
    client.send(chunk(b"x") * 10_000 + b"0\r\n\r\n")
    assert client.answer().status == 403


@pytest.mark.parametrize("framing", ["Content-Length: 1073741824", CHUNKED])
def test_a_gibibyte_costs_neither_memory_nor_disk(
    client: Connection, server: ServedMus, framing: str
) -> None:
    process = psutil.Process(server.process.pid)
    before, written = process.memory_info().rss, process.io_counters().write_bytes
    client.send_head("POST", "/login/", framing)
    data = chunk(b"x" * MIB)
    sent = 0
    try:
        while sent < 1024 and not client.is_answered():
            client.send(data)
            sent += 1
    except OSError:
        pytest.fail("cut off before the answer was read")
    assert client.answer().status == 413
    assert sent <= LINGER_BYTES // MIB
    assert process.memory_info().rss - before < GROWS_AT_MOST
    assert process.io_counters().write_bytes - written < MIB


@pytest.fixture
def clients(server: ServedMus) -> Iterator[Callable[..., Connection]]:
    with ExitStack() as opened:
        yield lambda *source: opened.enter_context(connected(server, *source))


def hold(client: Connection, size_bytes: int = MIB - 1, forwarded_for: str = "") -> None:
    """Send a body but for its last byte."""
    lines = [f"X-Forwarded-For: {forwarded_for}"] if forwarded_for else []
    client.send_head("POST", "/api/v1/player/state", f"Content-Length: {MIB}", *lines)
    client.send(b"x" * size_bytes)


def test_many_bodies_within_the_limit_are_bounded_together_and_by_client(
    clients: Callable[..., Connection], server: ServedMus
) -> None:
    process = psutil.Process(server.process.pid)
    before, written = process.memory_info().rss, process.io_counters().write_bytes
    holding = [clients() for _ in range(60)]
    for client in holding:
        hold(client)
    wait_until(lambda: sum(client.is_answered() for client in holding) >= 60 - 16)
    refused = [client for client in holding if client.is_answered()]
    assert {client.status() for client in refused} == {503}
    assert len(holding) - len(refused) == OF_ONE_CLIENT_BYTES // MIB
    assert process.memory_info().rss - before < OF_ONE_CLIENT_BYTES + GROWS_AT_MOST
    assert process.io_counters().write_bytes - written < MIB
    neighbour = clients("127.0.0.2")
    hold(neighbour, MIB)
    assert neighbour.status() == 401


def test_what_a_client_held_is_free_again_when_it_is_answered_or_has_left(
    clients: Callable[..., Connection],
) -> None:
    for source in ("127.0.0.3", "127.0.0.4"):
        for _ in range(40):
            client = clients(source)
            hold(client, MIB if source == "127.0.0.3" else MIB - 1)
            if source == "127.0.0.3":
                assert client.status() == 401
            client.socket.close()


@pytest.fixture(scope="module")
def behind_proxy(tmp_path_factory: pytest.TempPathFactory, database: Path) -> Iterator[ServedMus]:
    """It takes this machine for a proxy."""
    folder = tmp_path_factory.mktemp("behind proxy")
    with serve(folder, database, "--no-scan", TRUSTED_PROXIES="127.0.0.1") as served:
        yield served


def test_small_bodies_are_taken_while_a_proxy_holds_all_that_large_ones_may(
    behind_proxy: ServedMus,
) -> None:
    with ExitStack() as opened:
        holding = [opened.enter_context(connected(behind_proxy)) for _ in range(66)]
        for client in holding:
            hold(client)
        wait_until(lambda: any(client.is_answered() for client in holding))
        large, login, chunked = (opened.enter_context(connected(behind_proxy)) for _ in range(3))
        hold(large, MIB)
        assert large.status() == 503
        login.send_head("POST", "/login/", "Content-Length: 9")
        login.send(b"username=")
        assert login.status() == 403  # without a CSRF token
        chunked.send_head("POST", "/login/", CHUNKED)
        chunked.send(chunk(b"x" * 60 * KIB) + b"0\r\n\r\n")
        assert chunked.status() == 403


def test_bodies_are_counted_by_the_clients_that_a_proxy_names(behind_proxy: ServedMus) -> None:
    with ExitStack() as opened:
        holding = [opened.enter_context(connected(behind_proxy)) for _ in range(30)]
        for client in holding:
            hold(client, forwarded_for="203.0.113.7")
        wait_until(lambda: sum(client.is_answered() for client in holding) >= 30 - 16)
        neighbour = opened.enter_context(connected(behind_proxy))
        hold(neighbour, MIB, forwarded_for="203.0.113.8")
        assert neighbour.status() == 401


def wait_until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)
