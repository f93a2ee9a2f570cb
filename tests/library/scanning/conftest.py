"""A scan as tests start it, and one that runs in a process of its own."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Protocol

import pytest
from django.db import connection, transaction

from library.models.revision import NextRevision
from library.scanning import ScanOptions, ScanReport, scan_library
from library.scanning.neighbourhood import Neighbourhood
from library.scanning.settled_rows import SettledAlbums
from library.scanning.to_settle import flagged
from library.tags import AUDIO_SUFFIXES
from tests import databases

PROJECT_DIR = Path(__file__).resolve().parents[3]


LISTINGS = ("os.scandir", "os.listdir")


class Scan(Protocol):
    def __call__(self, **options: Any) -> ScanReport: ...


@pytest.fixture
def scan(db: None, request: pytest.FixtureRequest) -> Scan:
    """Scan; files are read in this process, which takes least time, unless a test asks for
    `workers` or looks at what this process opens."""
    workers = 1 if "audio_opened" in request.fixturenames else 0

    def start(**options: Any) -> ScanReport:
        return scan_library(ScanOptions(**{"workers": workers, **options}))

    return start


def settle() -> None:
    """Work out the albums of all tracks whose folders are flagged, as a scan does."""
    while folders := flagged(0, 1000):
        for write in SettledAlbums(Neighbourhood(folders)).writes():
            with transaction.atomic():
                write(NextRevision())


class Opened:
    """The audio files this process opens, and whether a transaction was open meanwhile; and the
    folders it lists."""

    def __init__(self) -> None:
        self.paths: list[str] = []
        self.listed: list[str] = []
        self.in_transaction: list[str] = []
        self.listed_in_transaction: list[str] = []
        self.is_on = False

    def hook(self, event: str, arguments: tuple[Any, ...]) -> None:
        if not self.is_on or event not in {"open", *LISTINGS}:
            return
        if not isinstance(arguments[0], str | bytes):
            return
        path = os.fsdecode(arguments[0])
        if event in LISTINGS:
            self.listed.append(path)
            if connection.in_atomic_block:
                self.listed_in_transaction.append(path)
        elif os.path.splitext(path)[1].lower() in AUDIO_SUFFIXES:
            self.paths.append(path)
            if connection.in_atomic_block:
                self.in_transaction.append(path)


_opened = Opened()
sys.addaudithook(_opened.hook)  # cannot be taken away again: switched on where it is wanted


@pytest.fixture
def audio_opened() -> Iterator[Opened]:
    _opened.__init__()  # type: ignore[misc]
    _opened.is_on = True
    yield _opened
    _opened.is_on = False


@pytest.fixture
def opened(audio_opened: Opened) -> list[str]:
    """The audio files that this process opened so far."""
    return audio_opened.paths


@pytest.fixture
def listed(audio_opened: Opened) -> list[str]:
    """The folders that this process listed so far."""
    return audio_opened.listed


class Installation:
    """A data folder and a music folder, used only through `manage.py` in child processes."""

    def __init__(self, folder: Path) -> None:
        self.music = folder / "music"
        self.data = folder / "data"
        self.database = databases.place_in(self.data)
        self.music.mkdir(parents=True)
        self.environment = {
            **os.environ,
            **databases.service_variables(self.database),
            "MUSIC_DIR": str(self.music),
            "DATA_DIR": str(self.data),
            "SCAN_WORKERS": "1",
        }

    def start(self, *arguments: str, before: tuple[str, ...] = ()) -> subprocess.Popen[str]:
        """`manage.py` with `arguments`, not waited for; `before` is a command that starts it."""
        return subprocess.Popen(
            [*before, sys.executable, str(PROJECT_DIR / "manage.py"), *arguments],
            env=self.environment,
            cwd=PROJECT_DIR,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def manage(
        self, *arguments: str, before: tuple[str, ...] = ()
    ) -> subprocess.CompletedProcess[str]:
        process = self.start(*arguments, before=before)
        out, err = process.communicate(timeout=120)
        return subprocess.CompletedProcess(arguments, process.returncode, out, err)

    def scan(self, *arguments: str, before: tuple[str, ...] = ()) -> dict[str, Any]:
        """The JSON report of a scan, with the exit code as `exit_code`."""
        done = self.manage("scan_tracks", "--json", *arguments, before=before)
        assert done.stdout, done.stderr
        report: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
        return {**report, "exit_code": done.returncode, "stderr": done.stderr}

    def query(self, sql: str) -> list[tuple[Any, ...]]:
        """Rows straight from the database, read by a connection of our own."""
        return [tuple(row.values()) for row in databases.query(self.database, sql)]


@pytest.fixture
def installation(tmp_path: Path, migrated_data: Path) -> Iterator[Installation]:
    made = Installation(tmp_path / "installation")
    shutil.copytree(migrated_data, made.data)
    databases.copy_database(databases.place_in(migrated_data), made.database)
    yield made
    databases.drop_database(made.database)


@pytest.fixture
def ended() -> Iterator[Callable[[subprocess.Popen[str]], subprocess.Popen[str]]]:
    """Hands back the process it is given and ends it when the test is over."""
    processes: list[subprocess.Popen[str]] = []

    def keep(process: subprocess.Popen[str]) -> subprocess.Popen[str]:
        processes.append(process)
        return process

    yield keep
    for process in processes:
        if process.poll() is None:
            process.kill()
        process.communicate()
