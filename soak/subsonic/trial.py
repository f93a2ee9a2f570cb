"""The test: a server, its clients for some time, and what is stored in the end."""

import asyncio
import json
import random
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import psutil

from soak.subsonic.answers import Answers
from soak.subsonic.client import WAYS, Client
from soak.subsonic.holdings import Held, Holdings
from soak.subsonic.intruders import OWNER, intrude, wrong_logins
from soak.subsonic.library import People, make_library, make_people
from soak.subsonic.listeners import Listener, Told
from soak.subsonic.person import browse
from tests.web.served import ServedMus, serve

LOG_CHARACTERS = 4_000
WARM_AT_ONCE, WARM_WITHIN_S = 64, 60.0
WARMING: tuple[tuple[str, dict[str, Any]], ...] = (
    ("search3", {"query": ""}),
    ("getCoverArt", {"id": "tr-1", "size": "160"}),
    ("stream", {"id": "tr-2"}),
    ("getStarred2", {}),
    ("scrobble", {"id": "tr-1", "submission": "false"}),
)
_STORED = """
import json
from listening.models import Play, PlayCount
plays = [
    (name, track_id, int(at.timestamp()))
    for name, track_id, at in Play.objects.values_list("user__username", "track", "started_at")
]
counts = PlayCount.objects.values_list("user__username", "track", "count")
print("stored", json.dumps([plays, list(counts)]))
"""


@dataclass
class Trial:
    """`wrong`: how many of the clients have a wrong password. `pause_s`: of a client between two
    things that it does, on average. `say`: what happens, for people."""

    folder: Path
    database: Path
    seconds: float = 120.0
    clients: int = 200
    wrong: int = 20
    tracks: int = 300
    pause_s: float = 1.0
    seed: int = 0
    say: Callable[[str], None] = lambda _: None
    answers: Answers = field(default_factory=Answers)
    told: Told = field(default_factory=Told)
    logins: int = 0

    def run(self) -> list[str]:
        """A sentence for each thing that is wrong."""
        with serve(self.folder, self.database, "--no-scan", LOG_LEVEL="ERROR") as served:
            make_library(served, self.tracks)
            people = make_people(served, self.clients - self.wrong)
            self.say(f"{self.tracks} tracks, {self.clients - self.wrong} apps, {self.wrong} wrong")
            problems = asyncio.run(self._flood(served, people))
            stored = next(
                line for line in served.python(_STORED).splitlines() if line.startswith("stored ")
            )
            plays, counts = json.loads(stored.removeprefix("stored "))
            self.say(f"{len(plays)} plays are stored")
            problems += wrongly_stored(plays, counts, self.told)
            if problems:
                self.say(f"the end of the server's log:\n{served.output()[-LOG_CHARACTERS:]}")
            return problems

    async def _flood(self, served: ServedMus, people: People) -> list[str]:
        process = psutil.Process(served.process.pid)
        holdings = Holdings(process, int(served.variables["PORT"]), served.variables["MUSIC_DIR"])
        await _warm_up(served.url, people)
        await asyncio.sleep(1)  # connections end
        start, own = holdings.now(), psutil.Process()
        before_s = _cpu_s(process), _cpu_s(own)
        beside = [
            asyncio.create_task(each)
            for each in (holdings.sample(), self.answers.watch_own_delay())
        ]
        began = time.monotonic()
        listeners = await self._come(served.url, people, began + self.seconds)
        took_s = time.monotonic() - began
        for each in beside:
            each.cancel()
        shares = tuple(
            (_cpu_s(each) - before) / took_s
            for each, before in zip((process, own), before_s, strict=True)
        )
        found = set[tuple[str, str]]()
        for listener in {each.user: each for each in listeners}.values():
            found |= await listener.stars()
        for listener in listeners:
            await listener.client.close()
        end = await holdings.settled(start)
        self._report(took_s, shares, listeners, (start, holdings.most, end))
        problems = [*self.answers.problems(), *end.grown_since(start)]
        if found != self.told.stars:
            problems.append(f"{len(found ^ self.told.stars)} favourites are lost or of nobody")
        if not self.logins:
            problems.append("nobody could log in to the pages")
        return problems

    async def _come(self, url: str, people: People, deadline: float) -> list[Listener]:
        """All clients, until the deadline."""
        listeners = [*self._listeners(url, people, deadline)]
        intruders = [
            Client(url, login, name, self.answers)
            for name, login in wrong_logins(people, self.wrong)
        ]
        async with asyncio.TaskGroup() as tasks:
            web = tasks.create_task(browse(url, OWNER, self.answers, deadline))
            for listener in listeners:
                tasks.create_task(listener.live(self.pause_s))
            for number, client in enumerate(intruders):
                chance = random.Random(f"{self.seed} wrong {number}")
                tasks.create_task(intrude(client, deadline, chance))
        self.logins = web.result()
        for client in intruders:
            await client.close()
        return listeners

    def _listeners(self, url: str, people: People, deadline: float) -> Iterator[Listener]:
        for number, app in enumerate(people.apps):
            way = WAYS[number % len(WAYS)]
            client = Client(url, way(app.user, app.password), way.__name__, self.answers)
            chance = random.Random(f"{self.seed} {number}")
            yield Listener(client, app.user, self.tracks, self.told, chance, deadline)

    def _report(
        self,
        took_s: float,
        shares: tuple[float, ...],
        listeners: list[Listener],
        held: tuple[Held, Held, Held],
    ) -> None:
        for line in self.answers.lines():
            self.say(line)
        total = self.answers.total()
        self.say(f"{total} requests in {took_s:.0f} s, {total / took_s:.0f} a second")
        self.say(f"processors: server {shares[0]:.2f}, these clients {shares[1]:.2f}")
        self.say(
            f"{sum(each.syncs for each in listeners)} whole syncs, {len(self.told.plays)} plays, "
            f"{len(self.told.stars)} favourites, {self.logins} logins to the pages"
        )
        for when, each in zip(("start", "peak", "end"), held, strict=True):
            self.say(f"server at the {when}: {each}")


def wrongly_stored(plays: list[Any], counts: list[Any], told: Told) -> list[str]:
    """Each play has to be stored once. `plays`: user, track and second; `counts`: user, track and
    how often it was heard."""
    rows = Counter((user, track, at) for user, track, at in plays)
    sums = Counter({(user, track): number for user, track, number in counts})
    expected = Counter((user, track) for user, track, _ in told.plays)
    kinds: dict[str, set[Any]] = {
        "plays are lost": told.plays - rows.keys(),
        "plays were told by nobody": rows.keys() - told.plays,
        "plays are stored twice": {each for each, number in rows.items() if number > 1},
        "tracks have another number of plays": {
            each for each in sums.keys() | expected.keys() if sums[each] != expected[each]
        },
    }
    return [f"{len(found)} {what}" for what, found in kinds.items() if found]


async def _warm_up(url: str, people: People) -> None:
    """Have each thread of the server begin, so that what it holds at the start can be compared."""
    app, answers = people.apps[0], Answers()
    clients = [
        Client(url, WAYS[0](app.user, app.password), "", answers) for _ in range(WARM_AT_ONCE)
    ]
    for _ in range(2):
        for endpoint, said in WARMING:
            await asyncio.gather(*(each.request(endpoint, **said) for each in clients))
        async with httpx.AsyncClient(base_url=url, timeout=WARM_WITHIN_S) as browser:
            await asyncio.gather(*(browser.get("/login/") for _ in range(WARM_AT_ONCE)))
            await asyncio.gather(*(browser.get("/api/v1/tracks") for _ in range(WARM_AT_ONCE)))
    await browse(url, OWNER, answers, 0)
    for each in clients:
        await each.close()
    if answers.wrong:
        raise RuntimeError(f"the server does not answer: {answers.wrong[0]}")


def _cpu_s(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)
