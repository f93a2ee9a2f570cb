"""`python -m bench.known_files`: what a rescan costs where nothing changed, up to a million files.

The files are empty, and the library is told of them without reading any: a rescan looks at a file's
name, time and size alone. `find` over the same tree is beside it. A tree of a million files takes
some 300 MB for its folders, and a minute to make; it is removed in the end.
"""

import argparse
import os
import sys
import tempfile
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bench.contenders import find, mus
from bench.measure import Figures
from bench.places import default_bench_dir
from bench.table import make_console

SIZES = (10_000, 100_000, 1_000_000)
TRACKS_OF_AN_ALBUM = 12
ALBUMS_OF_AN_ARTIST = 10
RUNS = 3
MTIME = 1_600_000_000
_TELL = "from bench.known_library import tell; tell()"


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.known_files", description=__doc__)
    sizes = ",".join(map(str, SIZES))
    parser.add_argument(
        "--sizes", default=sizes, metavar="N,N", help="files (default: %(default)s)"
    )
    parser.add_argument("--bench-dir", type=Path, default=default_bench_dir(), metavar="FOLDER")
    options = parser.parse_args(arguments)
    options.bench_dir.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="known-", dir=options.bench_dir) as folder:
        _measure(Path(folder), sorted(map(int, options.sizes.split(","))), make_console())
    return 0


def _measure(folder: Path, sizes: list[int], console: Console) -> None:
    music, data = folder / "music", folder / "data"
    music.mkdir()
    data.mkdir()
    table = Table("files", "rescan s", "beyond start s", "us a file", "peak MiB", "find s")
    made = 0
    with mus.open_mus(music, data) as scan, find.open_find(music, data) as walk:
        for size in sizes:
            _make_files(music, made, size)
            made = size
            mus.manage(music, data, "shell", "--no-imports", "-c", _TELL).require_success()
            start_s = min(mus.measure_starts(music, data))
            rescan = min((_unchanged(scan(), size) for _ in range(RUNS)), key=lambda it: it.wall_s)
            beyond_s = max(rescan.wall_s - start_s, 0.0)
            table.add_row(
                f"{size:,}",
                f"{rescan.wall_s:.2f}",
                f"{beyond_s:.2f}",
                f"{beyond_s / size * 1e6:.1f}",
                f"{rescan.peak_mib or 0:.0f}",
                f"{walk().wall_s:.2f}",
            )
    console.print(table)


def _make_files(music: Path, start: int, end: int) -> None:
    for number in range(start, end):
        album = number // TRACKS_OF_AN_ALBUM
        folder = music / f"Artist {album // ALBUMS_OF_AN_ARTIST:05}" / f"Album {album:06}"
        if number == start or number % TRACKS_OF_AN_ALBUM == 0:
            folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{number % TRACKS_OF_AN_ALBUM + 1:02} Track {number:07}.mp3"
        path.touch()
        os.utime(path, (MTIME, MTIME))


def _unchanged(figures: Figures, size: int) -> Figures:
    counts = figures.facts["counts"]
    if counts["seen"] != size or counts["added"] or counts["failed"]:
        raise SystemExit(f"the library was to know {size} files: {counts}")
    return figures


if __name__ == "__main__":
    sys.exit(main())
