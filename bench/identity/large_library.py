"""A large library of which everything changes between two scans: renamed, retagged and moved,
copied and deleted, swapped.

The files are a copy of a folder, in which nothing is changed. At times there are two copies.
"""

import itertools
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from bench.corpus.plan import SUFFIX_SHARES
from bench.identity.own_sounds import make_own
from bench.identity.places import BETWEEN_NS, LONG_AGO_NS
from bench.identity.scanned import ScannedLibrary
from bench.measure import Figures
from tests.audio_files import retag

PAIRS = 1_000
SORTED = "Sorted"

Ids = dict[str, int]
"""Ids of tracks by their absolute paths."""


class Row(NamedTuple):
    """What the scan after a change cost, and how many tracks have their ids, of how many."""

    change: str
    figures: Figures
    kept: int
    tracks: int


class LargeLibrary:
    """Changes all files of a library, scans it, and compares the ids with those before."""

    def __init__(self, music: Path, work: Path, *, is_made_up: bool) -> None:
        """`is_made_up`: many files have the same sound, and get one of their own."""
        self._root = work / "music"
        shutil.copytree(music, self._root)
        if is_made_up:
            for number, path in enumerate(sorted(self._root.rglob("*/*/*"))):
                if path.suffix[1:] in SUFFIX_SHARES:
                    times = path.stat()
                    make_own(path, number)
                    os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))
        self._library = ScannedLibrary([self._root], work / "data")
        self._times = itertools.count(LONG_AGO_NS, BETWEEN_NS)

    def rows(self) -> Iterator[Row]:
        yield self._row("everything is new", lambda _: {})
        yield self._row("nothing", dict)
        yield self._row("music folder renamed", self._rename_root)
        yield self._row("all retagged", self._retag)
        yield self._row("all retagged and moved to new names", self._retag_and_move)
        originals = self._library.present()
        yield self._row("all copied", self._copy)
        yield self._row("then the originals deleted", lambda _: self._delete(originals))
        yield self._row(f"{PAIRS:,} pairs swapped", self._swap)

    def _row(self, change: str, do: Callable[[Ids], Ids]) -> Row:
        """`do` gets the ids before the change, and returns those that have to be found after it."""
        expected = do(self._library.present())
        figures = self._library.measured_scan()
        found = self._library.present()
        kept = sum(found.get(path) == track_id for path, track_id in expected.items())
        return Row(change, figures, kept, len(expected))

    def _rename_root(self, before: Ids) -> Ids:
        old, self._root = self._root, self._root.with_name("renamed")
        os.rename(old, self._root)
        self._library.roots = [self._root]
        return {str(self._root / Path(path).relative_to(old)): pk for path, pk in before.items()}

    def _retag(self, before: Ids) -> Ids:
        for path in before:
            self._write_tags(Path(path))
        return before

    def _retag_and_move(self, before: Ids) -> Ids:
        """Into other files, as taggers do that write a file anew, in other folders."""
        expected = {}
        for path, track_id in before.items():
            old = Path(path)
            folder = self._root / SORTED / old.parent.relative_to(self._root)
            folder.mkdir(parents=True, exist_ok=True)
            new = folder / f"{track_id:06}{old.suffix}"
            shutil.copyfile(old, new)
            os.unlink(path)
            self._write_tags(new)
            expected[str(new)] = track_id
        return expected

    def _copy(self, before: Ids) -> Ids:
        for path in before:
            new = self._copy_of(path)
            new.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, new)
            self._written(new)
        return before

    def _delete(self, originals: Ids) -> Ids:
        shutil.rmtree(self._root / SORTED)
        return {str(self._copy_of(path)): track_id for path, track_id in originals.items()}

    def _swap(self, before: Ids) -> Ids:
        """Files of one format, from the two ends of the list of all."""
        expected = dict(before)
        for suffix in sorted({Path(path).suffix for path in before}):
            paths = sorted(path for path in before if path.endswith(suffix))
            pairs = min(len(paths) // 2, PAIRS * len(paths) // len(before))
            for one, other in zip(paths[:pairs], paths[::-1], strict=False):
                os.rename(one, aside := f"{one}.aside")
                os.rename(other, one)
                os.rename(aside, other)
                expected[one], expected[other] = before[other], before[one]
        return expected

    def _copy_of(self, path: str) -> Path:
        """The place of a copy of a file that was sorted."""
        return self._root / "Copies" / Path(path).relative_to(self._root / SORTED)

    def _write_tags(self, path: Path) -> None:
        number = next(self._times)
        retag(path, title=f"Title {number}", artist=f"Singer {number % 977}", genre="Jazz")
        self._written(path)

    def _written(self, path: Path) -> None:
        """A time of its own, long ago: scans wait for files that were written just now."""
        at_ns = next(self._times)
        os.utime(path, ns=(at_ns, at_ns))
