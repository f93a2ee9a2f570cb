"""How long requests take while nothing else happens, and while a first scan runs."""

import itertools
import random
import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from bench.live.client import Browser
from bench.live.server import ServedLibrary
from bench.results import Verdict

PAUSE_S = 0.01
LOOKS_AT_SCAN_EVERY = 25
PAGE_ROWS = 100
TIMES_IDLE = 2.0
NO_REQUEST_LONGER_THAN_S = 1.0
FIRST_PART = "bytes=0-65535"
WARMING_ROUNDS = 50


@dataclass(kw_only=True)
class Latencies:
    """Seconds by the kind of request."""

    seconds: dict[str, list[float]] = field(default_factory=dict)

    def add(self, what: str, value_s: float) -> None:
        self.seconds.setdefault(what, []).append(value_s)

    def percentile(self, what: str, percent: int) -> float:
        return statistics.quantiles(self.seconds[what], n=100, method="inclusive")[percent - 1]

    @property
    def worst_s(self) -> float:
        return max(itertools.chain.from_iterable(self.seconds.values()))


@dataclass(frozen=True, kw_only=True)
class LatencyResult:
    """`scan_s`: how long the scan took that ran meanwhile, of `scanned` files."""

    idle: Latencies
    scanning: Latencies
    scan_s: float
    scanned: int

    def verdicts(self) -> Iterator[Verdict]:
        for what in self.idle.seconds:
            limit = self.idle.percentile(what, 99) * TIMES_IDLE
            figure = self.scanning.percentile(what, 99)
            yield Verdict(
                what=f"p99 in a scan: {what}, idle x 2", figure=figure, limit=limit, unit="s"
            )
        yield Verdict(
            what="longest request in a scan",
            figure=self.scanning.worst_s,
            limit=NO_REQUEST_LONGER_THAN_S,
            unit="s",
        )


def measure_latency(served: ServedLibrary, unscanned: Path, idle_s: float) -> LatencyResult:
    """Idle for `idle_s`, then while `unscanned` is scanned for the first time."""
    browser, watcher = Browser(served), Browser(served)
    ids: list[int] = browser.get_json("/api/v1/tracks/ids")["ids"]
    ask_once = rounds_of_requests(browser, ids)
    for _ in range(WARMING_ROUNDS):
        ask_once(Latencies())
    idle = Latencies()
    until = time.monotonic() + idle_s
    while time.monotonic() < until:
        ask_once(idle)
    began = time.monotonic()
    scan_id = watcher.start_scan(str(unscanned))
    scanning = Latencies()
    rounds = 0
    while rounds % LOOKS_AT_SCAN_EVERY or watcher.scan_state(scan_id) == "running":
        ask_once(scanning)
        rounds += 1
    scan_s = time.monotonic() - began
    watcher.wait_for_scan(scan_id)
    scanned = watcher.get_json(f"/api/v1/scans/{scan_id}")["added"]
    browser.close()
    watcher.close()
    return LatencyResult(idle=idle, scanning=scanning, scan_s=scan_s, scanned=scanned)


def rounds_of_requests(browser: Browser, ids: list[int]) -> Callable[[Latencies], None]:
    """Asks one request of each kind, as somebody who browses while music plays."""
    rng = random.Random(1)
    pages = max(len(ids) - PAGE_ROWS, 0)

    def ask_once(latencies: Latencies) -> None:
        sort = rng.choice(("title", "artist", "album", "-added"))
        page = f"/api/v1/tracks?sort={sort}&limit={PAGE_ROWS}&offset={rng.randint(0, pages)}"
        latencies.add("GET tracks", browser.ask("GET", page).whole_s)
        time.sleep(PAUSE_S)
        state = {"current_track_id": rng.choice(ids), "progress_seconds": rng.random() * 100}
        latencies.add("PUT state", browser.ask("PUT", "/api/v1/player/state", state).whole_s)
        time.sleep(PAUSE_S)
        stream = f"/api/v1/tracks/{rng.choice(ids)}/stream"
        answer = browser.ask("GET", stream, Range=FIRST_PART)
        latencies.add("first byte of a stream", answer.first_byte_s)
        time.sleep(PAUSE_S)

    return ask_once
