"""More requests at once than the server can answer: what they cost, and who is answered."""

import asyncio
import json
import re
import signal
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx
import psutil
import pytest

from musproject.handler import PLACES, PROBE_THREADS, THREADS
from musproject.static_files import THREADS as STATIC_THREADS
from tests.api.visitors import log_in
from tests.databases import place_in, write_lock
from tests.web.raw import connected
from tests.web.served import ServedMus, serve

pytestmark = pytest.mark.server

MANY = 1500
ENDS_WITHIN_S = 2
WAITS_S = 60
OTHER_THREADS = 16
"""The event loop's, the schedule's, the health check's and the media's."""


@pytest.fixture
def server(tmp_path: Path, database: Path) -> Iterator[ServedMus]:
    with serve(tmp_path, database, "--no-scan") as served:
        yield served


def request(path: str, *lines: str, body: str = "") -> bytes:
    method = "PUT" if body else "GET"
    head = [f"{method} {path} HTTP/1.1", "Host: localhost", f"Content-Length: {len(body)}", *lines]
    return "\r\n".join([*head, "", body]).encode()


@pytest.fixture
def change(server: ServedMus) -> bytes:
    """A request of somebody who is logged in. It writes into the database, and so waits while that
    is locked."""
    with log_in(server, is_administrator=False) as visitor:
        cookies = "; ".join(f"{name}={value}" for name, value in visitor.cookies.items())
        token = f"X-CSRFToken: {visitor.cookies['csrftoken']}"
    lines = (f"Cookie: {cookies}", token, "Content-Type: application/json")
    return request("/api/v1/player/state", *lines, body='{"volume_level": 0.5}')


class Flood:
    """MANY of one request at once, each on a connection of its own."""

    def __init__(self, server: ServedMus, data: bytes) -> None:
        self.statuses: Counter[str] = Counter()
        self.refusals: list[bytes] = []
        self._port = int(server.variables["PORT"])
        self._data = data
        self._connections = 0
        self._thread = threading.Thread(target=lambda: asyncio.run(self._all()), daemon=True)
        self._thread.start()

    def join(self) -> None:
        self._thread.join(WAITS_S)
        assert not self._thread.is_alive()

    def wait_until_answered(self, number: int) -> None:
        deadline = time.monotonic() + WAITS_S
        while self.statuses.total() < number:
            assert time.monotonic() < deadline, self.statuses
            time.sleep(0.02)

    async def _all(self) -> None:
        await asyncio.gather(*(self._one() for _ in range(MANY)))

    async def _one(self) -> None:
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", self._port)
            writer.write(self._data)
            head = await reader.readuntil(b"\r\n\r\n")
        except (OSError, asyncio.IncompleteReadError):
            self.statuses["none"] += 1
            return
        self.statuses[head[9:12].decode()] += 1
        if head[9:12] == b"503":
            self.refusals.append(head + await reader.read(65536))
        writer.close()


@contextmanager
def most_threads(server: ServedMus) -> Iterator[list[int]]:
    """The largest number of threads that the server had meanwhile."""
    process, stop, most = psutil.Process(server.process.pid), threading.Event(), [0]

    def look() -> None:
        while not stop.wait(0.01):
            most[0] = max(most[0], process.num_threads())

    looking = threading.Thread(target=look, daemon=True)
    looking.start()
    try:
        yield most
    finally:
        stop.set()
        looking.join()


@pytest.mark.parametrize("path", ["/login/", "/api/v1/tracks"])
def test_a_flood_costs_few_threads_and_what_does_not_fit_is_told_when_to_come_again(
    server: ServedMus, path: str
) -> None:
    with most_threads(server) as most:
        flood = Flood(server, request(path))
        while flood.statuses.total() < MANY:
            assert httpx.get(f"{server.url}/healthz", timeout=WAITS_S).status_code == 200
        flood.join()
    assert most[0] <= THREADS + PROBE_THREADS + OTHER_THREADS
    answered = "401" if path.startswith("/api/") else "200"
    assert set(flood.statuses) == {answered, "503"}
    assert flood.statuses[answered] >= PLACES
    head, _, body = flood.refusals[0].partition(b"\r\n\r\n")
    assert b"retry-after: 2" in head.lower()
    if path.startswith("/api/"):
        assert json.loads(body)["error"]["code"] == "busy"
    else:
        assert b"<h1>503 " in body


def test_a_flood_of_static_files_costs_few_threads_and_all_are_sent(server: ServedMus) -> None:
    with most_threads(server) as most:
        flood = Flood(server, request("/static/web/favicon.svg"))
        flood.join()
    assert most[0] <= 2 * STATIC_THREADS + OTHER_THREADS
    assert flood.statuses == {"200": MANY}


def test_slow_readers_of_static_files_hold_no_thread(server: ServedMus) -> None:
    before = psutil.Process(server.process.pid).num_threads()
    with most_threads(server) as most, ExitStack() as opened:
        for _ in range(50):
            reader = opened.enter_context(connected(server))
            reader.send_head("GET", "/static/admin/js/vendor/xregexp/xregexp.js")
        time.sleep(0.5)
    assert most[0] - before <= 2 * STATIC_THREADS


def test_while_requests_hang_another_client_and_another_session_are_answered(
    server: ServedMus, change: bytes
) -> None:
    """All the threads that one address may have wait for the database, and its queue is full."""
    with write_lock(place_in(Path(server.variables["DATA_DIR"]))):
        flood = Flood(server, change)
        flood.wait_until_answered(MANY - PLACES - THREADS)
        with connected(server, "127.0.0.2") as neighbour:
            neighbour.send_head("GET", "/login/")
            assert neighbour.status() == 200
        with connected(server) as at_the_same_address:
            at_the_same_address.send_head("GET", "/login/", "Cookie: sessionid=another")
            time.sleep(0.3)
            assert not at_the_same_address.is_answered()  # it waits for a thread, and is next
        assert httpx.get(f"{server.url}/healthz").status_code == 200
        code, seconds = server.end()
    assert code == 0
    assert seconds < ENDS_WITHIN_S
    assert set(flood.statuses) <= {"503", "none"}


@pytest.mark.parametrize("signal_number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_a_signal_ends_it_in_the_midst_of_a_flood(server: ServedMus, signal_number: int) -> None:
    flood = Flood(server, request("/login/"))
    flood.wait_until_answered(1)
    code, seconds = server.end(signal_number)
    flood.join()
    assert code == 0
    assert seconds < ENDS_WITHIN_S
    assert "Traceback" not in server.output()
    assert "destroyed" not in server.output()


def test_those_who_left_are_not_answered_at_the_expense_of_who_waits(
    server: ServedMus, change: bytes
) -> None:
    """Two hundred browsers are closed while their requests wait."""
    with write_lock(place_in(Path(server.variables["DATA_DIR"]))):
        with ExitStack() as opened:
            for _ in range(200):
                opened.enter_context(connected(server)).send(change)
            time.sleep(0.5)
        time.sleep(0.5)
    with connected(server) as client:
        client.send(change)
        assert client.status() == 200
    answered = re.findall(r"path=/api/v1/player/state status=[24]", server.output())
    assert len(answered) <= THREADS + 1


def test_a_flood_of_health_checks_is_answered(server: ServedMus) -> None:
    flood = Flood(server, request("/healthz"))
    flood.join()
    assert flood.statuses == {"200": MANY}
