"""The clients of the soak test: listeners of events, lists, streams, and starts of scans."""

import asyncio
import random
import time
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import httpx

from bench.live.server import CSRF_TOKEN
from soak.house import House, MusServer

EVENTS = "/api/v1/events/track-updates"
STAYS_S = (5.0, 40.0)
COMES_BACK_S = (0.2, 2.0)
REQUEST_WITHIN_S = 15.0
LISTS = ("/api/v1/tracks?limit=100", "/api/v1/tracks?q=artist&sort=-added", "/api/v1/albums", "/")


@dataclass(frozen=True)
class Failure:
    """A request that got no answer, or an unexpected status."""

    began: float
    ended: float
    what: str

    @property
    def seconds(self) -> float:
        return self.ended - self.began


@dataclass
class Listener:
    """The event stream of one browser, over all its connections."""

    number: int
    last_id: int = 0
    is_connected: bool = False


@dataclass
class Visitors:
    house: House
    listeners: list[Listener] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)
    requests: int = 0
    connections: int = 0
    first_ids: dict[str, int] = field(default_factory=dict)
    changed_ids: list[str] = field(default_factory=list)
    is_over: bool = False

    async def come(self, number: int) -> None:
        """Run `number` listeners and all other clients until this is cancelled."""
        self.listeners = [Listener(each) for each in range(number)]
        async with asyncio.TaskGroup() as tasks:
            for listener in self.listeners:
                tasks.create_task(self._listen(listener))
            for server in self.house.servers:
                tasks.create_task(self._ask(server))
            tasks.create_task(self._begin_scans())

    def connected(self) -> list[Listener]:
        return [each for each in self.listeners if each.is_connected]

    def client(self, server: MusServer) -> httpx.AsyncClient:
        return httpx.AsyncClient(
            base_url=server.url,
            timeout=REQUEST_WITHIN_S,
            cookies={"sessionid": self.house.session, "csrftoken": CSRF_TOKEN},
            headers={"X-CSRFToken": CSRF_TOKEN, "Origin": server.url},
        )

    async def _listen(self, listener: Listener) -> None:
        while True:
            server = random.choice(self.house.servers)
            stays_s = 3600.0 if self.is_over else random.uniform(*STAYS_S)
            try:
                async with asyncio.timeout(stays_s):
                    await self._hear(listener, server)
            except (TimeoutError, OSError, asyncio.IncompleteReadError):
                pass  # the listener leaves, or its server was killed
            listener.is_connected = False
            await asyncio.sleep(random.uniform(*COMES_BACK_S))

    async def _hear(self, listener: Listener, server: MusServer) -> None:
        port = server.port
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        try:
            lines = [
                f"GET {EVENTS} HTTP/1.1",
                f"Host: 127.0.0.1:{port}",
                f"Cookie: sessionid={self.house.session}",
            ]
            if listener.last_id:
                lines.append(f"Last-Event-ID: {listener.last_id}")
            writer.write("\r\n".join([*lines, "\r\n"]).encode())
            self.connections += 1
            while line := await reader.readline():
                if line.startswith(b"id: "):
                    listener.is_connected = True
                    listener.last_id = int(line[4:])
        finally:
            writer.close()

    async def _ask(self, server: MusServer) -> None:
        async with self.client(server) as browser:
            while True:
                for path in LISTS:
                    answer = await self._get(browser, path)
                    if answer is not None and path.startswith("/api/v1/tracks"):
                        await self._take(browser, answer.json()["results"])
                await asyncio.sleep(0.2)

    async def _take(self, browser: httpx.AsyncClient, tracks: list[dict[str, Any]]) -> None:
        """Record the ids of the tracks, and request a part of one of them."""
        for track in tracks:
            self.note(track["title"], track["id"])
        if tracks:
            track_id = random.choice(tracks)["id"]
            path = f"/api/v1/tracks/{track_id}/stream"
            await self._get(browser, path, fine=(206, 404, 416), Range="bytes=0-999")

    def note(self, title: str, track_id: int) -> None:
        if title.startswith("title ") and self.first_ids.setdefault(title, track_id) != track_id:
            self.changed_ids.append(f"{title}: {self.first_ids[title]}, then {track_id}")

    async def _get(
        self, browser: httpx.AsyncClient, path: str, fine: tuple[int, ...] = (200,), **headers: str
    ) -> httpx.Response | None:
        began = time.monotonic()
        self.requests += 1
        try:
            answer = await browser.get(path, headers=headers)
        except httpx.HTTPError as error:
            self._fail(began, f"{path}: {type(error).__name__}")
            await asyncio.sleep(0.1)
            return None
        if answer.status_code in fine or b'"file_unreadable"' in answer.content:
            return answer  # the test itself makes files unreadable
        self._fail(began, f"{path}: {answer.status_code}")
        return None

    def _fail(self, began: float, what: str) -> None:
        self.failures.append(Failure(began, time.monotonic(), what))

    async def _begin_scans(self) -> None:
        """Start scans again and again. A scan that runs already or a dead server is no failure."""
        while not self.is_over:
            async with self.client(random.choice(self.house.servers)) as browser:
                with suppress(httpx.HTTPError):
                    await browser.post("/api/v1/scans")
            await asyncio.sleep(0.5)
