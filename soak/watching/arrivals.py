"""How a file comes into a folder: as people and programs copy, move and download."""

import os
import random
import shutil
import time
from collections.abc import Callable
from pathlib import Path

AN_HOUR_S = 3600.0
Arrival = Callable[[Path, Path, random.Random], None]
"""Brings the first path to the second, and takes away the first or leaves it."""


def copied(source: Path, target: Path, chance: random.Random) -> None:  # noqa: ARG001
    shutil.copyfile(source, target)


def copied_with_times(source: Path, target: Path, chance: random.Random) -> None:
    """As `cp -p` and most file managers: the modification time is an old one at the end."""
    _age(source, chance)
    shutil.copy2(source, target)


def copied_in_pieces(source: Path, target: Path, chance: random.Random) -> None:
    _write_pieces(source, target, [chance.uniform(0.05, 0.6) for _ in range(chance.randint(2, 5))])


def copied_slowly(source: Path, target: Path, chance: random.Random) -> None:
    """As over a weak network: some pauses are longer than a file needs to count as settled."""
    _write_pieces(source, target, [chance.uniform(0.5, 4.0) for _ in range(chance.randint(3, 6))])


def preallocated(source: Path, target: Path, chance: random.Random) -> None:
    """As SMB clients and torrent programs: the file has its full length before its content."""
    content = source.read_bytes()
    with target.open("wb") as file:
        file.truncate(len(content))
        time.sleep(chance.uniform(0.1, 1.5))
        file.write(content)


def moved(source: Path, target: Path, chance: random.Random) -> None:  # noqa: ARG001
    source.rename(target)


def linked_hard(source: Path, target: Path, chance: random.Random) -> None:  # noqa: ARG001
    """As programs that keep seeding what they have sorted into the library."""
    os.link(source, target)


def by_rsync(source: Path, target: Path, chance: random.Random) -> None:
    """A hidden temporary name, the old time, then a rename."""
    _rename_after(source, target, f".{target.name}.{chance.randrange(10**6):06}", chance)


def by_syncthing(source: Path, target: Path, chance: random.Random) -> None:
    _rename_after(source, target, f".syncthing.{target.name}.tmp", chance)


def by_chromium(source: Path, target: Path, chance: random.Random) -> None:
    _rename_after(source, target, f"{target.name}.crdownload", chance)


def by_firefox(source: Path, target: Path, chance: random.Random) -> None:
    """An empty file of the final name stands beside the unfinished one."""
    target.touch()
    _rename_after(source, target, f"{target.name}.part", chance)


def _rename_after(source: Path, target: Path, name: str, chance: random.Random) -> None:
    unfinished = target.with_name(name)
    copied_in_pieces(source, unfinished, chance)
    if chance.random() < 0.7:
        _age(unfinished, chance)
    unfinished.replace(target)


def _write_pieces(source: Path, target: Path, pauses_s: list[float]) -> None:
    content = source.read_bytes()
    piece = len(content) // (len(pauses_s) + 1) + 1
    with target.open("wb", buffering=0) as file:
        for number, pause_s in enumerate([*pauses_s, 0.0]):
            file.write(content[number * piece : (number + 1) * piece])
            time.sleep(pause_s)


def _age(path: Path, chance: random.Random) -> None:
    then = time.time() - chance.uniform(AN_HOUR_S, 10_000 * AN_HOUR_S)
    os.utime(path, (then, then))


QUICK: tuple[Arrival, ...] = (
    copied, copied_with_times, copied_in_pieces, preallocated, moved, linked_hard,
    by_rsync, by_syncthing, by_chromium, by_firefox,
)  # fmt: skip
