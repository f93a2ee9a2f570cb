"""The test: servers that are killed, services that fail, and what has arrived in the end."""

import json
import random
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.listening.scrobbling.service import FAULTS, NONE, Service, running
from tests.web.served import PROJECT_DIR, ServedMus, serve

SETTINGS = "soak.scrobbling.settings"
KINDS = ("listenbrainz", "lastfm", "librefm")
REFUSED_EVERY = 97
"""One in so many plays is of a track that the services refuse."""
SETTLES_WITHIN_S = 120.0

_BEGIN = """
from django.contrib.auth.models import User
from listening.models import ScrobbleAccount
from listening.scrobbling.secrets import encrypted
from tests.listening.scrobbling.service import SESSION, TOKEN, USER
from django.utils import timezone
user = User.objects.create(username="ada")
for kind in {kinds!r}:
    ScrobbleAccount.objects.create(user=user, service=kind, name=USER, connected_at=timezone.now(),
        secret=encrypted(TOKEN if kind == "listenbrainz" else SESSION))
"""
_PLAY = """
from datetime import timedelta
from django.contrib.auth.models import User
from django.utils import timezone
from listening.plays import NewPlay, store_plays
from tests.web.library_rows import make_track
user = User.objects.get()
begin = timezone.now() - timedelta(days=7)
for number in range({first}, {first} + {count}):
    track = make_track(title=f"Track {{number}}", path=f"{{number}}.flac", duration_s=200)
    at = begin + timedelta(seconds=200 * number)
    store_plays(user.pk, [NewPlay(track_id=track.pk, started_at=at)])
"""
_CONNECT_AGAIN = """
import time
from django.contrib.auth.models import User
from listening.models import ScrobbleAccount
from listening.scrobbling.accounts import connect
from listening.scrobbling.services import service_of
from tests.listening.scrobbling.service import AUTH_TOKEN, TOKEN
while True:
    for account in ScrobbleAccount.objects.exclude(problem=""):
        secret = TOKEN if account.service == "listenbrainz" else AUTH_TOKEN
        connect(account.user_id, service_of(account), secret)
    time.sleep(0.5)
"""
_STATES = """
import json
from django.db.models import Count
from listening.models import OutboxItem
rows = OutboxItem.objects.order_by().values_list("account__service", "state").annotate(Count("pk"))
refused = OutboxItem.objects.filter(state="refused")
refused = refused.values_list("account__service", "facts", "reason")
print(json.dumps([list(rows), [[kind, facts["title"], why] for kind, facts, why in refused]]))
"""


@dataclass
class Outcome:
    """`wrong`: a sentence for each play that arrived twice or not at all."""

    kills: int = 0
    requests: int = 0
    refused: int = 0
    faults: set[str] = field(default_factory=set)
    wrong: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Trial:
    """`say`: what happens, for people."""

    folder: Path
    database: Path
    plays: int = 1000
    kills: int = 10
    servers: int = 2
    life_s: float = 8.0
    seed: int = 0
    say: Callable[[str], None] = lambda _: None

    def run(self) -> Outcome:
        outcome = Outcome()
        with ExitStack() as stack:
            services = [stack.enter_context(running(Service())) for _ in KINDS]
            for service in services:
                service.refuses = {f"Track {each}" for each in range(5, self.plays, REFUSED_EVERY)}
            addresses = [each.url + ("/2.0/" if at else "") for at, each in enumerate(services)]
            variables = {
                "DJANGO_SETTINGS_MODULE": SETTINGS,
                "SOAK_SERVICES": " ".join(addresses),
                "SCAN_INTERVAL_SECONDS": "0",
            }
            with self._server(variables, first=True) as served:
                served.python(_BEGIN.format(kinds=KINDS))
                served.end(9)
            self._live(services, variables, outcome)
            self._settle(services, variables, outcome)
        return outcome

    @contextmanager
    def _server(self, variables: dict[str, str], *, first: bool = False) -> Iterator[ServedMus]:
        database = self.database if first else None
        with serve(self.folder, database, "--no-scan", **variables) as served:
            yield served

    def _live(self, services: list[Service], variables: dict[str, str], outcome: Outcome) -> None:
        """Plays come, servers are killed, services fail."""
        chance = random.Random(self.seed)
        over = threading.Event()
        weather = threading.Thread(target=_weather, args=(services, over, self.seed, outcome))
        weather.start()
        share = -(-self.plays // self.kills)
        try:
            for begin in range(0, self.plays, share):
                with ExitStack() as stack:
                    servers = [
                        stack.enter_context(self._server(variables)) for _ in range(self.servers)
                    ]
                    count = min(share, self.plays - begin)
                    stack.enter_context(_beside(servers[0], _CONNECT_AGAIN))
                    player = stack.enter_context(
                        _beside(servers[0], _PLAY.format(first=begin, count=count))
                    )
                    _require(player.wait(120) == 0, "the plays were not stored")
                    time.sleep(chance.uniform(0.3, 1) * self.life_s)
                    for server in servers:
                        server.process.kill()
                    outcome.kills += 1
                arrived = ", ".join(str(len(each.listens)) for each in services)
                self.say(f"killed {outcome.kills} times; arrived: {arrived}")
        finally:
            over.set()
            weather.join()

    def _settle(self, services: list[Service], variables: dict[str, str], outcome: Outcome) -> None:
        """Nothing fails any more: everything that waits has to arrive."""
        for service in services:
            service.fault, service.valid = lambda _: NONE, True
        with self._server(variables) as served, _beside(served, _CONNECT_AGAIN):
            deadline = time.monotonic() + SETTLES_WITHIN_S
            while True:
                states, refused = json.loads(served.python(_STATES))
                left = sum(count for _, state, count in states if state in {"waiting", "asking"})
                if not left or time.monotonic() > deadline:
                    break
                self.say(f"{left} wait")
                time.sleep(2)
        outcome.requests = sum(len(each.requests) for each in services)
        outcome.refused = len(refused)
        for kind, service in zip(KINDS, services, strict=True):
            shown = {title for other, title, why in refused if other == kind and why}
            outcome.wrong += _wrong(kind, service, shown, self.plays)


def _wrong(kind: str, service: Service, refused: set[str], plays: int) -> list[str]:
    titles = service.titles
    expected = {f"Track {each}" for each in range(plays)}
    doubled = ((title, count) for title, count in titles.items() if count > 1)
    twice = [f"{kind}: {title} arrived {count} times" for title, count in doubled]
    lost = [f"{kind}: {title} was lost" for title in sorted(expected - titles.keys() - refused)]
    both = [f"{kind}: {title} arrived and is refused" for title in sorted(titles.keys() & refused)]
    return [*twice, *lost, *both]


@contextmanager
def _beside(served: ServedMus, code: str) -> Iterator[subprocess.Popen[bytes]]:
    """A process that runs `code` on the server's database, until it ends or is killed."""
    command = [sys.executable, "manage.py", "shell", "--no-imports", "-c", code]
    process = subprocess.Popen(command, env=served.variables, cwd=PROJECT_DIR)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def _require(condition: bool, problem: str) -> None:  # noqa: FBT001
    if not condition:
        raise RuntimeError(problem)


def _weather(services: list[Service], over: threading.Event, seed: int, outcome: Outcome) -> None:
    """Every half second each service is well, or fails in one way now and then or always."""
    chance = random.Random(seed + 1)
    while not over.is_set():
        for service in services:
            kind, share = chance.choice(("", *FAULTS)), chance.choice((0.3, 0.7, 1.0))
            service.valid = chance.random() > 0.02
            service.fault = _failing(kind, share, chance)
            outcome.faults.add(kind)
        over.wait(0.5)


def _failing(kind: str, share: float, chance: random.Random) -> Callable[[str], str]:
    return lambda _: kind if chance.random() < share else NONE
