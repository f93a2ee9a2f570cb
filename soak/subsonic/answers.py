"""What was asked and answered: times and errors by kind of request."""

import asyncio
import math
import time
from collections import Counter, defaultdict
from collections.abc import Awaitable, Iterator
from statistics import median
from typing import TypeVar

import httpx

T = TypeVar("T")

MOST_SHOWN = 20
BEAT_S = 0.05
OWN_DELAY = "(delay of the clients themselves)"


class Answers:
    """Of all clients together. `wrong`: a sentence for each answer that ought to be another."""

    def __init__(self) -> None:
        self.wrong: list[str] = []
        self._times_ms: defaultdict[str, list[float]] = defaultdict(list)
        self._outcomes: Counter[str] = Counter()

    def complain(self, sentence: str) -> None:
        self.wrong.append(sentence)

    async def timed(self, kind: str, request: Awaitable[T]) -> T | None:
        """None if there is no answer, which is a complaint; the time of it counts as well."""
        began = time.perf_counter()
        try:
            return await request
        except httpx.HTTPError as error:
            self._outcomes[f"no answer: {type(error).__name__}"] += 1
            self.complain(f"{kind}: {type(error).__name__}")
            return None
        finally:
            self._times_ms[kind].append((time.perf_counter() - began) * 1000)

    async def watch_own_delay(self) -> None:
        """How late this process gets to what it waits for. So much of each time is not the
        server's."""
        while True:
            began = time.perf_counter()
            await asyncio.sleep(BEAT_S)
            late_s = time.perf_counter() - began - BEAT_S
            self._times_ms[OWN_DELAY].append(late_s * 1000)

    def note(self, outcome: str) -> None:
        self._outcomes[outcome] += 1

    def total(self) -> int:
        return sum(len(each) for kind, each in self._times_ms.items() if kind != OWN_DELAY)

    def lines(self) -> Iterator[str]:
        """A table, and how often each status and each error of the protocol came."""
        yield f"{'request':34} {'number':>7} {'median':>8} {'p99':>8} {'most':>8}  ms"
        for kind, times in sorted(self._times_ms.items()):
            figures = (median(times), p99(times), max(times))
            yield f"{kind:34} {len(times):7} " + " ".join(f"{each:8.0f}" for each in figures)
        for outcome, number in sorted(self._outcomes.items()):
            yield f"{number:7} answers: {outcome}"

    def problems(self) -> Iterator[str]:
        for sentence, number in Counter(self.wrong).most_common(MOST_SHOWN):
            yield sentence if number == 1 else f"{sentence} ({number} times)"
        if len({*self.wrong}) > MOST_SHOWN:
            yield f"and {len({*self.wrong}) - MOST_SHOWN} others"


def p99(figures: list[float]) -> float:
    return sorted(figures)[math.ceil(len(figures) * 0.99) - 1]
