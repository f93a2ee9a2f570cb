"""`python -m bench.sync`: a client that keeps a copy of a library, on SQLite and PostgreSQL."""

import argparse
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path

from rich import box
from rich.console import Console
from rich.table import Table

from bench.command_line import count, until_interrupted
from bench.ending import measure_and_keep
from bench.lists.__main__ import made_up_folders
from bench.live.client import Browser
from bench.live.databases import each_database
from bench.live.server import (
    BYTES_PER_MIB,
    ServedLibrary,
    environment_for,
    free_port,
    make_library,
    manage,
    serving,
)
from bench.machine import Machine, current_commit
from bench.measure import mib, peak_kib
from bench.places import default_bench_dir
from bench.results import Verdict
from bench.sync.fetching import ROUNDS, Fetched, SyncResult, fetch
from bench.table import budgets_table, make_console

DEFAULT_TRACKS = 100_000
CHANGED = 100
"""One track in so many changes. Each is on another album, so that as many albums, folders and
artists change as can."""
WITHIN_S, COMPRESSED_MIB = 0.2, 1.0
_FILL = "from bench.lists.made_up import fill; fill({root!r}, {tracks})"
_RETAG = "from bench.lists.made_up import retag; retag({root!r}, range({first}, {tracks}, {step}))"


@dataclass(frozen=True, kw_only=True)
class AllSyncResult:
    """A whole run. PostgreSQL is missing where it is not installed."""

    taken_at: str
    commit: str
    machine: Machine
    databases: list[SyncResult]


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.sync", description=__doc__)
    parser.add_argument("--tracks", type=count, default=DEFAULT_TRACKS, metavar="N")
    parser.add_argument("--bench-dir", type=Path, default=default_bench_dir(), metavar="FOLDER")
    options = parser.parse_args(arguments)
    console = make_console()
    return measure_and_keep(
        "sync", lambda: _measure_all(options, console), show, options.bench_dir, console
    )


def _measure_all(options: argparse.Namespace, console: Console) -> AllSyncResult:
    machine = Machine.of_now()
    databases = [_measure(*each, options, console) for each in each_database(console)]
    return AllSyncResult(
        taken_at=datetime.now(UTC).isoformat(timespec="seconds"),
        commit=current_commit(),
        machine=machine,
        databases=databases,
    )


def _measure(database: str, url: str, options: argparse.Namespace, console: Console) -> SyncResult:
    bench_dir = options.bench_dir.absolute()
    result = SyncResult(database=database, tracks=options.tracks)
    with (
        made_up_folders(bench_dir / "sync") as (work, made_up, small),
        console.status(f"a copy of {options.tracks:,} tracks on {database}"),
    ):
        environment = environment_for([made_up, small], work, free_port())
        if url:
            environment["DATABASE_URL"] = url
        session = make_library(environment, small)
        fill = _FILL.format(root=str(made_up), tracks=options.tracks)
        manage(environment, "shell", "--no-imports", "-c", fill)
        with serving(environment, session) as served:
            _fetch_all(served, str(made_up), result)
    return result


def _fetch_all(served: ServedLibrary, root: str, result: SyncResult) -> None:
    browser = Browser(served)
    browser.get_json("/api/v1/tracks?limit=1")
    result.idle_mib = served.memory_mib()
    result.everything = fetch(browser, served)
    result.peak_mib = mib(peak_kib(served.process.pid)) or 0.0
    token = result.everything.token
    for number in range(ROUNDS):
        retag = _RETAG.format(root=root, first=number, tracks=result.tracks, step=CHANGED)
        manage(served.environment, "shell", "--no-imports", "-c", retag)
        result.changed.append(fetch(browser, served, since=token))
        token = result.changed[-1].token
        result.nothing.append(fetch(browser, served, since=token))
    browser.close()


def show(result: AllSyncResult, console: Console) -> None:
    console.print(result.machine.heading(result.commit), markup=False)
    console.print(_table(result.databases))
    for each in result.databases:
        memory = f"{each.idle_mib:.0f} MiB idle, {each.peak_mib:.0f} at most"
        console.print(f"{each.database}: the server takes {memory}", markup=False)
    verdicts = chain.from_iterable(map(_verdicts, result.databases))
    if shown := list(verdicts):
        console.print(budgets_table(shown))


def _verdicts(result: SyncResult) -> Iterator[Verdict]:
    if result.tracks < DEFAULT_TRACKS:
        return
    what = f"1 % of {result.tracks:,} tracks changed, {result.database}"
    changed = result.median_of_changed
    yield Verdict(
        what=f"{what}: a sync", figure=changed.seconds * 1000, limit=WITHIN_S * 1000, unit="ms"
    )
    yield Verdict(
        what=f"{what}: compressed",
        figure=changed.sent_bytes / BYTES_PER_MIB,
        limit=COMPRESSED_MIB,
        unit="MiB",
    )


def _table(databases: list[SyncResult]) -> Table:
    title = f"A copy of {databases[0].tracks:,} tracks"
    table = Table(title=title, title_justify="left", box=box.SIMPLE_HEAD)
    for heading in ("database", "a sync of"):
        table.add_column(heading)
    for heading in ("pages", "rows", "ms", "longest page", "CPU ms", "MiB sent", "MiB read"):
        table.add_column(heading, justify="right")
    for each in databases:
        nothing = sorted(each.nothing, key=lambda found: found.seconds)[len(each.nothing) // 2]
        _add_row(table, each.database, "everything", each.everything)
        _add_row(table, each.database, "one track in a hundred", each.median_of_changed)
        _add_row(table, each.database, "nothing", nothing)
    return table


def _add_row(table: Table, database: str, what: str, found: Fetched) -> None:
    table.add_row(
        *(database, what, str(found.pages), f"{found.rows:,}"),
        *(f"{seconds * 1000:.0f}" for seconds in (found.seconds, found.longest_page_s)),
        f"{found.cpu_s * 1000:.0f}",
        *(f"{size / BYTES_PER_MIB:.2f}" for size in (found.sent_bytes, found.read_bytes)),
    )


if __name__ == "__main__":
    sys.exit(until_interrupted(main))
