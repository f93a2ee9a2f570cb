"""`python -m bench.requests`: what requests cost the server, beside a bare answer."""

import argparse
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from rich import box
from rich.console import Console
from rich.table import Table

from bench.command_line import count, seconds, until_interrupted
from bench.corpus import ensure_corpus
from bench.ending import measure_and_keep
from bench.live.server import serve_library
from bench.machine import Machine, current_commit
from bench.places import default_bench_dir
from bench.requests.cost import CLIENTS, CostResult, measure_cost
from bench.table import budgets_table, make_console

DEFAULT_TRACKS = 20_000
SECONDS = 2.0


@dataclass(frozen=True, kw_only=True)
class RequestsResult:
    """A whole run."""

    taken_at: str
    commit: str
    machine: Machine
    tracks: int
    cost: CostResult


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.requests", description=__doc__)
    parser.add_argument("--tracks", type=count, default=DEFAULT_TRACKS, metavar="N")
    parser.add_argument("--tiny", action="store_true", help="a second of sound for each track")
    parser.add_argument(
        "--seconds",
        type=seconds,
        default=SECONDS,
        metavar="N",
        help="for each kind of request and number of clients (default: %(default)s)",
    )
    parser.add_argument("--bench-dir", type=Path, default=default_bench_dir(), metavar="FOLDER")
    options = parser.parse_args(arguments)
    console = make_console()
    return measure_and_keep(
        "requests", lambda: _measure(options, console), show, options.bench_dir, console
    )


def _measure(options: argparse.Namespace, console: Console) -> RequestsResult:
    machine = Machine.of_now()
    bench_dir = options.bench_dir.absolute()
    known = bench_dir / f"m{options.tracks}"
    ensure_corpus(known, options.tracks, tiny=options.tiny, console=console)
    with (
        _folder(bench_dir / "requests") as work,
        serve_library([known], known, work) as served,
        console.status("requests"),
    ):
        cost = measure_cost(served, options.seconds)
    return RequestsResult(
        taken_at=datetime.now(UTC).isoformat(timespec="seconds"),
        commit=current_commit(),
        machine=machine,
        tracks=options.tracks,
        cost=cost,
    )


@contextmanager
def _folder(work: Path) -> Iterator[Path]:
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    try:
        yield work
    finally:
        shutil.rmtree(work, ignore_errors=True)


def show(result: RequestsResult, console: Console) -> None:
    served = f"{result.tracks:,} tracks are served"
    console.print(result.machine.heading(result.commit, served), markup=False)
    console.print(_table(result.cost))
    console.print(budgets_table(list(result.cost.verdicts())))


def _table(cost: CostResult) -> Table:
    table = Table(
        title="Requests: the server's processor time for each, and how long clients wait",
        title_justify="left",
        box=box.SIMPLE_HEAD,
    )
    table.add_column("request")
    for heading in ("CPU ms", "bare = 1"):
        table.add_column(heading, justify="right")
    for clients in CLIENTS:
        who = "1 client" if clients == 1 else f"{clients} clients"
        table.add_column(f"{who}: p50", justify="right")
        table.add_column("p99 ms", justify="right")
    for kind, found in cost.kinds.items():
        waits = (found.percentile_ms(each, percent) for each in CLIENTS for percent in (50, 99))
        table.add_row(
            kind,
            f"{cost.cpu_ms(kind):.2f}",
            f"{cost.ratio(kind):.1f}",
            *(f"{wait_ms:.1f}" for wait_ms in waits),
        )
    return table


if __name__ == "__main__":
    sys.exit(until_interrupted(main))
