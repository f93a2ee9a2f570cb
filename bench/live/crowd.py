"""Thirty-two clients at once who page, search, stream and fetch covers, beside a first scan."""

import random
import statistics
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

from bench.live.client import Browser
from bench.live.server import ServedLibrary, request_bytes
from bench.measure import CommandFailed
from bench.requests.asking import Request, ask_for, ask_until

CLIENTS = 32
REQUESTS = 1_000
PAGE_ROWS = 100
FIRST_PART = "bytes=0-65535"
SAMPLE_EVERY_S = 0.1
WARMING_S = 2.0
KINDS = ("page", "search", "stream", "cover", "cover")
"""Covers twice, since a page shows many."""
SEARCHES = ("a", "the", "love", "night river", "zz")


@dataclass(kw_only=True)
class Busy:
    """Seconds by the kind of request; the most threads and memory of the server meanwhile."""

    seconds: dict[str, list[float]] = field(default_factory=dict)
    threads: int = 0
    memory_mib: float = 0.0

    def percentile_ms(self, kind: str, percent: int) -> float:
        cuts = statistics.quantiles(self.seconds[kind], n=100, method="inclusive")
        return cuts[percent - 1] * 1000


@dataclass(frozen=True, kw_only=True)
class CrowdResult:
    """`scan_s`: how long the scan took that ran meanwhile."""

    clients: int
    idle: Busy
    scanning: Busy
    scan_s: float


def measure_crowd(served: ServedLibrary, unscanned: Path, idle_s: float) -> CrowdResult:
    """Idle for `idle_s`, then while `unscanned` is scanned for the first time."""
    browser = Browser(served)
    requests = _requests(served, browser)
    ask_for(served.port, requests, clients=CLIENTS, seconds=WARMING_S)
    until = time.monotonic() + idle_s
    idle = _ask_while(lambda: time.monotonic() < until, served, requests)
    began = time.monotonic()
    scan_id = browser.start_scan(str(unscanned))
    scanning = _ask_while(lambda: browser.scan_state(scan_id) == "running", served, requests)
    scan_s = time.monotonic() - began
    browser.wait_for_scan(scan_id)
    browser.close()
    return CrowdResult(clients=CLIENTS, idle=idle, scanning=scanning, scan_s=scan_s)


def _ask_while(goes_on: Callable[[], bool], served: ServedLibrary, requests: list[Request]) -> Busy:
    """The clients ask from another thread; this one looks at the server until `goes_on` ends."""
    busy, is_over = Busy(), threading.Event()
    with ThreadPoolExecutor(1) as pool:
        asked = pool.submit(ask_until, is_over.is_set, served.port, requests, clients=CLIENTS)
        try:
            while goes_on() and not asked.done():
                busy.threads = max(busy.threads, served.process.num_threads())
                busy.memory_mib = max(busy.memory_mib, served.memory_mib())
                time.sleep(SAMPLE_EVERY_S)
        finally:
            is_over.set()
        busy.seconds = asked.result().by_kind
    return busy


def _requests(served: ServedLibrary, browser: Browser) -> list[Request]:
    """Requests of all kinds in a random order, the same in each run."""
    rng = random.Random(1)
    ids = browser.get_json("/api/v1/tracks/ids")["ids"]
    rows = browser.get_json("/api/v1/tracks?limit=500")["results"]
    covers = [(row["id"], row["cover_id"]) for row in rows if row["cover_id"]]
    if not covers:
        raise CommandFailed(f"none of {len(rows)} tracks has a cover")

    def request(kind: str) -> Request:
        more = {"Range": FIRST_PART} if kind == "stream" else {}
        return Request(kind, request_bytes(served, _path(kind, rng, ids, covers), **more))

    return [request(rng.choice(KINDS)) for _ in range(REQUESTS)]


def _path(kind: str, rng: random.Random, ids: list[int], covers: list[tuple[int, str]]) -> str:
    if kind == "stream":
        return f"/api/v1/tracks/{rng.choice(ids)}/stream"
    if kind == "cover":
        track_id, cover_id = rng.choice(covers)
        return f"/api/v1/tracks/{track_id}/covers/small.webp?v={cover_id}"
    query = {"sort": rng.choice(("title", "artist", "album", "-added")), "limit": PAGE_ROWS}
    if kind == "search":
        query["q"] = rng.choice(SEARCHES)
    else:
        query["offset"] = rng.randint(0, max(len(ids) - PAGE_ROWS, 0))
    return f"/api/v1/tracks?{urlencode(query)}"
