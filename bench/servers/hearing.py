"""A scan that one of two servers began, and when the last listener of both has heard of it."""

import random
import re
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from bench.live.client import Browser
from bench.live.listeners import Audience
from bench.live.server import ServedLibrary
from bench.measure import CommandFailed
from bench.results import Verdict

LOOK_S = 1.0
WITH_REDIS_LIMIT_S, WITHOUT_REDIS_LIMIT_S = 0.1, 1.5


@dataclass(frozen=True, kw_only=True)
class HeardResult:
    """`seconds`: of each scan, from its end to the last of all listeners."""

    has_redis: bool
    listeners: list[int]
    seconds: list[float]

    @property
    def median_s(self) -> float:
        return statistics.median(self.seconds)

    def verdict(self) -> Verdict:
        """The median: the longest of a few is as much the machine's as it is mus's."""
        how = "with Redis" if self.has_redis else "without Redis"
        return Verdict(
            what=f"a scan on one server, {how}, to the last of {sum(self.listeners):,} on both",
            figure=self.median_s,
            limit=WITH_REDIS_LIMIT_S if self.has_redis else WITHOUT_REDIS_LIMIT_S,
            unit="s",
        )


def measure_hearing(
    servers: Sequence[ServedLibrary],
    front_port: int,
    folder: Path,
    change: Callable[[], None],
    *,
    listeners: int,
    scans: int,
) -> HeardResult:
    """`change` makes something new in `folder`; each server in turn is asked to scan it."""
    browsers = [Browser(served) for served in servers]
    audience = Audience(replace(servers[0], port=front_port), listeners)
    try:
        connected = [listeners_of(served) for served in servers]
        if min(connected) < listeners // len(servers):
            raise CommandFailed(f"nginx did not share the listeners out: {connected}")
        seconds = [
            _heard_after(audience, browsers[number % len(browsers)], folder, change)
            for number in range(scans)
        ]
    finally:
        audience.close()
        for browser in browsers:
            browser.close()
    has_redis = bool(servers[0].environment["REDIS_URL"])
    return HeardResult(has_redis=has_redis, listeners=connected, seconds=seconds)


def _heard_after(
    audience: Audience, browser: Browser, folder: Path, change: Callable[[], None]
) -> float:
    change()
    time.sleep(random.uniform(0, LOOK_S))  # at any moment between two looks
    ids: list[int] = []
    last_s = audience.wait_for_event(lambda: ids.append(browser.start_scan(str(folder))))
    return last_s - browser.wait_for_scan(ids[0])


def listeners_of(served: ServedLibrary) -> int:
    """As it tells Prometheus."""
    token = f"Bearer {served.environment['METRICS_TOKEN']}"
    said = Browser(served).ask("GET", "/metrics", Authorization=token).body.decode()
    found = re.search(r"(?m)^mus_listeners (\S+)$", said)
    if not found:
        raise CommandFailed("a server does not tell how many listeners it has")
    return int(float(found[1]))
