"""`manage.py serve` in a process of its own, on a free port, with folders of its own."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.databases import copy_database, place_in, service_variables
from tests.services import free_port as free_port  # noqa: PLC0414  # for who serves

PROJECT_DIR = Path(__file__).resolve().parents[2]
READY_WITHIN_SECONDS = 60


def environment(folder: Path, port: int) -> dict[str, str]:
    """Nothing of the developer's own settings; data and music below `folder`.

    Watching is off: most tests want no scan but those that they start. Scans have the priority of
    everything else, since tests wait for them on processors that are all busy with tests.
    """
    (folder / "music").mkdir(exist_ok=True)
    return {
        "PATH": os.environ["PATH"],
        "DATA_DIR": str(folder / "data"),
        "MUSIC_DIR": str(folder / "music"),
        "PORT": str(port),
        "WATCH": "false",
        "SCAN_NICENESS": "0",
        **service_variables(place_in(folder / "data")),
    }


def manage(variables: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        env=variables,
        cwd=PROJECT_DIR,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def migrated_database(folder: Path) -> Path:
    """The place of an empty database of this version, to be copied: making one takes seconds."""
    manage(environment(folder, 1), "migrate", "--verbosity", "0").check_returncode()
    return place_in(folder / "data")


@dataclass
class ServedMus:
    """A server that runs; `url` is without its BASE_PATH."""

    process: subprocess.Popen[bytes]
    url: str
    variables: dict[str, str]
    log: Path

    def python(self, code: str) -> str:
        """Run `code` with Django set up on the server's own settings and database."""
        done = manage(self.variables, "shell", "--no-imports", "-c", code)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def output(self) -> str:
        return self.log.read_text()

    def setup_link(self) -> str:
        """The one-time link it printed."""
        (link,) = (word for word in self.output().split() if "/setup/?token=" in word)
        return link

    def end(self, signal_number: int = signal.SIGTERM) -> tuple[int, float]:
        """The exit code, and how many seconds the end took."""
        began = time.monotonic()
        self.process.send_signal(signal_number)
        code = self.process.wait(30)
        return code, time.monotonic() - began


@contextmanager
def serve(
    folder: Path, database: Path | None, *options: str, **variables: str
) -> Iterator[ServedMus]:
    """A server that is ready, on a copy of `database`, or else on the one that is in `folder`
    already, on a free port unless PORT is given; whatever happens, it is gone afterwards."""
    port = int(variables.get("PORT") or free_port())
    environs = {**environment(folder, port), **variables}
    if database:
        copy_database(database, place_in(folder / "data"))
    log = folder / f"server {port}.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "manage.py", "serve", *options],
            env=environs,
            cwd=PROJECT_DIR,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    served = ServedMus(process, f"http://127.0.0.1:{port}", environs, log)
    try:
        _wait_until_ready(served)
        yield served
    finally:
        if process.poll() is None:
            process.kill()
        process.wait()


def _wait_until_ready(served: ServedMus) -> None:
    deadline = time.monotonic() + READY_WITHIN_SECONDS
    while f"mus is at {served.url}/" not in served.output():
        assert served.process.poll() is None, served.output()
        assert time.monotonic() < deadline, served.output()
        time.sleep(0.05)
