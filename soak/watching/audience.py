"""Those who listen and ask for lists all the time, and how long the server let them wait."""

import asyncio
import random
import time
from collections import defaultdict
from dataclasses import dataclass, field
from statistics import median
from typing import Any

import httpx

from soak.visitors import Listener, Visitors

IDLE, CHANGING = "idle", "while changes go on"
LISTS = (
    "/api/v1/tracks?limit=100",
    "/api/v1/tracks?limit=100&sort=-added",
    "/api/v1/tracks?q=song&sort=title",
    "/api/v1/albums",
    "/api/v1/artists",
    "/api/v1/search?q=artist",
)
ASKS_EVERY_S = 0.4
CHUNK_BYTES, CHUNK_EVERY_S = 65_536, 0.05
RANGE = {"Range": "bytes=0-"}


@dataclass
class Audience(Visitors):
    """`waits_s` are times by what was asked for and whether changes went on: a list's whole answer,
    a stream's first bytes.

    `cut` counts streams that ended early. That is right if the file was written to meanwhile.
    """

    phase: str = IDLE
    streams: int = 4
    begins_scans: bool = False
    waits_s: dict[tuple[str, str], list[float]] = field(default_factory=lambda: defaultdict(list))
    streamed: int = 0
    cut: int = 0
    _ids: list[int] = field(default_factory=list)

    async def come(self, number: int) -> None:
        self.listeners = [Listener(each) for each in range(number)]
        async with asyncio.TaskGroup() as tasks:
            for listener in self.listeners:
                tasks.create_task(self._listen(listener))
            if self.begins_scans:
                tasks.create_task(self._begin_scans())
            for server in self.house.servers:
                tasks.create_task(self._ask_for_lists(self.client(server)))
                for _ in range(self.streams):
                    tasks.create_task(self._play(self.client(server)))

    async def _ask_for_lists(self, browser: httpx.AsyncClient) -> None:
        async with browser:
            while True:
                for path in LISTS:
                    await self._ask_for(browser, path)
                    await asyncio.sleep(ASKS_EVERY_S)

    async def _ask_for(self, browser: httpx.AsyncClient, path: str) -> None:
        began, phase = time.monotonic(), self.phase
        answer = await self._get(browser, path)
        self.waits_s["lists", phase].append(time.monotonic() - began)
        if answer is not None and path.startswith("/api/v1/tracks"):
            rows: list[dict[str, Any]] = answer.json()["results"]
            self._ids = [row["id"] for row in rows] or self._ids

    async def _play(self, browser: httpx.AsyncClient) -> None:
        """Listen to one track after another, each to its end."""
        async with browser:
            while True:
                if self._ids:
                    await self._stream(browser, f"/api/v1/tracks/{random.choice(self._ids)}/stream")
                await asyncio.sleep(CHUNK_EVERY_S * 4)

    async def _stream(self, browser: httpx.AsyncClient, path: str) -> None:
        began, phase, has_begun = time.monotonic(), self.phase, False
        self.requests += 1
        try:
            async with browser.stream("GET", path, headers=RANGE) as answer:
                if answer.status_code not in (206, 404, 416):
                    self._judge(began, path, answer.status_code, await answer.aread())
                    return
                async for _ in answer.aiter_raw(CHUNK_BYTES):
                    if not has_begun:
                        self.waits_s["streams", phase].append(time.monotonic() - began)
                    has_begun = True
                    await asyncio.sleep(CHUNK_EVERY_S)
                self.streamed += 1
        except httpx.HTTPError as error:
            self.cut += has_begun
            if not has_begun:
                self._fail(began, f"{path}: {type(error).__name__}")

    def _judge(self, began: float, path: str, status: int, content: bytes) -> None:
        if b'"file_unreadable"' not in content:  # the file was being replaced
            self._fail(began, f"{path}: {status}")

    def as_text(self) -> str:
        lines = [
            f"{what} {phase}: {len(waits)}, median {_ms(median(waits))}, "
            f"nine in ten {_ms(nine_in_ten(waits))}, worst {_ms(max(waits))} ms"
            for (what, phase), waits in sorted(self.waits_s.items())
        ]
        return "\n".join([*lines, f"{self.streamed} streams to the end, {self.cut} cut short"])


def nine_in_ten(figures: list[float]) -> float:
    """The value that nine in ten do not exceed; 0 if there are none."""
    return sorted(figures)[(len(figures) * 9 - 1) // 10] if figures else 0.0


def _ms(seconds: float) -> str:
    return f"{seconds * 1000:.0f}"
