"""`python -m bench.subsonic`: what clients ask for, of mus with 100,000 made-up tracks, and of mus
and other servers with the same 10,000 files."""

import argparse
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from rich import box
from rich.console import Console
from rich.table import Table

from bench.command_line import count, until_interrupted
from bench.corpus import ensure_corpus
from bench.ending import measure_and_keep
from bench.lists.__main__ import made_up_folders
from bench.live.databases import each_database
from bench.live.server import environment_for, free_port, make_library, manage, serving
from bench.machine import Machine, current_commit
from bench.measure import CommandFailed
from bench.places import default_bench_dir
from bench.results import Verdict
from bench.subsonic.asking import BUDGETS_MS, Asked, RunningServer, ask_for_all
from bench.subsonic.peers import Peer, peers, running
from bench.table import budgets_table, make_console

DEFAULT_TRACKS, DEFAULT_FILES = 100_000, 10_000
_FILL = "from bench.lists.made_up import fill; fill({root!r}, {tracks})"
_MAKE_LOGIN = """
from django.contrib.auth.models import User
from accounts.app_passwords import make_app_password, password_of
user = User.objects.order_by("pk")[0]
print("login", user.username, password_of(make_app_password(user, "bench")))
"""


@dataclass(frozen=True, kw_only=True)
class AllAsked:
    """A whole run. `missing`: the servers that are not installed."""

    taken_at: str
    commit: str
    machine: Machine
    servers: list[Asked]
    missing: list[str]


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.subsonic", description=__doc__)
    parser.add_argument("--tracks", type=count, default=DEFAULT_TRACKS, metavar="N")
    parser.add_argument("--files", type=count, default=DEFAULT_FILES, metavar="N")
    parser.add_argument("--only-sqlite", action="store_true", help="leave PostgreSQL out")
    parser.add_argument("--bench-dir", type=Path, default=default_bench_dir(), metavar="FOLDER")
    options = parser.parse_args(arguments)
    console = make_console()
    return measure_and_keep(
        "subsonic", lambda: _measure(options, console), show, options.bench_dir, console
    )


def _measure(options: argparse.Namespace, console: Console) -> AllAsked:
    found = [each for each in peers() if each.program]
    missing = [each.name for each in peers() if not each.program]
    servers = [*_beside_peers(options, found, console), *_large(options, console)]
    return AllAsked(
        taken_at=datetime.now(UTC).isoformat(timespec="seconds"),
        commit=current_commit(),
        machine=Machine.of_now(),
        servers=servers,
        missing=missing,
    )


def _beside_peers(
    options: argparse.Namespace, found: list[Peer], console: Console
) -> Iterator[Asked]:
    bench_dir = options.bench_dir.absolute()
    music = bench_dir / f"m{options.files}-tiny"
    ensure_corpus(music, options.files, tiny=True, console=console)
    with made_up_folders(bench_dir / "subsonic") as (work, _, _):
        with console.status("mus"), mus(music, work, "") as server:
            yield ask_for_all(server, options.files)
        for peer in found:
            with console.status(peer.name), running(peer, music, work / peer.name) as server:
                yield ask_for_all(server, options.files)


def _large(options: argparse.Namespace, console: Console) -> Iterator[Asked]:
    for database, url in each_database(console):
        if url and options.only_sqlite:
            continue
        with made_up_folders(options.bench_dir.absolute() / "subsonic") as (work, made_up, small):
            fill = _FILL.format(root=str(made_up), tracks=options.tracks)
            with (
                console.status(f"mus with {options.tracks:,} tracks on {database}"),
                mus(small, work, url, made_up, fill) as server,
            ):
                asked = ask_for_all(server, options.tracks)
                asked.server = f"mus on {database}"
                yield asked


@contextmanager
def mus(
    scanned: Path, work: Path, url: str, made_up: Path | None = None, fill: str = ""
) -> Iterator[RunningServer]:
    folders = [scanned, *([made_up] if made_up else [])]
    environment = environment_for(folders, work, free_port())
    if url:
        environment["DATABASE_URL"] = url
    session = make_library(environment, scanned)
    if fill:
        manage(environment, "shell", "--no-imports", "-c", fill)
    said = manage(environment, "shell", "--no-imports", "-c", _MAKE_LOGIN)
    login = re.search(r"login (\S+) (\S+)", said)
    if not login:
        raise CommandFailed(f"no app password was made: {said[-500:]}")
    with serving(environment, session) as served:
        names = {"u": login[1], "p": login[2]}
        yield RunningServer(name="mus", port=served.port, login=names, process=served.process)


def show(result: AllAsked, console: Console) -> None:
    console.print(result.machine.heading(result.commit), markup=False)
    for tracks in sorted({each.tracks for each in result.servers}):
        console.print(_table(tracks, [each for each in result.servers if each.tracks == tracks]))
    for name in result.missing:
        console.print(f"{name} is not installed", markup=False)
    large = [each for each in result.servers if each.tracks >= DEFAULT_TRACKS]
    verdicts = [
        Verdict(what=f"{name}, {each.server}", figure=figure, limit=BUDGETS_MS[name], unit="ms")
        for each in large
        for name, figure in each.works_ms.items()
    ]
    if verdicts:
        console.print(budgets_table(verdicts))


def _table(tracks: int, servers: list[Asked]) -> Table:
    title = f"OpenSubsonic, {tracks:,} tracks: milliseconds"
    table = Table(title=title, title_justify="left", box=box.SIMPLE_HEAD)
    table.add_column("what")
    for each in servers:
        table.add_column(each.server, justify="right")
    for name in BUDGETS_MS:
        table.add_row(name, *(f"{each.works_ms[name]:,.1f}" for each in servers))
    table.add_row("its processor time", *(f"{each.sync_cpu_ms:,.0f}" for each in servers))
    table.add_row("songs that came", *(f"{each.songs:,}" for each in servers))
    return table


if __name__ == "__main__":
    sys.exit(until_interrupted(main))
