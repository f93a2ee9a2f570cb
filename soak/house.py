"""PostgreSQL, Redis and two servers on them, each of which can be taken away for a while."""

import os
import re
import secrets
import shutil
import signal
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
from tests.services import PostgresqlServer, RedisServer, free_port

READY_WITHIN_S = 60.0
WITHOUT_ROOTS_POWERS = ["setpriv", "--bounding-set=-dac_override,-dac_read_search"]
"""Root passes every permission, so that taking one from a file would try nothing."""


@dataclass
class Disturbance:
    """What was away, from when to when, by `time.monotonic`."""

    what: str
    began: float
    ended: float = float("inf")


@dataclass
class MusServer:
    """One `manage.py serve`, which is started again after it was killed."""

    environment: dict[str, str]
    log: Path
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.environment['PORT']}"

    def process_id(self) -> int:
        if self.process is None:
            raise RuntimeError("the server was not started")
        return self.process.pid

    def start(self) -> None:
        before = self.log.stat().st_size if self.log.exists() else 0
        with self.log.open("ab") as output:
            self.process = subprocess.Popen(
                [*_manage_py(), "serve"],
                cwd=PROJECT_DIR,
                env=self.environment,
                stdout=output,
                stderr=output,
            )
        deadline = time.monotonic() + READY_WITHIN_S
        while b"mus is at" not in self.log.read_bytes()[before:]:
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"a server does not start:\n{self.log.read_text()[-3000:]}")
            time.sleep(0.05)

    def kill(self) -> None:
        self._end(signal.SIGKILL)

    def end(self) -> None:
        self._end(signal.SIGTERM)

    def _end(self, signal_number: int) -> None:
        if self.process:
            self.process.send_signal(signal_number)
            self.process.wait()


@dataclass
class House:
    """All that runs; `disturbances` say what did not, and when."""

    folder: Path = field(default_factory=lambda: Path(tempfile.mkdtemp(prefix="mus-soak-")))
    disturbances: list[Disturbance] = field(default_factory=list)

    def __enter__(self) -> Self:
        with ExitStack() as stack:  # what began ends, too, where the rest does not begin
            self._stack = stack
            self._begin_all()
            self._stack = stack.pop_all()
        return self

    def _begin_all(self) -> None:
        self.music = self.folder / "music"
        for folder in (self.music, self.folder / "data"):
            folder.mkdir()
        self.postgresql = self._stack.enter_context(PostgresqlServer())
        self.redis = self._stack.enter_context(RedisServer())
        self.environment = {
            "PATH": os.environ["PATH"],
            "MUSIC_DIR": str(self.music),
            "DATA_DIR": str(self.folder / "data"),
            "DATABASE_URL": self.postgresql.create("mus"),
            "REDIS_URL": self.redis.url,
            "SECRET_KEY": secrets.token_urlsafe(),
            "SCAN_INTERVAL_SECONDS": "1",
            "SCAN_WORKERS": "1",
        }
        self.manage("migrate", "--verbosity", "0")
        self.servers = [self._server(number) for number in (1, 2)]
        for server in self.servers:
            server.start()
            self._stack.callback(server.end)
        self.session = self._log_in()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._stack.close()
        if error is None:
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
        if done.returncode not in (0, 3):  # 3: a scan that is done, with failures
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
        """The second one; the first lives to the end, so that its memory can be judged."""
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

    def _begin(self, what: str) -> Disturbance:
        disturbance = Disturbance(what, time.monotonic())
        self.disturbances.append(disturbance)
        return disturbance

    def _server(self, number: int) -> MusServer:
        environment = {**self.environment, "PORT": str(free_port())}
        return MusServer(environment, self.folder / f"server {number}.log")

    def _log_in(self) -> str:
        said = self.manage("shell", "--no-imports", "-c", MAKE_SESSION)
        found = re.search(r"session (\w+)", said)
        if not found:
            raise RuntimeError(f"no session was made: {said}")
        return found[1]


def _manage_py() -> list[str]:
    is_root = os.geteuid() == 0 and shutil.which(WITHOUT_ROOTS_POWERS[0])
    return [*(WITHOUT_ROOTS_POWERS if is_root else ()), sys.executable, "manage.py"]
