"""`python -m bench.live`: a server under a scan, a thousand listeners, and slow clients."""

import argparse
import os
import shutil
import struct
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console

from bench.command_line import count, until_interrupted
from bench.corpus import ensure_corpus
from bench.ending import measure_and_keep
from bench.live.client import Browser
from bench.live.crowd import measure_crowd
from bench.live.latency import measure_latency
from bench.live.listeners import allow_many_sockets, measure_listeners
from bench.live.new_files import adder
from bench.live.server import ServedLibrary, serve_library
from bench.live.slow_clients import measure_slow_clients
from bench.live.table import LiveResult, show
from bench.machine import Machine, current_commit
from bench.measure import CommandFailed
from bench.places import default_bench_dir
from bench.table import make_console

DEFAULT_TRACKS = 20_000
SECONDS = 12
LISTENERS, STALLED = 1_000, 50
LARGE_FILES, LARGE_FILE_BYTES = 10, 100_000_000
WAV_BYTES_A_SECOND = 176_400


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.live", description=__doc__)
    parser.add_argument("--tracks", type=count, default=DEFAULT_TRACKS, metavar="N")
    parser.add_argument("--listeners", type=count, default=LISTENERS, metavar="N")
    parser.add_argument(
        "--seconds",
        type=count,
        default=SECONDS,
        metavar="N",
        help="how long to look at an idle server, and at slow clients (default: %(default)s)",
    )
    parser.add_argument("--bench-dir", type=Path, default=default_bench_dir(), metavar="FOLDER")
    options = parser.parse_args(arguments)
    console = make_console()
    allow_many_sockets()
    return measure_and_keep(
        "live", lambda: _measure(options, console), show, options.bench_dir, console
    )


def _measure(options: argparse.Namespace, console: Console) -> LiveResult:
    machine = Machine.of_now()
    bench_dir, tracks = options.bench_dir.absolute(), options.tracks
    known = bench_dir / f"m{tracks}"
    ensure_corpus(known, tracks, tiny=False, console=console)
    with (
        _folders(bench_dir, known) as (work, twins, triplets, small),
        serve_library([known, twins, triplets, small], known, work / "data") as served,
    ):
        with console.status("requests, idle and during a first scan"):
            latency = measure_latency(served, twins, options.seconds)
        with console.status("a crowd, idle and during a first scan"):
            crowd = measure_crowd(served, triplets, options.seconds)
        with console.status("slow clients"):
            slow = measure_slow_clients(served, _scan_large_files(served, small), options.seconds)
        with console.status("listeners"):
            add_file = adder(known, small)
            audience = measure_listeners(
                served, small, add_file, number=options.listeners, stalled=STALLED
            )
    return LiveResult(
        taken_at=datetime.now(UTC).isoformat(timespec="seconds"),
        commit=current_commit(),
        machine=machine,
        tracks=tracks,
        latency=latency,
        crowd=crowd,
        listeners=audience,
        slow_clients=slow,
    )


@contextmanager
def _folders(bench_dir: Path, known: Path) -> Iterator[tuple[Path, Path, Path, Path]]:
    """A folder to work in; the known files twice more, as links to the same bytes, so that they are
    new to the library and warm in the page cache; and an empty folder."""
    work = bench_dir / "live"
    shutil.rmtree(work, ignore_errors=True)
    twins, triplets, small = work / "twins", work / "triplets", work / "small"
    try:
        small.mkdir(parents=True)
        (work / "data").mkdir()
        for links in (twins, triplets):
            shutil.copytree(known, links, copy_function=os.link)
        yield work, twins, triplets, small
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _scan_large_files(served: ServedLibrary, folder: Path) -> list[int]:
    """The ids of wav files of silence, which take no room on the disk."""
    for number in range(LARGE_FILES):
        _write_silence(folder / f"silence {number}.wav", LARGE_FILE_BYTES)
    browser = Browser(served)
    browser.wait_for_scan(browser.start_scan(str(folder)))
    found = browser.get_json("/api/v1/tracks/ids?q=silence&sort=title")["ids"]
    if len(found) < LARGE_FILES:
        raise CommandFailed(f"{len(found)} of {LARGE_FILES} large files were found")
    return [int(each) for each in found[:LARGE_FILES]]


def _write_silence(path: Path, size_bytes: int) -> None:
    """RIFF WAVE with 16 bit stereo PCM at 44.1 kHz, all zero."""
    form = struct.pack("<4sIHHIIHH", b"fmt ", 16, 1, 2, 44_100, WAV_BYTES_A_SECOND, 4, 16)
    head = struct.pack("<4sI4s", b"RIFF", size_bytes - 8, b"WAVE") + form
    head += struct.pack("<4sI", b"data", size_bytes - len(head) - 8)
    with path.open("wb") as file:
        file.write(head)
        file.truncate(size_bytes)
    os.utime(path, (1e9, 1e9))  # old enough not to be taken for a file that is being copied


if __name__ == "__main__":
    sys.exit(until_interrupted(main))
