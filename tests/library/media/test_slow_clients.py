"""Clients that take their time, or leave: what they cost the server, and nobody else.

These fail when daphne or Twisted changes beneath operations/server/paced_server.py.
"""

import os
import random
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import psutil
import pytest
from django.core.management import load_command_class

from operations.server.paced_server import PacedServer
from tests.library.media.client import Connection
from tests.library.media.conftest import Library, served_library

pytestmark = pytest.mark.server

SIZE = 100 << 20
PIECE = 64 << 10
MAY_GROW = 50 << 20
WAITS_SECONDS = 20


def content_at(offset: int, size: int) -> bytes:
    """Bytes of the large file: 1 MiB of chance over and over, shifted by one each time."""
    block, within = divmod(offset, len(CHANCE))
    shifted = CHANCE[block:] + CHANCE[:block]
    rest = size - (len(CHANCE) - within)
    return shifted[within : within + size] + (
        content_at((block + 1) * len(CHANCE), rest) if rest > 0 else b""
    )


CHANCE = random.Random(1).randbytes(1 << 20)


@pytest.fixture(scope="module")
def path(library: Library) -> str:
    large = library.music / "large.flac"
    with large.open("wb") as file:
        for offset in range(0, SIZE, len(CHANCE)):
            file.write(content_at(offset, len(CHANCE)))
    return library.track(large, codec="flac")


@pytest.fixture
def clients(library: Library) -> Iterator[Callable[..., Connection]]:
    """Opens connections with a small receive buffer, all closed after the test."""
    with ExitStack() as opened:
        yield lambda: opened.enter_context(library.listener.connection(receive_buffer_bytes=PIECE))


def wait_until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + WAITS_SECONDS
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def is_at_rest(process: psutil.Process) -> bool:
    """Whether it read nothing for a while: all that its clients' buffers take was sent."""
    before = process.io_counters().read_chars
    time.sleep(0.3)
    return bool(process.io_counters().read_chars == before)


def files_open(library: Library, name: str) -> int:
    folder = Path(f"/proc/{library.server.process.pid}/fd")
    count = 0
    for each in folder.iterdir():
        try:
            count += os.readlink(each).endswith(name)
        except FileNotFoundError:  # closed meanwhile
            continue
    return count


def paused_clients(
    library: Library, clients: Callable[..., Connection], path: str, number: int
) -> list[Connection]:
    """Clients that asked for all of the large file, took a little, and stopped."""
    paused = [clients() for _ in range(number)]
    for client in paused:
        client.ask(path)
    for client in paused:
        assert client.head().headers["content-length"] == str(SIZE)
        assert client.take(PIECE) == content_at(0, PIECE)
    wait_until(lambda: is_at_rest(library.process()))
    return paused


def test_ten_paused_clients_cost_little_memory_and_lose_no_byte(
    library: Library, clients: Callable[..., Connection], path: str
) -> None:
    library.listener.ask(path, Range="bytes=0-0")
    process = library.process()
    before = process.memory_full_info()
    paused = paused_clients(library, clients, path, 10)
    after = process.memory_full_info()
    assert after.rss - before.rss < MAY_GROW
    assert after.uss - before.uss < MAY_GROW
    for client in paused[:2]:
        for offset in range(PIECE, SIZE, 1 << 20):
            size = min(1 << 20, SIZE - offset)
            assert client.take(size) == content_at(offset, size)
        client.ask(path, Range="bytes=-1")  # it is kept alive
        assert client.answer().body == content_at(SIZE - 1, 1)
    assert process.memory_full_info().rss - before.rss < MAY_GROW


def test_fifty_paused_clients_hold_no_thread_and_no_database_connection(
    library: Library, clients: Callable[..., Connection], path: str
) -> None:
    before = library.process().num_threads()
    paused_clients(library, clients, path, 50)
    assert library.process().num_threads() - before < 16  # the readers, of which there are eight
    assert files_open(library, "large.flac") >= 50
    # Three files a connection: of the readers at most, not of the clients.
    assert files_open(library, "mus.sqlite3") < 40
    assert library.listener.ask(path, Range="bytes=0-0").status == 206


def test_a_client_that_leaves_ends_the_reading(
    library: Library, clients: Callable[..., Connection], path: str
) -> None:
    wait_until(lambda: files_open(library, "large.flac") == 0)
    paused = paused_clients(library, clients, path, 5)
    assert files_open(library, "large.flac") == 5
    before = library.process().io_counters().read_chars
    for client in paused:
        client.close()
    wait_until(lambda: files_open(library, "large.flac") == 0)
    assert library.process().io_counters().read_chars - before < SIZE
    assert "took too long" not in library.server.output()  # which daphne ends by force, in time


def test_requests_sent_at_once_are_answered_in_turn(
    library: Library, clients: Callable[..., Connection], path: str
) -> None:
    client = clients()
    first, second = (1 << 20, 3 << 20), (5, 6)
    client.ask(path, Range=f"bytes={first[0]}-{first[1]}")
    client.ask(path, Range=f"bytes={second[0]}-{second[1]}")
    client.ask(path, Range="bytes=-3,0-1")
    assert client.answer().body == content_at(first[0], first[1] - first[0] + 1)
    assert client.answer().body == content_at(5, 2)
    assert client.answer().status == 206
    client.ask(path, "HEAD")
    assert client.answer(has_body=False).headers["content-length"] == str(SIZE)


@pytest.mark.parametrize("signal_number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_the_server_though_clients_are_paused(
    tmp_path: Path, database: Path, signal_number: int
) -> None:
    with served_library(tmp_path, database) as library, ExitStack() as opened:
        (library.music / "large.flac").write_bytes(CHANCE * 20)
        path = library.track(library.music / "large.flac")
        for _ in range(10):
            client = opened.enter_context(library.listener.connection())
            client.ask(path)
            client.head()
        wait_until(lambda: is_at_rest(library.process()))
        code, seconds = library.server.end(signal_number)
        assert code == 0
        assert seconds < 2
        said = library.server.output()
        assert not {"Traceback", "Warning", "destroyed"} & set(said.replace(":", " ").split())


DEACTIVATE = """
from django.contrib.auth.models import User
User.objects.update(is_active=False)
"""


def test_the_stream_of_a_deactivated_user_is_ended_though_the_client_pauses(
    tmp_path: Path, database: Path
) -> None:
    settings = {"DJANGO_SETTINGS_MODULE": "tests.library.media.watchful_settings"}
    with served_library(tmp_path, database, **settings) as library, ExitStack() as opened:
        path = library.file("large.flac", CHANCE * 20)
        client = opened.enter_context(library.listener.connection(receive_buffer_bytes=PIECE))
        client.ask(path)
        client.head()
        time.sleep(2)  # several checks, by which the login is good; buffers are full
        assert files_open(library, "large.flac") == 1
        library.server.python(DEACTIVATE)
        wait_until(lambda: files_open(library, "large.flac") == 0)
        assert len(client.take(len(CHANCE) * 20)) < len(CHANCE) * 20
        time.sleep(1)
        assert library.server.output().count("their logins are over") == 1


def test_the_server_for_development_waits_too() -> None:
    assert load_command_class("operations", "runserver").server_cls is PacedServer  # type: ignore[attr-defined]
