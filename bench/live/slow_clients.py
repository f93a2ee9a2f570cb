"""Clients that take their time with large files: what the server holds in memory for them."""

import socket
import time
from collections.abc import Iterator
from dataclasses import dataclass

from bench.live.client import Browser
from bench.live.server import BYTES_PER_MIB, ServedLibrary, request_bytes
from bench.results import Verdict

PACE_BYTES = 65536
SAMPLES_A_SECOND = 4
GROWTH_LIMIT_MIB = 50.0
FAST_READ_BYTES = 1 << 20


@dataclass(frozen=True, kw_only=True)
class SlowClientsResult:
    """`speed_mib_s` is that of one client that reads as fast as it can, afterwards."""

    clients: int
    file_mib: float
    grew_mib: float
    threads_grew: int
    speed_mib_s: float

    def verdicts(self) -> Iterator[Verdict]:
        what = f"memory for {self.clients} slow clients of {self.file_mib:,.0f} MiB files"
        yield Verdict(what=what, figure=self.grew_mib, limit=GROWTH_LIMIT_MIB, unit="MiB")


def measure_slow_clients(served: ServedLibrary, ids: list[int], seconds: int) -> SlowClientsResult:
    """Each track of `ids` by a client of its own, 64 KiB a second, for so many `seconds`."""
    browser = Browser(served)
    browser.ask("GET", f"/api/v1/tracks/{ids[0]}/stream", Range="bytes=0-0")  # the path is warm
    memory, threads = served.memory_mib(), served.process.num_threads()
    clients = [_begin(served, track_id) for track_id in ids]
    peak, most_threads = memory, threads
    for _ in range(seconds):
        for client in clients:
            client.recv(PACE_BYTES)
        for _ in range(SAMPLES_A_SECOND):
            time.sleep(1 / SAMPLES_A_SECOND)
            peak = max(peak, served.memory_mib())
            most_threads = max(most_threads, served.process.num_threads())
    for client in clients:
        client.close()
    size_bytes, fast_s = _read_fast(served, ids[0])
    return SlowClientsResult(
        clients=len(ids),
        file_mib=size_bytes / BYTES_PER_MIB,
        grew_mib=peak - memory,
        threads_grew=most_threads - threads,
        speed_mib_s=size_bytes / BYTES_PER_MIB / fast_s,
    )


def _begin(served: ServedLibrary, track_id: int) -> socket.socket:
    client = socket.socket()
    client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, PACE_BYTES)
    client.connect(("127.0.0.1", served.port))
    client.sendall(request_bytes(served, f"/api/v1/tracks/{track_id}/stream"))
    return client


def _read_fast(served: ServedLibrary, track_id: int) -> tuple[int, float]:
    """Bytes and seconds of a whole file."""
    with socket.create_connection(("127.0.0.1", served.port)) as client:
        request = request_bytes(served, f"/api/v1/tracks/{track_id}/stream", Connection="close")
        began = time.perf_counter()
        client.sendall(request)
        buffer = bytearray(FAST_READ_BYTES)
        total = 0
        while size := client.recv_into(buffer):
            total += size
        return total, time.perf_counter() - began
