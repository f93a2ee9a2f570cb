"""`python -m bench.slow_disk FOLDER`: reading tags where the disk is waited for, as on a mount.

Each open of a file takes the latency once, and so does each read of bytes that are not in memory
yet. A read brings at least READ_AHEAD_BYTES with it, twice as many each time that it goes on where
the last one ended, and what it brought costs nothing more. The wait is a sleep in this process
alone; the files themselves are in the page cache.

Printed are the times of one file after the other, and as reader processes do it, each without
digests of the sound and with them. A first scan with digests may take a third more. Where a reader
also uses the windows of a digest for the length, they are read in both cases: what they cost then
is seen from the waits that an older version needs for the same files.
"""

import argparse
import os
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any
from unittest import mock

from bench.compare_readers import audio_files
from library.tags import ReadFile, bounded_file
from library.tags.file import read_file
from library.tags.pool import FILES_PER_PORTION
from library.workers.threads import read_all

READ_AHEAD_BYTES = 16 * 1024
MOST_AHEAD_BYTES = 128 * 1024
PAGE_BYTES = 4 * 1024
ALLOWED_SHARE = 1 / 3

Portion = list[str]
ReadPortion = Callable[[Portion], list[ReadFile]]


class SlowDisk:
    """Makes this process wait for the opens and reads of readers. `waits`: how often it did."""

    def __init__(self, latency_s: float) -> None:
        self.waits = 0
        self._latency_s = latency_s
        self._in_memory: dict[int, set[int]] = defaultdict(set)
        self._ahead: dict[int, tuple[int, int]] = {}  # where the last read ended, and its size
        self._open, self._read, self._pread = os.open, os.read, os.pread

    @contextmanager
    def mounted(self) -> Iterator[None]:
        disk = self

        class Raw(bounded_file._Disk):  # noqa: SLF001  # the only way to the bytes that mutagen gets
            def readinto(self, buffer: Any) -> int | None:
                disk.fetch(self.fileno(), self.tell(), len(buffer))
                return super().readinto(buffer)

        with ExitStack() as stack:
            for target, name, value in (
                (os, "open", self.open),
                (os, "read", self.read),
                (os, "pread", self.pread),
                (bounded_file, "_Disk", Raw),
            ):
                stack.enter_context(mock.patch.object(target, name, value))
            yield

    def open(self, *arguments: Any, **options: Any) -> int:
        self._wait()
        descriptor = self._open(*arguments, **options)
        self._in_memory[descriptor] = set()
        self._ahead.pop(descriptor, None)
        return descriptor

    def read(self, descriptor: int, size: int) -> bytes:
        self.fetch(descriptor, os.lseek(descriptor, 0, os.SEEK_CUR), size)
        return self._read(descriptor, size)

    def pread(self, descriptor: int, size: int, start: int) -> bytes:
        self.fetch(descriptor, start, size)
        return self._pread(descriptor, size, start)

    def fetch(self, descriptor: int, start: int, size: int) -> None:
        """Wait, unless these bytes of the file are in memory already or it has none there."""
        held = self._in_memory[descriptor]
        end = min(start + size, os.fstat(descriptor).st_size)
        if start < end and not held.issuperset(_pages(start, end)):
            self._wait()
            last_end, ahead = self._ahead.get(descriptor, (0, 0))
            goes_on = 0 < start <= last_end < end + PAGE_BYTES
            ahead = min(2 * ahead, MOST_AHEAD_BYTES) if goes_on else READ_AHEAD_BYTES
            brought = max(end, start + ahead)
            held.update(_pages(start, brought))
            self._ahead[descriptor] = brought, ahead

    def _wait(self) -> None:
        self.waits += 1
        if self._latency_s:
            time.sleep(self._latency_s)


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.slow_disk", description=__doc__)
    parser.add_argument("folder", type=Path, metavar="FOLDER")
    parser.add_argument("--files", type=int, default=1_000, metavar="N", help="at most so many")
    parser.add_argument(
        "--latency-ms", type=float, default=5.0, metavar="MS", help="of each open and read"
    )
    options = parser.parse_args(arguments)
    paths = list(islice(audio_files(options.folder), options.files))
    if not paths:
        parser.error(f"{options.folder} has no audio files")
    portions = [
        paths[start : start + FILES_PER_PORTION]
        for start in range(0, len(paths), FILES_PER_PORTION)
    ]
    for read_portion in (_read_one_by_one, partial(read_all, read=read_file)):
        _seconds(portions, read_portion, SlowDisk(0))  # into the page cache
    latency_s = options.latency_ms / 1000
    print(f"{len(paths):,} files, {options.latency_ms:g} ms for each open and read:")
    for words, read_portion in (
        ("one by one", _read_one_by_one),
        ("as readers do it", partial(read_all, read=read_file)),
    ):
        with without_digests():
            without = SlowDisk(latency_s)
            without_s = _seconds(portions, read_portion, without)
        with_ = SlowDisk(latency_s)
        with_s = _seconds(portions, read_portion, with_)
        print(
            f"  {words}: {without_s:.2f} s without digests, {with_s:.2f} s with, "
            f"ratio {with_s / without_s:.2f} (allowed {1 + ALLOWED_SHARE:.2f}); "
            f"{without.waits / len(paths):.2f} and {with_.waits / len(paths):.2f} waits a file"
        )
    return 0


@contextmanager
def without_digests() -> Iterator[None]:
    """Readers take no windows of the sound. Digests for which nothing has to be read stay."""
    with ExitStack() as stack:
        for name, module in list(sys.modules.items()):
            if name.startswith("library.tags.") and hasattr(module, "digest_of_payload"):
                stack.enter_context(mock.patch.object(module, "digest_of_payload", _no_digest))
        yield


def _no_digest(*_: object) -> str:
    return ""


def _read_one_by_one(portion: Portion) -> list[ReadFile]:
    return [read_file(path) for path in portion]


def _seconds(portions: list[Portion], read: ReadPortion, disk: SlowDisk) -> float:
    with disk.mounted():
        began = time.perf_counter()
        for portion in portions:
            read(portion)
        return time.perf_counter() - began


def _pages(start: int, end: int) -> range:
    return range(start // PAGE_BYTES, -(-end // PAGE_BYTES))


if __name__ == "__main__":
    sys.exit(main())
