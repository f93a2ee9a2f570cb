"""Many browsers at one server, and such as do not read."""

import asyncio
import socket
from pathlib import Path

import psutil
import pytest

from asgi.look_ups import THREADS
from tests.events.browsers import PATH, store, wait_until
from tests.events.conftest import Site, log_in
from tests.web.served import serve

pytestmark = pytest.mark.server

LISTENERS = 300
FEW = 50
EVENTS = 70


def test_threads_and_open_files_do_not_grow_with_those_who_listen(site: Site) -> None:
    process = psutil.Process(site.server.process.pid)
    address, request = request_of(site)

    def connect() -> socket.socket:
        client = socket.create_connection(address, timeout=60)
        client.sendall(request)
        received = b""
        while b"id: " not in received:
            received += client.recv(4096)
        return client

    clients = [connect() for _ in range(5)]
    threads, files = process.num_threads(), len(process.open_files())
    clients += [connect() for _ in range(LISTENERS)]
    try:
        assert open_streams(process) > LISTENERS
        # Those that look up logins, and the one that checks them again, come when wanted.
        assert process.num_threads() <= threads + THREADS + 1
        # The log-in check of the moment may hold the database open beside the relay.
        assert len(process.open_files()) <= files + 3
        store(site.server)
        for client in clients:
            assert b"event: message" in client.recv(4096)
    finally:
        for client in clients:
            client.close()


def test_fifty_browsers_that_do_not_read_are_dropped_and_delay_nobody(
    tmp_path: Path, database: Path
) -> None:
    """Events of 64 KiB: the kernel takes 40 or so for a browser before it lets a server wait."""
    with serve(tmp_path, database, "--no-scan") as server:
        site = log_in(server)
        stalled = [stall(site) for _ in range(FEW)]
        process = psutil.Process(server.process.pid)
        ids = asyncio.run(read_by_many(site, FEW, EVENTS))
        assert ids == [list(range(1, EVENTS + 1))] * FEW
        wait_until(lambda: open_streams(process) == 0)
        for client in stalled:
            client.close()
        assert "Traceback" not in server.output()


def request_of(site: Site) -> tuple[tuple[str, int], bytes]:
    """Where to, and what, a browser that is nothing but a socket sends."""
    head = f"GET {PATH} HTTP/1.1\r\nHost: localhost\r\nCookie: sessionid={site.session}\r\n\r\n"
    return ("127.0.0.1", int(site.server.url.rsplit(":", 1)[1])), head.encode()


def stall(site: Site) -> socket.socket:
    """A browser that asks for the stream and never reads it."""
    address, request = request_of(site)
    client = socket.socket()
    client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
    client.connect(address)
    client.sendall(request)
    return client


async def read_by_many(site: Site, count: int, events: int) -> list[list[int]]:
    """The ids that each of `count` browsers hears, while so many large events are stored."""
    listening = asyncio.Semaphore(0)
    reading = [asyncio.create_task(read(site, events, listening)) for _ in range(count)]
    for _ in reading:
        await listening.acquire()
    await asyncio.to_thread(store, site.server, events, 64 * 1024)
    async with asyncio.timeout(120):
        return await asyncio.gather(*reading)


async def read(site: Site, events: int, listening: asyncio.Semaphore) -> list[int]:
    address, request = request_of(site)
    reader, writer = await asyncio.open_connection(*address, limit=2**20)
    writer.write(request)
    ids: list[int] = []
    while len(ids) < events and (line := await reader.readline()):
        if line.startswith(b"retry"):
            listening.release()
        elif line == b"event: message\n":
            ids.append(int((await reader.readline()).removeprefix(b"id: ")))
    writer.close()
    return ids


def open_streams(process: psutil.Process) -> int:
    """Connections to the server; those it has to other servers do not count."""
    connections = process.net_connections("tcp")
    (port,) = {each.laddr.port for each in connections if each.status == psutil.CONN_LISTEN}
    established = (each for each in connections if each.status == psutil.CONN_ESTABLISHED)
    return sum(each.laddr.port == port for each in established)
