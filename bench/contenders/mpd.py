"""MPD, the Music Player Daemon: C++, one thread that scans. Keeps tags and durations, no covers.

Spoken to through its socket, so that no client's start is in the figures.
"""

import contextlib
import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

from bench.contenders.contender import Contender, Scan
from bench.measure import CommandFailed, Figures, mib, peak_kib

START_WITHIN_S = 30.0
STOP_WITHIN_S = 10.0
LOOK_EVERY_S = 0.005

CONFIGURATION = """\
music_directory "{music}"
db_file "{work}/database"
log_file "{work}/log"
bind_to_address "{address}"
auto_update "no"
zeroconf_enabled "no"
audio_output {{
    type "null"
    name "none"
}}
"""


def why_missing() -> str:
    return "" if shutil.which("mpd") else "not installed: apt install mpd"


@contextmanager
def open_mpd(music: Path, work: Path) -> Iterator[Scan]:
    # Not in `work`: the kernel allows a socket's path about a hundred characters.
    with tempfile.TemporaryDirectory(prefix="mus-bench-") as folder:
        address = Path(folder, "mpd.sock")
        configuration = work / "mpd.conf"
        configuration.write_text(
            CONFIGURATION.format(music=_quoted(music), work=_quoted(work), address=address)
        )
        daemon = _Daemon(configuration, address)
        try:
            yield daemon.scan
        finally:
            daemon.stop()


class _Daemon:
    """An MPD of our own. Without a database it begins its first scan as it starts."""

    def __init__(self, configuration: Path, address: Path) -> None:
        self._configuration = configuration
        self._address = address
        self._process: subprocess.Popen[bytes] | None = None

    def scan(self) -> Figures:
        began = time.perf_counter()
        if self._process is None:
            cpu_before_s = 0.0
            self._process = subprocess.Popen(
                ["mpd", "--no-daemon", self._configuration],
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            client = self._connect(self._process)
        else:
            cpu_before_s = _cpu_s(self._process.pid)
            client = _Client(self._address)
            client.ask("update")
        with client:
            while "updating_db" in client.ask("status"):
                time.sleep(LOOK_EVERY_S)
            wall_s = time.perf_counter() - began
            tracks = int(client.ask("stats")["songs"])
        return Figures(
            wall_s=wall_s,
            cpu_s=_cpu_s(self._process.pid) - cpu_before_s,
            peak_mib=mib(peak_kib(self._process.pid)),
            facts={"tracks": tracks},
        )

    def stop(self) -> None:
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(STOP_WITHIN_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _connect(self, process: subprocess.Popen[bytes]) -> "_Client":
        deadline = time.monotonic() + START_WITHIN_S
        while process.poll() is None and time.monotonic() < deadline:
            with contextlib.suppress(OSError):
                return _Client(self._address)
            time.sleep(LOOK_EVERY_S)
        raise CommandFailed("mpd does not answer on its socket.")


class _Client:
    """As much of MPD's protocol as a benchmark needs."""

    def __init__(self, address: Path) -> None:
        self._socket = socket.socket(socket.AF_UNIX)
        try:
            self._socket.connect(os.fspath(address))
        except OSError:
            self._socket.close()
            raise
        self._lines = self._socket.makefile(encoding="utf-8")
        self._lines.readline()  # the greeting

    def __enter__(self) -> None: ...

    def __exit__(self, *_: object) -> None:
        self._lines.close()
        self._socket.close()

    def ask(self, command: str) -> dict[str, str]:
        self._socket.sendall(f"{command}\n".encode())
        answer: dict[str, str] = {}
        for line in self._lines:
            if line == "OK\n":
                return answer
            if line.startswith("ACK"):
                raise CommandFailed(f"mpd says to {command}: {line.strip()}")
            name, _, value = line.rstrip("\n").partition(": ")
            answer[name] = value
        raise CommandFailed(f"mpd ended while it was asked for {command}.")


def _cpu_s(pid: int) -> float:
    times = psutil.Process(pid).cpu_times()
    return times.user + times.system


def _quoted(path: Path) -> str:
    return str(path).replace("\\", "\\\\").replace('"', '\\"')


CONTENDER = Contender(name="MPD", why_missing=why_missing, open=open_mpd)
