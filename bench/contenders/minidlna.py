"""minidlna, a DLNA server: C and SQLite; scales covers and writes them to its cache as it scans.

It says nowhere that a scan is over. It is when neither the server nor the process that it scans in
has used any processor time for a while, and that while is taken off.
"""

import contextlib
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psutil

from bench.contenders.contender import Contender, Scan
from bench.measure import CommandFailed, Figures, mib, peak_kib

IDLE_S = 1.5
LOOK_EVERY_S = 0.05
STOP_WITHIN_S = 10.0

CONFIGURATION = """\
media_dir=A,{music}
db_dir={work}/db
log_dir={work}
port={port}
inotify=no
root_container=M
"""


def why_missing() -> str:
    return "" if shutil.which("minidlnad") else "not installed: apt install minidlna"


@contextmanager
def open_minidlna(music: Path, work: Path) -> Iterator[Scan]:
    configuration = work / "minidlna.conf"
    configuration.write_text(CONFIGURATION.format(music=music, work=work, port=_free_port()))
    (work / "db").mkdir()

    def scan() -> Figures:
        is_first = not (work / "db" / "files.db").exists()
        options = ["-S", "-f", str(configuration), "-P", str(work / "pid")]
        began = time.perf_counter()
        # Its scan is a process of its own, so that all are in one group, to be ended with it.
        with subprocess.Popen(
            ["minidlnad", *options, "-R" if is_first else "-r"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        ) as server:
            try:
                figures = _watch_until_idle(server, began)
            finally:
                _stop(server)
        figures.facts["tracks"] = _count_tracks(work / "db" / "files.db")
        return figures

    yield scan


def _watch_until_idle(server: subprocess.Popen[bytes], began: float) -> Figures:
    cpu_s, peak_kib_, worked_at = 0.0, 0, time.perf_counter()
    while time.perf_counter() - worked_at < IDLE_S:
        time.sleep(LOOK_EVERY_S)
        if server.poll() is not None:
            raise CommandFailed("minidlnad ended by itself.")
        now_s, now_kib = _usage(server.pid)
        peak_kib_ = max(peak_kib_, now_kib)
        if now_s > cpu_s:
            cpu_s, worked_at = now_s, time.perf_counter()
    return Figures(wall_s=worked_at - began, cpu_s=cpu_s, peak_mib=mib(peak_kib_))


def _usage(pid: int) -> tuple[float, int]:
    """Processor time of the server and its children, those that are gone too; the greatest peak."""
    total_s, peak = 0.0, 0
    with contextlib.suppress(psutil.NoSuchProcess):
        server = psutil.Process(pid)
        own = server.cpu_times()
        total_s = own.user + own.system + own.children_user + own.children_system
        for process in (server, *server.children(recursive=True)):
            peak = max(peak, peak_kib(process.pid) or 0)
            if process is not server:
                times = process.cpu_times()
                total_s += times.user + times.system
    return total_s, peak


def _stop(server: subprocess.Popen[bytes]) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(server.pid, signal.SIGTERM)
    try:
        server.wait(STOP_WITHIN_S)
    except subprocess.TimeoutExpired:
        os.killpg(server.pid, signal.SIGKILL)


def _count_tracks(database: Path) -> int:
    with closing(sqlite3.connect(database)) as connection:
        query = "SELECT count(*) FROM DETAILS WHERE MIME LIKE 'audio/%'"
        count: int = connection.execute(query).fetchone()[0]
    return count


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


CONTENDER = Contender(
    name="minidlna",
    why_missing=why_missing,
    open=open_minidlna,
)
