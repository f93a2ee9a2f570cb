"""mus as it is served, with a library and somebody who is logged in, and what its process holds."""

import json
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

from bench.measure import CommandFailed
from bench.places import PROJECT_DIR

READY_WITHIN_S = 60.0
ENDS_WITHIN_S = 10.0
BYTES_PER_MIB = 1 << 20
CSRF_TOKEN = "b" * 32
MAKE_SESSION = """
import time
from django.contrib.auth import get_user_model, BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
user = get_user_model().objects.create_superuser(f"bench{time.time()}")
session = SessionStore()
session[SESSION_KEY] = str(user.pk)
session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
session[HASH_SESSION_KEY] = user.get_session_auth_hash()
session.create()
print("session", session.session_key)
"""


@dataclass(frozen=True, kw_only=True)
class ServedLibrary:
    """A server that runs. `headers` are those of a browser in which an administrator is."""

    process: psutil.Process
    port: int
    environment: dict[str, str]
    headers: dict[str, str]

    def manage(self, *arguments: str) -> str:
        """What `manage.py` says. Raises CommandFailed when it ends badly."""
        return manage(self.environment, *arguments)

    def memory_mib(self) -> float:
        return float(self.process.memory_info().rss) / BYTES_PER_MIB

    def database_files_open(self) -> int:
        """How many descriptors of the database and its log the process holds: its connections."""
        folder = Path(f"/proc/{self.process.pid}/fd")
        targets = [os.path.realpath(each) for each in folder.iterdir()]
        return sum(target.endswith((".sqlite3", ".sqlite3-wal")) for target in targets)


def environment_for(music: Sequence[Path], work: Path, port: int) -> dict[str, str]:
    return {
        **os.environ,
        "MUSIC_DIR": os.pathsep.join(map(str, music)),
        "DATA_DIR": str(work),
        "DATABASE_URL": f"sqlite:///{work / 'mus.sqlite3'}",
        "HOST": "127.0.0.1",
        "PORT": str(port),
        "DEBUG": "false",
        "LOG_LEVEL": "WARNING",
    }


def manage(environment: dict[str, str], *arguments: str, checkout: Path = PROJECT_DIR) -> str:
    done = subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=checkout,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode not in (0, 3):  # 3: a scan that is done, with failures
        raise CommandFailed(f"{arguments[0]}: exit code {done.returncode}: {done.stderr[-500:]}")
    return done.stdout


@contextmanager
def serve_library(music: Sequence[Path], scanned: Path, work: Path) -> Iterator[ServedLibrary]:
    """A server whose music folders are `music`, of which `scanned` is in the library already."""
    environment = environment_for(music, work, free_port())
    session = make_library(environment, scanned)
    with serving(environment, session) as served:
        yield served


def make_library(environment: dict[str, str], scanned: Path) -> str:
    """A new database with the tracks of `scanned`; the session of an administrator."""
    manage(environment, "migrate", "--verbosity=0")
    manage(environment, "scan_tracks", "--quiet", str(scanned))
    return make_session(environment)


def make_session(environment: dict[str, str], checkout: Path = PROJECT_DIR) -> str:
    """The session of a new administrator."""
    said = manage(environment, "shell", "--no-imports", "-c", MAKE_SESSION, checkout=checkout)
    session = re.search(r"session (\w+)", said)
    if not session:
        raise CommandFailed(f"no session was made: {said[-500:]}")
    return session[1]


@contextmanager
def serving(
    environment: dict[str, str],
    session: str,
    options: Sequence[str] = ("--no-scan",),
    checkout: Path = PROJECT_DIR,
) -> Iterator[ServedLibrary]:
    """A server on a library that is there. With these `options` it scans only when asked to."""
    port = int(environment["PORT"])
    server = subprocess.Popen(
        [sys.executable, "manage.py", "serve", *options],
        cwd=checkout,
        env=environment,
        stdout=subprocess.DEVNULL,
    )
    try:
        wait_until_ready(server, port)
        yield ServedLibrary(
            process=psutil.Process(server.pid),
            port=port,
            environment=environment,
            headers={
                "Cookie": f"sessionid={session}; csrftoken={CSRF_TOKEN}",
                "X-CSRFToken": CSRF_TOKEN,
                "Origin": f"http://127.0.0.1:{port}",
            },
        )
    finally:
        end(server)


def request_bytes(served: ServedLibrary, path: str, **more: str) -> bytes:
    """A GET as a browser would send it, for clients that speak through a socket of their own."""
    lines = {"Host": f"127.0.0.1:{served.port}", **served.headers, **more}
    said = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    return f"GET {path} HTTP/1.1\r\n{said}\r\n".encode()


def as_json(body: bytes) -> dict[str, Any]:
    said: dict[str, Any] = json.loads(body)
    return said


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def wait_until_ready(server: subprocess.Popen[bytes], port: int) -> None:
    """Raises CommandFailed where it does not listen to `port`."""
    deadline = time.monotonic() + READY_WITHIN_S
    while time.monotonic() < deadline:
        if server.poll() is not None:
            raise CommandFailed(f"the server ended with exit code {server.returncode}")
        with socket.socket() as probe:
            if not probe.connect_ex(("127.0.0.1", port)):
                return
        time.sleep(0.05)
    raise CommandFailed("the server did not begin to listen")


def end(server: subprocess.Popen[bytes]) -> None:
    server.terminate()
    try:
        server.wait(ENDS_WITHIN_S)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()
