"""The matrix: a library in which each track goes through changes of its own, and keeps its id.

All tracks are changed and scanned at the same time, so that the whole matrix is a handful of scans.
"""

import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import product, zip_longest
from pathlib import Path
from typing import NamedTuple, Protocol

from bench.identity.case import Case, Change, Step
from bench.identity.changes import CHANGES
from bench.identity.ffmpeg_jobs import FfmpegJobs
from bench.identity.places import Places
from bench.identity.sounds import sound
from tests.audio_files import retag


class Library(Protocol):
    """The library whose scans are tried."""

    def scan(self) -> Mapping[str, int]:
        """Scan everything, and return the counts of the scan."""

    def present(self) -> dict[str, int]:
        """The ids of all tracks whose files are there, by their absolute paths."""

    def rows(self) -> int:
        """How many tracks there are, missing ones included."""


Chain = tuple[Change, ...]


def chains(length: int) -> list[Chain]:
    """All ways to choose so many changes, in every order, one change more than once included."""
    return list(product(CHANGES, repeat=length))


def is_possible(chain: Chain, suffix: str) -> bool:
    return all(change.suffixes is None or suffix in change.suffixes for change in chain)


class Figures(NamedTuple):
    """How many tracks kept their ids, of how many, and what was seen beside that.

    `remarks`: what is wrong apart from tracks that lost their ids.
    """

    cases: Sequence[Case]
    counts: Sequence[Mapping[str, int]]
    remarks: Sequence[str]

    @property
    def lost(self) -> list[Case]:
        return [case for case in self.cases if case.lost_at]

    def by_format_and_change(self) -> dict[tuple[str, str], tuple[int, int]]:
        """(kept, all) for each format and each change that a track went through."""
        everything: Counter[tuple[str, str]] = Counter()
        kept: Counter[tuple[str, str]] = Counter()
        for case in self.cases:
            for name in {change.name for change in case.changes}:
                everything[case.suffix, name] += 1
                kept[case.suffix, name] += not case.lost_at
        return {key: (kept[key], everything[key]) for key in everything}


def plan_cases(wanted: Iterable[Chain], places: Places, suffixes: Iterable[str]) -> list[Case]:
    """A track for each chain of changes and each format: with a scan after each step, with all
    steps before one scan, and that without any tags, too."""
    cases: list[Case] = []
    for chain in wanted:
        for suffix in suffixes:
            if is_possible(chain, suffix):
                for is_spread, is_tagged in ((True, True), (False, True), (False, False)):
                    number = len(cases)
                    folder = places.root / suffix[1:] / f"{number:05}"
                    has_partner = any(change.needs_partner for change in chain)
                    partner = folder / f"01 Partner{suffix}" if has_partner else None
                    path = folder / f"01 Track{suffix}"
                    cases.append(Case(number, suffix, chain, is_spread, is_tagged, path, partner))
    return cases


def sounds_needed(cases: Iterable[Case]) -> int:
    """How many sounds of one format the tracks of these cases have."""
    return max(Counter(case.suffix for case, _, _ in _tracks(cases)).values())


def run_matrix(cases: Sequence[Case], places: Places, sounds: Path, library: Library) -> Figures:
    """Make the files, change and scan them, and say which tracks have lost their ids."""
    places.make()
    _make_tracks(cases, places, sounds)
    counts = [library.scan()]
    present = library.present()
    for case in cases:
        case.track_id = present[str(case.path)]
        case.partner_id = present[str(case.partner)] if case.partner else 0
    before = library.rows()
    for step in _rounds([case for case in cases if not case.is_spread], places):
        step()
    spread = [case for case in cases if case.is_spread]
    for step in _rounds(spread, places):
        whole = step()
        counts.append(library.scan())
        _look(whole if len(counts) > 2 else _at_once(cases) + whole, library.present())
    _look(_at_once(cases) + [(case, "the end") for case in spread], library.present())
    counts.append(library.scan())
    return Figures(cases, counts, list(_remarks(cases, counts[-1], library, before)))


def _tracks(cases: Iterable[Case]) -> Iterator[tuple[Case, Path, str]]:
    for case in cases:
        yield case, case.path, "Song"
        if case.partner:
            yield case, case.partner, "Partner"


def _make_tracks(cases: Iterable[Case], places: Places, sounds: Path) -> None:
    used: Counter[str] = Counter()
    for case, path, name in _tracks(cases):
        places.copy(sound(sounds, used[case.suffix], case.suffix), path)
        used[case.suffix] += 1
        if case.is_tagged:
            number = case.number
            retag(
                path,
                title=f"{name} {number}",
                artist=f"Artist {number}",
                album=f"Album {number}",
                track_number=1,
            )
            places.written(path)


Whole = list[tuple[Case, str]]
"""Cases whose track must be found with its id now, each with the change that was just finished."""


def _rounds(cases: Sequence[Case], places: Places) -> Iterator[Callable[[], Whole]]:
    """Do the first step of every case, then the second one, and so on."""
    jobs = FfmpegJobs()
    for steps in zip_longest(*(case.steps() for case in cases)):
        some = [(case, step) for case, step in zip(cases, steps, strict=True) if step]

        def do(some: list[tuple[Case, tuple[Change, Step, bool]]] = some) -> Whole:
            for case, (_, step, _) in some:
                step(case, places, jobs)
            jobs.run()
            return [(case, change.name) for case, (change, _, is_last) in some if is_last]

        yield do


def _at_once(cases: Iterable[Case]) -> Whole:
    return [(case, "all at once") for case in cases if not case.is_spread]


def _look(whole: Whole, present: Mapping[str, int]) -> None:
    for case, finished in whole:
        is_kept = present.get(str(case.path)) == case.track_id
        if case.partner:
            is_kept &= present.get(str(case.partner)) == case.partner_id
        if not is_kept:
            case.lost_at = case.lost_at or finished


def _remarks(
    cases: Sequence[Case], last: Mapping[str, int], library: Library, before: int
) -> Iterator[str]:
    if changed := {name: count for name, count in last.items() if count and name != "seen"}:
        yield f"a scan of unchanged files counted {changed}"
    files = {str(path) for _, path, _ in _tracks(cases)}
    present = library.present()
    if present.keys() != files:
        unlike = sorted(present.keys() ^ files)[:5]
        yield f"other tracks are present than there are files, such as {unlike}"
    if absent := [path for path in files if not os.path.exists(path)]:
        yield f"files are gone: {absent[:5]}"
    if (rows := library.rows()) != before:
        yield f"there are {rows} tracks, {before} before"
