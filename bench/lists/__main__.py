"""`python -m bench.lists`: pages of the list of 100,000 tracks, on SQLite and PostgreSQL."""

import argparse
import shutil
import statistics
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path

from rich import box
from rich.console import Console
from rich.table import Table

from bench.command_line import count, until_interrupted
from bench.corpus import ensure_corpus
from bench.ending import measure_and_keep
from bench.lists.asking import (
    ListsResult,
    ask_for_everything,
    ask_for_own,
    ask_for_pages,
    ask_for_playlists,
    ask_for_plays,
    slow_pages,
)
from bench.live.client import Browser
from bench.live.databases import each_database
from bench.live.new_files import adder
from bench.live.server import environment_for, free_port, make_library, manage, serving
from bench.machine import Machine, current_commit
from bench.places import default_bench_dir
from bench.table import budgets_table, make_console

DEFAULT_TRACKS = 100_000
DEFAULT_PLAYS = 1_000_000
CHANGES = 100
"""Files that are new to the library one after the other, each of which makes its state new."""
FAVOURITES, RATINGS = 10_000, 50_000
_HEAR = "from bench.lists.made_up_plays import hear; hear({plays})"
_FILL = "from bench.lists.made_up import fill, opine; fill({root!r}, {tracks}); opine({opinions})"
_FILL_PLAYLISTS = "from bench.lists.made_up_playlists import fill_playlists; fill_playlists()"


@dataclass(frozen=True, kw_only=True)
class AllListsResult:
    """A whole run. PostgreSQL is missing where it is not installed."""

    taken_at: str
    commit: str
    machine: Machine
    databases: list[ListsResult]


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.lists", description=__doc__)
    parser.add_argument("--tracks", type=count, default=DEFAULT_TRACKS, metavar="N")
    parser.add_argument("--plays", type=count, default=DEFAULT_PLAYS, metavar="N")
    parser.add_argument(
        "--only", choices=("tracks", "plays", "playlists"), help="leave the other lists out"
    )
    parser.add_argument("--bench-dir", type=Path, default=default_bench_dir(), metavar="FOLDER")
    options = parser.parse_args(arguments)
    console = make_console()
    return measure_and_keep(
        "lists", lambda: _measure_all(options, console), show, options.bench_dir, console
    )


def _measure_all(options: argparse.Namespace, console: Console) -> AllListsResult:
    machine = Machine.of_now()
    databases = [_measure(*each, options, console) for each in each_database(console)]
    return AllListsResult(
        taken_at=datetime.now(UTC).isoformat(timespec="seconds"),
        commit=current_commit(),
        machine=machine,
        databases=databases,
    )


def _measure(database: str, url: str, options: argparse.Namespace, console: Console) -> ListsResult:
    bench_dir = options.bench_dir.absolute()
    source = bench_dir / f"m{CHANGES}-tiny"
    ensure_corpus(source, CHANGES, tiny=True, console=console)
    result = ListsResult(database=database, tracks=options.tracks)
    with (
        made_up_folders(bench_dir / "lists") as (work, made_up, small),
        console.status(f"lists of {options.tracks:,} tracks on {database}"),
    ):
        environment = environment_for([made_up, small], work, free_port())
        if url:
            environment["DATABASE_URL"] = url
        session = make_library(environment, small)
        opinions = f"{FAVOURITES}, {RATINGS}"
        fill = _FILL.format(root=str(made_up), tracks=options.tracks, opinions=opinions)
        manage(environment, "shell", "--no-imports", "-c", fill)
        manage(environment, "shell", "--no-imports", "-c", _HEAR.format(plays=options.plays))
        manage(environment, "shell", "--no-imports", "-c", _FILL_PLAYLISTS)
        with serving(environment, session) as served:
            browser = Browser(served)
            add_file = adder(source, small)

            def change() -> None:
                add_file()
                manage(environment, "scan_tracks", "--quiet", str(small))

            if options.only in {None, "tracks"}:
                ask_for_pages(browser, result, change)
                ask_for_own(browser, result)
                ask_for_everything(browser, result)
            if options.only in {None, "plays"}:
                ask_for_plays(browser, result)
            if options.only in {None, "playlists"}:
                ask_for_playlists(browser, result, change)
            browser.close()
    return result


@contextmanager
def made_up_folders(whole: Path) -> Iterator[tuple[Path, Path, Path]]:
    """One for the data, one for the tracks that have no files, and one that is scanned."""
    shutil.rmtree(whole, ignore_errors=True)
    folders = (whole / "data", whole / "made-up", whole / "small")
    try:
        for folder in folders:
            folder.mkdir(parents=True)
        yield folders
    finally:
        shutil.rmtree(whole, ignore_errors=True)


def show(result: AllListsResult, console: Console) -> None:
    console.print(result.machine.heading(result.commit), markup=False)
    console.print(_table(result.databases))
    verdicts = chain.from_iterable(each.verdicts() for each in result.databases)
    if shown := list(verdicts):
        console.print(budgets_table(shown))


def _table(databases: list[ListsResult]) -> Table:
    tracks = databases[0].tracks
    title = f"Lists of {tracks:,}: pages in every order, with searches and filters, at three places"
    table = Table(title=title, title_justify="left", box=box.SIMPLE_HEAD)
    for heading in ("database", "state"):
        table.add_column(heading)
    for heading in ("pages", "over 50 ms", "median ms", "worst ms"):
        table.add_column(heading, justify="right")
    table.add_column("which")
    for database in databases:
        for state, pages in database.states():
            worst = max(pages, key=lambda page: page.seconds)
            table.add_row(
                database.database,
                state,
                str(len(pages)),
                str(slow_pages(pages)),
                f"{statistics.median(page.seconds for page in pages) * 1000:.0f}",
                f"{worst.seconds * 1000:.0f}",
                str(worst),
            )
    return table


if __name__ == "__main__":
    sys.exit(until_interrupted(main))
