"""The library under test, its twin, and the scans of both."""

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

from bench.places import PROJECT_DIR
from bench.upgrade.databases import Database
from soak.identity.scan import Position, positions_in
from tests import databases

TIMEOUT_S = 120
SCANNED = {0, 3, 5}
"""Exit codes of scans that went to their end. 3: some files failed; 5: a folder was kept."""
MAKE_USERS = """
from django.contrib.auth import get_user_model
from listening.models import PlayerState
for number in range({count}):
    user = get_user_model().objects.create(username=f"user {{number}}")
    PlayerState.objects.create(user=user)
"""


@dataclass(frozen=True)
class Scanned:
    """A scan that ended, or was killed; then `exit_code` is negative."""

    exit_code: int
    positions: list[Position]
    seconds: float
    errors: str

    @property
    def was_killed(self) -> bool:
        return self.exit_code == -signal.SIGKILL


class Scans:
    """A process that forks one for each scan; see `soak.identity.scan`."""

    def __init__(self, environment: dict[str, str], folder: Path) -> None:
        self._record, self._errors = folder / "record", folder / "errors"
        self._process = subprocess.Popen(
            [sys.executable, "-m", "soak.identity.scan"],
            cwd=PROJECT_DIR,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def run(self, arguments: Sequence[str], kill_at: int, kill_after_s: float) -> Scanned:
        self._record.unlink(missing_ok=True)
        request = {
            "record": str(self._record),
            "errors": str(self._errors),
            "kill_at": kill_at,
            "arguments": ["--quiet", *arguments],
        }
        answers, requests = self._process.stdout, self._process.stdin
        assert answers  # noqa: S101  # for the type checker
        assert requests  # noqa: S101
        requests.write(f"{json.dumps(request)}\n")
        requests.flush()
        process_id, began = int(answers.readline()), time.monotonic()
        ending = _kill_later(process_id, kill_after_s or TIMEOUT_S)
        exit_code = int(answers.readline())
        ending.cancel()
        seconds = time.monotonic() - began
        return Scanned(exit_code, positions_in(self._record), seconds, self._errors.read_text())

    def close(self) -> None:
        self._process.communicate(timeout=TIMEOUT_S)


class House:
    """A data folder with the database of a library, and others with copies of it."""

    def __init__(self, folder: Path, roots: list[Path]) -> None:
        self.folder = folder
        self.roots = roots
        self.data = folder / "data"
        self._scans: dict[Path, Scans] = {}

    def make(self, players: int) -> None:
        self.data.mkdir(0o700)
        self.manage("migrate", "--verbosity", "0")
        self.manage("shell", "--no-imports", "-c", MAKE_USERS.format(count=players))

    def database(self, data: Path | None = None) -> Database:
        place = databases.place_in(data or self.data)
        url = databases.service_variables(place).get("DATABASE_URL")
        return Database(url or place)

    def copy(self, name: str) -> Path:
        """A data folder with a copy of the database as it is now."""
        data = self.folder / name
        source, target = databases.place_in(self.data), databases.place_in(data)
        if data.exists():
            shutil.rmtree(data)
            databases.drop_database(target)
        data.mkdir(0o700)
        if not databases.IS_POSTGRESQL:
            _empty_log(source)
        databases.copy_database(source, target)
        return data

    def manage(self, *arguments: str) -> None:
        subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=PROJECT_DIR,
            env=self._environment(self.data),
            check=True,
            timeout=TIMEOUT_S,
        )

    def scan(
        self, *arguments: str, data: Path | None = None, kill_at: int = 0, kill_after_s: float = 0
    ) -> Scanned:
        """Run `manage.py scan_tracks`, which may be killed before a statement or after a time."""
        data = data or self.data
        if data not in self._scans:
            self._scans[data] = Scans(self._environment(data), self.folder)
        return self._scans[data].run(arguments, kill_at, kill_after_s)

    def close(self) -> None:
        for scans in self._scans.values():
            scans.close()
        self._scans.clear()

    def _environment(self, data: Path) -> dict[str, str]:
        return {
            "PATH": os.environ["PATH"],
            **databases.service_variables(databases.place_in(data)),
            "MUSIC_DIR": ":".join(map(str, self.roots)),
            "DATA_DIR": str(data),
        }


def _kill_later(process_id: int, after_s: float) -> threading.Timer:
    """Kill a scan and its readers after a time, unless this is cancelled."""

    def kill() -> None:
        with suppress(psutil.NoSuchProcess):
            scan = psutil.Process(process_id)
            for process in (*scan.children(recursive=True), scan):
                with suppress(psutil.NoSuchProcess):
                    process.kill()

    timer = threading.Timer(after_s, kill)
    timer.start()
    return timer


def _empty_log(place: Path) -> None:
    """Write what is in SQLite's log into the database, so that the one file can be copied."""
    with closing(sqlite3.connect(place, timeout=databases.BUSY_SECONDS)) as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
