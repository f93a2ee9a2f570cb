"""The installation under test: PostgreSQL, Redis and two mus servers, which can be killed; or one
server that needs neither."""

import asyncio
import os
import re
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

import psutil

from bench.live.server import MAKE_SESSION
from bench.places import PROJECT_DIR
from tests.services import PostgresqlServer, RedisServer, Server

WITHOUT_ROOTS_POWERS = ["setpriv", "--bounding-set=-dac_override,-dac_read_search"]
"""Root ignores file permissions, so removing one from a file would test nothing."""
STANDSTILL = "the machine stood still"
STANDSTILL_S, BEAT_S = 1.0, 0.1


@dataclass
class Disturbance:
    """What was away, and when: `began` and `ended` are times of `time.monotonic`."""

    what: str
    began: float
    ended: float = float("inf")

    @property
    def seconds(self) -> float:
        return self.ended - self.began


class MusServer(Server):
    """A `manage.py serve` process."""

    name = "serve"

    def __init__(self, environment: dict[str, str], log_file: Path) -> None:
        super().__init__()
        self.environment = {**environment, "PORT": str(self.port)}
        self.place = PROJECT_DIR
        self.log_file = log_file

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def command(self) -> list[str]:
        return [*_manage_py(), "serve"]

    def answers(self) -> bool:
        with socket.socket() as attempt:
            return attempt.connect_ex(("127.0.0.1", self.port)) == 0


@dataclass
class House:
    """All processes of the test; `disturbances` records what was away, and when.

    `is_embedded`: one server with SQLite and nothing else. `settings` are for the servers and
    commands.
    """

    folder: Path = field(default_factory=lambda: Path(tempfile.mkdtemp(prefix="mus-soak-")))
    disturbances: list[Disturbance] = field(default_factory=list)
    is_kept: bool = False
    """Whether to keep the folder with music and logs, because something failed."""
    is_embedded: bool = False
    settings: dict[str, str] = field(default_factory=dict)

    def __enter__(self) -> Self:
        with ExitStack() as stack:  # ends the processes that have started if a later one fails
            self._stack = stack
            self._begin_all()
            self._stack = stack.pop_all()
        return self

    def _begin_all(self) -> None:
        self.music = self.folder / "music"
        for folder in (self.music, self.folder / "data"):
            folder.mkdir()
        services = {} if self.is_embedded else self._begin_services()
        self.environment = {
            "PATH": os.environ["PATH"],
            "MUSIC_DIR": str(self.music),
            "DATA_DIR": str(self.folder / "data"),
            "SECRET_KEY": secrets.token_urlsafe(),
            "SCAN_INTERVAL_SECONDS": "1",
            "SCAN_WORKERS": "1",
            **services,
            **self.settings,
        }
        self.manage("migrate", "--verbosity", "0")
        self.servers = [
            self._stack.enter_context(MusServer(self.environment, self.folder / f"server {n}.log"))
            for n in ((1,) if self.is_embedded else (1, 2))
        ]
        self.session = self._log_in()

    def set_session_niceness(self, niceness: int) -> None:
        """Of this test's session, and of that of each server, database and broker. Linux shares the
        processors between sessions first (autogroup, `sched(7)`)."""
        services = () if self.is_embedded else (self.postgresql, self.redis)
        for process in ("self", *(each.process_id() for each in (*self.servers, *services))):
            Path(f"/proc/{process}/autogroup").write_text(str(niceness))

    def _begin_services(self) -> dict[str, str]:
        self.postgresql = self._stack.enter_context(PostgresqlServer())
        self.redis = self._stack.enter_context(RedisServer())
        return {"DATABASE_URL": self.postgresql.create("mus"), "REDIS_URL": self.redis.url}

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._stack.close()
        if error is None and not self.is_kept:
            shutil.rmtree(self.folder, ignore_errors=True)

    def manage(self, *arguments: str, **variables: str) -> str:
        done = subprocess.run(
            [*_manage_py(), *arguments],
            cwd=PROJECT_DIR,
            env={**self.environment, **variables},
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode not in (0, 3):  # 3: the scan is done, but some files failed
            raise RuntimeError(
                f"{arguments[0]} ended with {done.returncode}: {done.stderr[-2000:]}"
            )
        return done.stdout

    def restart_postgresql(self) -> None:
        disturbance = self._begin("PostgreSQL restarted")
        self.postgresql.stop()
        self.postgresql.start()
        disturbance.ended = time.monotonic()

    def restart_redis(self) -> None:
        disturbance = self._begin("Redis restarted")
        self.redis.kill()
        time.sleep(1)
        self.redis.start()
        disturbance.ended = time.monotonic()

    def kill_server(self) -> None:
        """Kill the second server. The first runs to the end, so that its memory can be compared."""
        disturbance = self._begin("a server killed")
        self.servers[1].kill()
        self.servers[1].start()
        disturbance.ended = time.monotonic()

    def kill_scan(self) -> None:
        for process in psutil.process_iter(["cmdline"]):
            line = process.info["cmdline"] or []
            if "--adopt" in line and self._is_ours(process):
                disturbance = self._begin("a scan killed")
                process.kill()
                disturbance.ended = disturbance.began
                return

    def _is_ours(self, process: psutil.Process) -> bool:
        try:
            return process.environ().get("DATA_DIR") == self.environment["DATA_DIR"]
        except psutil.Error:
            return False

    async def watch_machine(self) -> None:
        """Record when this process could not run: then slow servers prove nothing."""
        before = time.monotonic()
        while True:
            await asyncio.sleep(BEAT_S)
            now = time.monotonic()
            if now - before > STANDSTILL_S:
                self.disturbances.append(Disturbance(STANDSTILL, before, now))
            before = now

    def _begin(self, what: str) -> Disturbance:
        disturbance = Disturbance(what, time.monotonic())
        self.disturbances.append(disturbance)
        return disturbance

    def _log_in(self) -> str:
        output = self.manage("shell", "--no-imports", "-c", MAKE_SESSION)
        found = re.search(r"session (\w+)", output)
        if not found:
            raise RuntimeError(f"no session was made: {output}")
        return found[1]


def _manage_py() -> list[str]:
    is_root = os.geteuid() == 0 and shutil.which(WITHOUT_ROOTS_POWERS[0])
    return [*(WITHOUT_ROOTS_POWERS if is_root else ()), sys.executable, "manage.py"]
