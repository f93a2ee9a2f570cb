"""Fetches a library by `GET sync`, as a client that keeps a copy does."""

import gzip
import time
from dataclasses import dataclass, field
from statistics import median
from typing import Any

from bench.live.client import Browser
from bench.live.server import ServedLibrary, as_json

ROUNDS = 5
ROWS = ("folders", "artists", "albums", "tracks", "removed")


@dataclass(kw_only=True)
class Fetched:
    """A sync, all its pages together. `cpu_s`: what the server's processor took. The bytes are
    those of the bodies, as sent (compressed) and as read."""

    seconds: float = 0.0
    longest_page_s: float = 0.0
    cpu_s: float = 0.0
    pages: int = 0
    rows: int = 0
    sent_bytes: int = 0
    read_bytes: int = 0
    token: str = ""


@dataclass(kw_only=True)
class SyncResult:
    """The figures of one database. `peak_mib`: what the server's memory was at most while one
    client fetched everything, and `idle_mib` before."""

    database: str
    tracks: int
    everything: Fetched = field(default_factory=Fetched)
    changed: list[Fetched] = field(default_factory=list)
    nothing: list[Fetched] = field(default_factory=list)
    idle_mib: float = 0.0
    peak_mib: float = 0.0

    @property
    def median_of_changed(self) -> Fetched:
        wanted = median(each.seconds for each in self.changed)
        return min(self.changed, key=lambda each: abs(each.seconds - wanted))


def fetch(browser: Browser, served: ServedLibrary, since: str = "", limit: int = 0) -> Fetched:
    """All pages. `limit` 0: the server's own."""
    found, cursor = Fetched(), ""
    cpu = _cpu_s(served)
    began = time.perf_counter()
    while True:
        page = _page(browser, found, since, cursor, limit)
        found.rows += sum(len(page[name]) for name in ROWS)
        cursor, since = page["cursor"], ""
        if not cursor:
            break
    found.seconds = time.perf_counter() - began
    found.cpu_s = _cpu_s(served) - cpu
    found.token = page["token"]
    return found


def _page(browser: Browser, found: Fetched, since: str, cursor: str, limit: int) -> dict[str, Any]:
    named = {"since": since, "cursor": cursor, "limit": limit}
    query = "&".join(f"{name}={value}" for name, value in named.items() if value)
    answer = browser.ask("GET", f"/api/v1/sync?{query}", **{"Accept-Encoding": "gzip"})
    body = gzip.decompress(answer.body) if answer.body[:2] == b"\x1f\x8b" else answer.body
    found.pages += 1
    found.sent_bytes += len(answer.body)
    found.read_bytes += len(body)
    found.longest_page_s = max(found.longest_page_s, answer.whole_s)
    return as_json(body)


def _cpu_s(served: ServedLibrary) -> float:
    times = served.process.cpu_times()
    return float(times.user + times.system)
