"""`python -m bench.servers`: two servers, a thousand listeners, and what Redis is worth."""

import argparse
import secrets
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from rich import box
from rich.console import Console
from rich.table import Table

from bench.command_line import count, until_interrupted
from bench.corpus import ensure_corpus
from bench.ending import measure_and_keep
from bench.live.listeners import allow_many_sockets
from bench.live.new_files import adder
from bench.live.server import environment_for, free_port, make_library, serving
from bench.machine import Machine, current_commit
from bench.places import default_bench_dir
from bench.servers.front import nginx_before, nginx_program
from bench.servers.hearing import HeardResult, measure_hearing
from bench.table import budgets_table, make_console
from tests.services import PostgresqlServer, RedisServer

DEFAULT_TRACKS = 20_000
SERVERS = 2
LISTENERS = 1_000
SCANS = 8


@dataclass(frozen=True, kw_only=True)
class ServersResult:
    """A whole run."""

    taken_at: str
    commit: str
    machine: Machine
    tracks: int
    with_redis: HeardResult
    without_redis: HeardResult


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.servers", description=__doc__)
    parser.add_argument("--tracks", type=count, default=DEFAULT_TRACKS, metavar="N")
    parser.add_argument(
        "--listeners",
        type=count,
        default=LISTENERS,
        metavar="N",
        help="of both servers together (default: %(default)s)",
    )
    parser.add_argument(
        "--scans",
        type=count,
        default=SCANS,
        metavar="N",
        help="of each kind (default: %(default)s)",
    )
    parser.add_argument("--bench-dir", type=Path, default=default_bench_dir(), metavar="FOLDER")
    options = parser.parse_args(arguments)
    console = make_console()
    allow_many_sockets()
    return measure_and_keep(
        "servers", lambda: _measure(options, console), _show, options.bench_dir, console
    )


def _measure(options: argparse.Namespace, console: Console) -> ServersResult:
    machine = Machine.of_now()
    nginx_program()  # before anything takes time
    bench_dir = options.bench_dir.absolute()
    known = bench_dir / f"m{options.tracks}"
    with ExitStack() as stack:
        postgresql = stack.enter_context(PostgresqlServer())
        redis = stack.enter_context(RedisServer())
        ensure_corpus(known, options.tracks, tiny=False, console=console)
        work, small = stack.enter_context(_folders(bench_dir))
        environment = {
            **environment_for([known, small], work, free_port()),
            "DATABASE_URL": postgresql.create("mus"),
            "METRICS_TOKEN": secrets.token_urlsafe(),
        }
        with console.status("a library on PostgreSQL"):
            session = make_library(environment, known)
        add_file = adder(known, small)

        def hear(redis_url: str) -> HeardResult:
            with console.status("listeners of two servers"):
                layer = {"REDIS_URL": redis_url}
                return _hear({**environment, **layer}, session, small, add_file, options)

        with_redis, without_redis = hear(redis.url), hear("")
    return ServersResult(
        taken_at=datetime.now(UTC).isoformat(timespec="seconds"),
        commit=current_commit(),
        machine=machine,
        tracks=options.tracks,
        with_redis=with_redis,
        without_redis=without_redis,
    )


def _hear(
    environment: dict[str, str],
    session: str,
    small: Path,
    add_file: Callable[[], None],
    options: argparse.Namespace,
) -> HeardResult:
    with ExitStack() as stack:
        servers = [
            stack.enter_context(serving({**environment, "PORT": str(free_port())}, session))
            for _ in range(SERVERS)
        ]
        folder = Path(environment["DATA_DIR"])
        front_port = stack.enter_context(nginx_before([each.port for each in servers], folder))
        return measure_hearing(
            servers, front_port, small, add_file, listeners=options.listeners, scans=options.scans
        )


@contextmanager
def _folders(bench_dir: Path) -> Iterator[tuple[Path, Path]]:
    """One for the data, and an empty one for music that is new."""
    whole = bench_dir / "servers"
    shutil.rmtree(whole, ignore_errors=True)
    work, small = whole / "data", whole / "small"
    try:
        for folder in (work, small):
            folder.mkdir(parents=True)
        yield work, small
    finally:
        shutil.rmtree(whole, ignore_errors=True)


def _show(result: ServersResult, console: Console) -> None:
    what = "two servers, PostgreSQL, nginx before them"
    console.print(result.machine.heading(result.commit, what), markup=False)
    table = Table(
        title="from the end of a scan on one server to the last listener of both",
        title_justify="left",
        box=box.SIMPLE_HEAD,
    )
    for heading in ("", "listeners", "scans", "shortest", "median", "longest"):
        table.add_column(heading, justify="right" if heading else "left")
    heard = (result.with_redis, result.without_redis)
    for each in heard:
        figures = (min(each.seconds), each.median_s, max(each.seconds))
        table.add_row(
            "with Redis" if each.has_redis else "without Redis: each server's own look",
            " + ".join(map(str, each.listeners)),
            str(len(each.seconds)),
            *(f"{value_s * 1000:.0f} ms" for value_s in figures),
        )
    console.print(table)
    console.print(budgets_table([each.verdict() for each in heard]))


if __name__ == "__main__":
    sys.exit(until_interrupted(main))
