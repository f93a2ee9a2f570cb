"""A thousand browsers that listen: what each costs, and when the last of them hears of a scan."""

import resource
import selectors
import socket
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from bench.live.client import Browser
from bench.live.server import ServedLibrary, request_bytes
from bench.measure import CommandFailed
from bench.results import Verdict

PATH = "/api/v1/events/track-updates"
HEARD_WITHIN_S = 30.0
SETTLE_S = 2.0
STALLED_RECEIVE_BYTES = 4096
IN_PROCESS_LIMIT_S, OTHER_PROCESS_LIMIT_S = 0.1, 1.5
ENOUGH_BYTES = 65536


@dataclass(frozen=True, kw_only=True)
class ListenersResult:
    """The seconds are from the scan's end to the last listener; memory is per listener."""

    listeners: int
    stalled: int
    connect_s: float
    memory_kib: float
    threads_grew: int
    database_files_grew: int
    own_scan_s: float
    other_process_s: float

    def verdicts(self) -> Iterator[Verdict]:
        last = f"to the last of {self.listeners:,} listeners"
        yield _seconds(f"the server's own scan, {last}", self.own_scan_s, IN_PROCESS_LIMIT_S)
        yield _seconds(f"the command's scan, {last}", self.other_process_s, OTHER_PROCESS_LIMIT_S)


def _seconds(what: str, figure: float, limit: float) -> Verdict:
    return Verdict(what=what, figure=figure, limit=limit, unit="s")


def measure_listeners(
    served: ServedLibrary, folder: Path, change: Callable[[], None], *, number: int, stalled: int
) -> ListenersResult:
    """`change` makes something new in `folder`, which is small."""
    browser = Browser(served)
    memory, threads = served.memory_mib(), served.process.num_threads()
    files = served.database_files_open()
    began = time.monotonic()
    audience = Audience(served, number)
    connect_s = time.monotonic() - began
    idle = [_connect(served, STALLED_RECEIVE_BYTES) for _ in range(stalled)]
    time.sleep(SETTLE_S)
    grown_mib = served.memory_mib() - memory
    threads_grew = served.process.num_threads() - threads
    files_grew = served.database_files_open() - files

    change()
    last_s = audience.wait_for_event(lambda: browser.start_scan(str(folder)))
    own_scan_s = last_s - browser.wait_for_scan(_latest(browser))
    change()
    last_s = audience.wait_for_event(lambda: served.manage("scan_tracks", "--quiet", str(folder)))
    other_process_s = last_s - browser.finished_at(_latest(browser))
    for connection in idle:
        connection.close()
    audience.close()
    return ListenersResult(
        listeners=number,
        stalled=stalled,
        connect_s=connect_s,
        memory_kib=grown_mib * 1024 / (number + stalled),
        threads_grew=threads_grew,
        database_files_grew=files_grew,
        own_scan_s=own_scan_s,
        other_process_s=other_process_s,
    )


def allow_many_sockets() -> None:
    """For this process and the servers it starts."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


class Audience:
    """Connections that listen, read by one loop that does as little as it can."""

    def __init__(self, served: ServedLibrary, number: int) -> None:
        self._selector = selectors.DefaultSelector()
        self._connections = [_connect(served) for _ in range(number)]
        for connection in self._connections:
            self._selector.register(connection, selectors.EVENT_READ, connection)
        self._wait_for(b"text/event-stream")

    def wait_for_event(self, cause: Callable[[], object]) -> float:
        """When the last heard what `cause` brings about, in seconds since the epoch."""
        cause()
        return self._wait_for(b"reload_tracks")

    def _wait_for(self, words: bytes) -> float:
        waiting = set(self._connections)
        heard = dict.fromkeys(self._connections, b"")
        last_s = 0.0
        deadline = time.monotonic() + HEARD_WITHIN_S
        while waiting:
            if time.monotonic() > deadline:
                raise CommandFailed(f"{len(waiting)} listeners never heard {words.decode()}")
            for key, _ in self._selector.select(1):
                connection: socket.socket = key.data
                heard[connection] += connection.recv(ENOUGH_BYTES)
                if connection in waiting and words in heard[connection]:
                    waiting.discard(connection)
                    last_s = time.time()
        return last_s

    def close(self) -> None:
        self._selector.close()
        for connection in self._connections:
            connection.close()


def _connect(served: ServedLibrary, receive_bytes: int = 0) -> socket.socket:
    connection = socket.socket()
    if receive_bytes:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_bytes)
    connection.connect(("127.0.0.1", served.port))
    connection.sendall(request_bytes(served, PATH, Accept="text/event-stream"))
    return connection


def _latest(browser: Browser) -> int:
    return int(browser.get_json("/api/v1/scans/latest")["id"])
