"""Processor time of the server for each kind of request, beside the bare application's."""

import statistics
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import psutil

from bench.live.client import Browser
from bench.live.server import ServedLibrary, free_port, request_bytes, serving
from bench.measure import CommandFailed
from bench.requests.asking import Request, ask_for
from bench.results import Verdict

CLIENTS = (1, 8, 32)
WARMING_S = 0.3
ROUNDS = 3
"""The kinds are measured in turn this many times, so that a slow moment of the machine hits all."""
PAGE_ROWS = 100
FIRST_PART = "bytes=0-65535"
LIMITS = {
    "cover": 4.0,
    "stream": 4.0,
    "player state": 6.0,
    "100 tracks": 12.0,
    "100 albums": 15.0,
    "100 artists": 15.0,
}
"""How many times the processor time of a bare answer each kind may take."""
BARE = "bare answer"


@dataclass(kw_only=True)
class KindResult:
    """`cpu_ms`: of the server for each request of a single client, one figure for each round;
    `seconds`: how long requests took, by the number of clients."""

    cpu_ms: list[float] = field(default_factory=list)
    seconds: dict[int, list[float]] = field(default_factory=dict)

    def percentile_ms(self, clients: int, percent: int) -> float:
        seconds = self.seconds[clients]
        if len(seconds) == 1:
            return seconds[0] * 1000
        return statistics.quantiles(seconds, n=100, method="inclusive")[percent - 1] * 1000


@dataclass(kw_only=True)
class CostResult:
    """What each kind of request costs; the bare answer is one of the `kinds`."""

    kinds: dict[str, KindResult] = field(default_factory=dict)

    def cpu_ms(self, kind: str) -> float:
        return statistics.median(self.kinds[kind].cpu_ms)

    def ratio(self, kind: str) -> float:
        return self.cpu_ms(kind) / self.cpu_ms(BARE)

    def verdicts(self) -> Iterator[Verdict]:
        for kind, limit in LIMITS.items():
            what = f"server's processor time: {kind}, bare answer x {limit:g}"
            yield Verdict(what=what, figure=self.ratio(kind), limit=limit, unit="x")


def measure_cost(served: ServedLibrary, seconds: float) -> CostResult:
    """Each kind of request for `seconds`, three times by one client, then by more at once."""
    result = CostResult()
    asked_of = requests_of_each_kind(served)
    with bare_server(served) as bare:
        targets = {kind: bare if kind == BARE else served for kind in asked_of}
        for kind, requests in asked_of.items():
            ask_for(targets[kind].port, requests, clients=1, seconds=WARMING_S)
            result.kinds[kind] = KindResult()
        for _ in range(ROUNDS):
            for kind, requests in asked_of.items():
                target = targets[kind]
                result.kinds[kind].cpu_ms.append(_cpu_ms(target, requests, seconds))
        for clients in CLIENTS:
            for kind, requests in asked_of.items():
                port = targets[kind].port
                asked = ask_for(port, requests, clients=clients, seconds=seconds)
                result.kinds[kind].seconds[clients] = asked.seconds
    return result


def _cpu_ms(target: ServedLibrary, requests: list[Request], seconds: float) -> float:
    before = _cpu_s(target.process)
    asked = ask_for(target.port, requests, clients=1, seconds=seconds)
    return (_cpu_s(target.process) - before) / len(asked.seconds) * 1000


def _cpu_s(process: psutil.Process) -> float:
    """User and system time of all threads of the process."""
    times = process.cpu_times()
    return float(times.user + times.system)


def requests_of_each_kind(served: ServedLibrary) -> dict[str, list[Request]]:
    """The bytes of the requests of each kind. Raises CommandFailed if no track has a cover."""
    browser = Browser(served)
    rows = browser.get_json(f"/api/v1/tracks?limit={PAGE_ROWS}")["results"]
    browser.close()
    covered = [row for row in rows if row["cover_id"]]
    if not covered:
        raise CommandFailed(f"none of {len(rows)} tracks has a cover")
    covers = [
        f"/api/v1/tracks/{row['id']}/covers/small.webp?v={row['cover_id']}" for row in covered
    ]
    paths = {
        BARE: ["/"],
        "cover": covers,
        "stream": [f"/api/v1/tracks/{row['id']}/stream" for row in rows],
        "player state": ["/api/v1/player/state"],
        **{
            f"{PAGE_ROWS} {name}": [f"/api/v1/{name}?limit={PAGE_ROWS}"]
            for name in ("tracks", "albums", "artists")
        },
    }
    more = {"stream": {"Range": FIRST_PART}}
    return {
        kind: [Request(kind, request_bytes(served, path, **more.get(kind, {}))) for path in each]
        for kind, each in paths.items()
    }


@contextmanager
def bare_server(served: ServedLibrary) -> Iterator[ServedLibrary]:
    """A server with the bare application, and otherwise with the settings of `served`."""
    environment = {
        **served.environment,
        "PORT": str(free_port()),
        "DJANGO_SETTINGS_MODULE": "bench.requests.bare_settings",
    }
    with serving(environment, session="") as bare:
        yield bare
