"""`python -m bench`: makes or takes the music, measures, prints, and keeps the figures."""

import fcntl
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console

from bench.command_line import until_interrupted
from bench.contenders import MUS, PEERS
from bench.corpus import CorpusError, ensure_corpus
from bench.machine import Machine, current_commit
from bench.options import LARGE, Options, read_options
from bench.results import RunResult
from bench.run import Library, Plan, measure_library
from bench.table import make_console, show
from library.tags import AUDIO_SUFFIXES


class BenchRunsAlready(Exception):
    """Two at once would spoil each other's figures, and change each other's corpus."""


def main(arguments: list[str] | None = None) -> int:
    options = read_options(arguments)
    console = make_console()
    try:
        with _alone(options.bench_dir):
            result = _run(options, console)
    except (BenchRunsAlready, CorpusError, OSError) as error:
        console.print(str(error), markup=False)
        return 2
    show(result, console)
    console.print(f"kept in {result.save(options.bench_dir / 'results')}", soft_wrap=True)
    return 0 if all(MUS.name in size.scans for size in result.sizes) else 1


def _run(options: Options, console: Console) -> RunResult:
    machine = Machine.of_now()
    plan = Plan(
        contenders=[MUS, *(peer for peer in PEERS if peer.name.lower() in options.peers)],
        runs=options.runs,
        include_slow=options.slow_peers,
        work=options.bench_dir / "work",
    )
    return RunResult(
        taken_at=datetime.now(UTC).isoformat(timespec="seconds"),
        commit=current_commit(),
        runs=options.runs,
        machine=machine,
        sizes=[measure_library(library, plan, console) for library in libraries(options, console)],
    )


def libraries(options: Options, console: Console) -> Iterator[Library]:
    if options.music:
        tracks = sum(path.suffix.lower() in AUDIO_SUFFIXES for path in options.music.rglob("*"))
        said = {"folder": options.music.name}
        yield Library(root=options.music, tracks=tracks, description=said, may_change=False)
        return
    for tracks in options.sizes:
        tiny = options.tiny or tracks >= LARGE
        root = options.bench_dir / f"m{tracks}{'-tiny' if tiny else ''}"
        corpus = ensure_corpus(root, tracks, tiny=tiny, console=console)
        yield Library(root=root, tracks=tracks, description=asdict(corpus), may_change=True)


@contextmanager
def _alone(bench_dir: Path) -> Iterator[None]:
    bench_dir.mkdir(parents=True, exist_ok=True)
    with (bench_dir / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BenchRunsAlready(f"Another benchmark runs in {bench_dir}.") from None
        yield


if __name__ == "__main__":
    sys.exit(until_interrupted(main))
