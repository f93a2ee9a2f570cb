"""Other Subsonic servers, on the same music: supysonic where SUPYSONIC or PATH has its scripts,
Navidrome and gonic where PATH has their programs."""

import os
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

from bench.contenders.supysonic import CONFIGURATION
from bench.live.server import end, free_port, wait_until_ready
from bench.measure import CommandFailed
from bench.subsonic.asking import RunningServer, SubsonicClient

PASSWORD = "bench-password"  # noqa: S105  # of servers that only listen on this machine
SCAN_ENDS_WITHIN_S = 3_600.0


@dataclass(frozen=True)
class Peer:
    """`program`: the path of it, or None. `command`: what serves `music` from `work` on a port;
    `prepare`: commands to run before."""

    name: str
    program: str | None
    user: str
    password: str
    command: Callable[[Path, Path, int], Sequence[str]]
    variables: Callable[[Path], Mapping[str, str]]
    prepare: Callable[[Path], Sequence[Sequence[str]]] = lambda _: ()


def peers() -> list[Peer]:
    return [_supysonic(), _navidrome(), _gonic()]


@contextmanager
def running(peer: Peer, music: Path, work: Path) -> Iterator[RunningServer]:
    """The server, with all of `music` in its library."""
    work.mkdir(parents=True, exist_ok=True)
    port = free_port()
    (work / ".supysonic").write_text(CONFIGURATION.format(work=work))
    environment = {**os.environ, **peer.variables(work)}
    quiet: dict[str, Any] = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    for command in peer.prepare(music):
        if subprocess.run(command, env=environment, check=False, **quiet).returncode:
            raise CommandFailed(f"{peer.name}: {command[:3]} failed")
    process = subprocess.Popen(peer.command(music, work, port), env=environment, **quiet)
    try:
        wait_until_ready(process, port)
        login = {"u": peer.user, "p": peer.password}
        whole = psutil.Process(process.pid)
        server = RunningServer(name=peer.name, port=port, login=login, process=whole)
        if not peer.prepare(music):
            _scan(server)
        yield server
    finally:
        end(process)


def _scan(server: RunningServer) -> None:
    client = SubsonicClient(server)
    client.ask("startScan")
    deadline = time.monotonic() + SCAN_ENDS_WITHIN_S
    while client.ask("getScanStatus")["scanStatus"]["scanning"]:
        if time.monotonic() > deadline:
            raise CommandFailed(f"{server.name}: the scan does not end")
        time.sleep(0.5)
    client.close()


def _supysonic() -> Peer:
    def script(name: str) -> str:
        return shutil.which(name, path=os.environ.get("SUPYSONIC")) or name

    def prepare(music: Path) -> Sequence[Sequence[str]]:
        cli = script("supysonic-cli")
        return (
            (cli, "folder", "add", "music", str(music)),
            (cli, "user", "add", "-p", PASSWORD, "bench"),
            (cli, "folder", "scan", "--foreground"),
        )

    return Peer(
        "supysonic",
        shutil.which("supysonic-server", path=os.environ.get("SUPYSONIC")),
        "bench",
        PASSWORD,
        lambda _music, _work, port: (
            *(script("supysonic-server"), "--server", "waitress"),
            *("--host", "127.0.0.1", "--port", str(port)),
        ),
        lambda work: {"HOME": str(work)},
        prepare,
    )


def _navidrome() -> Peer:
    program = shutil.which("navidrome")
    return Peer(
        "Navidrome",
        program,
        "admin",
        PASSWORD,
        lambda music, work, port: (
            *(program or "", "--address", "127.0.0.1", "--port", str(port)),
            *("--musicfolder", str(music), "--datafolder", str(work)),
        ),
        lambda _work: {"ND_DEVAUTOCREATEADMINPASSWORD": PASSWORD, "ND_LOGLEVEL": "error"},
    )


def _gonic() -> Peer:
    program = shutil.which("gonic")

    def command(music: Path, work: Path, port: int) -> Sequence[str]:
        folders = {"-podcast-path": "podcasts", "-cache-path": "cache", "-playlists-path": "lists"}
        for name in folders.values():
            (work / name).mkdir(exist_ok=True)
        places = [part for flag, name in folders.items() for part in (flag, str(work / name))]
        return (
            *(program or "", "-listen-addr", f"127.0.0.1:{port}", "-music-path", str(music)),
            *("-db-path", str(work / "gonic.db"), *places),
        )

    return Peer("gonic", program, "admin", "admin", command, lambda _work: {})
