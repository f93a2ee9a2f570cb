"""`python -m bench.slow_disk FOLDER`: files of which each is waited for, as on a network mount.

The wait is a sleep before each file, in portions as reader processes get them, in this process
alone: first one file after the other, then as readers do it; and both without the wait.
"""

import argparse
import sys
import time
from collections.abc import Callable
from functools import partial
from itertools import islice
from pathlib import Path

from bench.compare_readers import audio_files
from library.tags import ReadFile
from library.tags.file import read_file
from library.tags.pool import FILES_PER_PORTION
from library.workers.threads import read_all

Portion = list[str]


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.slow_disk", description=__doc__)
    parser.add_argument("folder", type=Path, metavar="FOLDER")
    parser.add_argument("--files", type=int, default=2_000, metavar="N", help="at most so many")
    parser.add_argument("--latency-ms", type=float, default=5.0, metavar="MS", help="of each file")
    options = parser.parse_args(arguments)
    paths = list(islice(audio_files(options.folder), options.files))
    portions = [
        paths[start : start + FILES_PER_PORTION]
        for start in range(0, len(paths), FILES_PER_PORTION)
    ]
    _seconds(portions, partial(_read_one_by_one, read=read_file))  # into the page cache
    for latency_s in (options.latency_ms / 1000, 0.0):
        read = partial(_read_late, latency_s)
        one_by_one = _seconds(portions, partial(_read_one_by_one, read=read))
        ahead = _seconds(portions, partial(read_all, read=read))
        print(
            f"{len(paths):,} files, {latency_s * 1000:g} ms each: "
            f"{one_by_one:.2f} s one by one, {ahead:.2f} s as readers do it"
        )
    return 0


def _read_one_by_one(portion: Portion, read: Callable[[str], ReadFile]) -> list[ReadFile]:
    return [read(path) for path in portion]


def _read_late(latency_s: float, path: str) -> ReadFile:
    if latency_s:
        time.sleep(latency_s)
    return read_file(path)


def _seconds(portions: list[Portion], read: Callable[[Portion], list[ReadFile]]) -> float:
    began = time.perf_counter()
    for portion in portions:
        read(portion)
    return time.perf_counter() - began


if __name__ == "__main__":
    sys.exit(main())
