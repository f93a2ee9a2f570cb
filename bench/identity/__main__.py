"""`python -m bench.identity`: whether tracks keep their ids, whatever people do to their files.

First a matrix: a library in eight formats, each track of which goes through changes of its own, up
to three after each other in every order, with a scan after each step and without. The table says
how many tracks kept their ids. One of the music folders is on another file system (`--other-root`).

Then a large library, of which everything changes between two scans: what the scan that sees the
change costs, and how many ids are kept. It is a copy of FOLDER, or of 20,000 made-up tracks.

Exits with 1 if a track lost its id.
"""

import argparse
import shutil
import sys
import tempfile
from pathlib import Path

from rich import box
from rich.console import Console
from rich.table import Table

from bench.command_line import count, until_interrupted
from bench.corpus import CorpusError, ensure_corpus
from bench.identity.large_library import LargeLibrary, Row
from bench.identity.matrix import chains, plan_cases, run_matrix, sounds_needed
from bench.identity.places import Places
from bench.identity.scanned import ScannedLibrary
from bench.identity.sounds import SUFFIXES, make_sounds
from bench.identity.table import lines_of_lost, matrix_table
from bench.measure import CommandFailed
from bench.places import default_bench_dir
from bench.table import make_console, seconds

CHANGES = 3
OTHER_ROOT = Path("/dev/shm")  # noqa: S108
TRACKS = 20_000
PARTS = ("matrix", "library")


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.identity", description=__doc__)
    parser.add_argument("--only", choices=PARTS, help="one of the two parts")
    parser.add_argument(
        "--changes", type=count, default=CHANGES, metavar="N", help="at most, of one track"
    )
    parser.add_argument("--music", type=Path, metavar="FOLDER", help="the large library")
    parser.add_argument("--tracks", type=count, default=TRACKS, metavar="N")
    parser.add_argument("--tiny", action="store_true", help="with a second of sound a file")
    parser.add_argument("--other-root", type=Path, default=OTHER_ROOT, metavar="FOLDER")
    parser.add_argument("--bench-dir", type=Path, default=default_bench_dir(), metavar="FOLDER")
    options = parser.parse_args(arguments)
    console = make_console()
    bench_dir = options.bench_dir.absolute()
    work = bench_dir / "identity"
    shutil.rmtree(work, ignore_errors=True)
    try:
        is_kept = options.only == "library" or _matrix(work / "matrix", options, console)
        if options.only != "matrix":
            is_kept &= _large_library(work / "library", bench_dir, options, console)
    except (CommandFailed, CorpusError, OSError) as error:
        console.print(str(error), markup=False)
        return 2
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return 0 if is_kept else 1


def _matrix(work: Path, options: argparse.Namespace, console: Console) -> bool:
    """Whether all ids were kept."""
    is_kept = True
    with tempfile.TemporaryDirectory(prefix="mus-", dir=options.other_root) as other:
        for length in range(1, options.changes + 1):
            folder, other_root = work / str(length), Path(other) / str(length)
            places = Places(folder / "music", other_root, folder / "outside")
            cases = plan_cases(chains(length), places, SUFFIXES)
            make_sounds(folder / "sounds", sounds_needed(cases))
            library = ScannedLibrary([places.root, places.other_root], folder / "data")
            figures = run_matrix(cases, places, folder / "sounds", library)
            console.print(matrix_table(figures, f"Ids kept, changes of a track: {length}"))
            for line in (*lines_of_lost(figures), *figures.remarks):
                console.print(f"· {line}", markup=False)
            is_kept &= not figures.lost and not figures.remarks
            shutil.rmtree(folder)
            shutil.rmtree(other_root)
    return is_kept


def _large_library(
    work: Path, bench_dir: Path, options: argparse.Namespace, console: Console
) -> bool:
    """Whether all ids were kept."""
    music = options.music and options.music.expanduser().absolute()
    if music is None:
        music = bench_dir / f"m{options.tracks}{'-tiny' if options.tiny else ''}"
        ensure_corpus(music, options.tracks, tiny=options.tiny, console=console)
    table = Table(title="Scans that see a change of everything", title_justify="left")
    table.box = box.SIMPLE_HEAD
    table.add_column("change since the last scan")
    for heading in ("ids kept", "wall s", "CPU s", "peak MiB", "readers MiB", "longest ms"):
        table.add_column(heading, justify="right")
    is_kept = True
    large = LargeLibrary(music, work, is_made_up=options.music is None)
    for row in large.rows():
        table.add_row(*_cells(row))
        is_kept &= row.kept == row.tracks
    console.print(table)
    return is_kept


def _cells(row: Row) -> list[str]:
    figures = row.figures
    longest_s = figures.facts["longest_transaction_s"]
    return [
        row.change,
        f"{row.kept:,}/{row.tracks:,}" if row.tracks else "",
        seconds(figures.wall_s),
        seconds(figures.cpu_s),
        f"{figures.peak_mib or 0:.0f}",
        f"{figures.child_peak_mib or 0:.0f}",
        f"{1000 * longest_s:.0f}" if longest_s is not None else "",
    ]


if __name__ == "__main__":
    sys.exit(until_interrupted(main))
