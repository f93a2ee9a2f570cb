"""The music folder of the test, and a record of what is in it, which lists have to show."""

import random
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from library.covers import folder_cover_id
from soak.watching.sounds import SUFFIXES, make_sound

COVER = "cover.jpg"
SIZES_BYTES = (40_000, 60_000, 100_000, 150_000, 800_000, 4_000_000)


class Shown(NamedTuple):
    """What mus has to show of a file. `path` is relative to the music folder."""

    path: str
    artist: str
    size_bytes: int
    cover_id: str
    has_lyrics: bool


Expected = dict[str, frozenset[Shown]]
"""For each word in a title: the files that have it. No files: no list may show the title."""


@dataclass(frozen=True)
class File:
    """An audio file in the music folder. Its title is unique, except that a copy may have it too:
    the title ends with `word`, which is easily searched for."""

    word: str
    artist: str
    sound: int


@dataclass
class Shelves:
    """`files` has each file in the music folder, and each link to one outside of it.

    `staging` is a folder on the same disk as the music. `busy` are folders into which something is
    being written slowly. `sounds` has the words of all files that ever had a sound: if there are
    several, more than one track may have the right to the same id.
    """

    root: Path
    staging: Path
    random: random.Random
    files: dict[Path, File] = field(default_factory=dict)
    busy: set[Path] = field(default_factory=set)
    sounds: dict[int, set[str]] = field(default_factory=lambda: defaultdict(set))
    last_number: int = 0

    def number(self) -> int:
        self.last_number += 1
        return self.last_number

    def new_file(self, album: str, *, size_bytes: int = 0) -> tuple[Path, File]:
        """Make a file in the staging folder. Returns its path there, and what it is."""
        number = self.number()
        made = File(f"w{number:06}", f"Artist {self.random.randrange(40)}", number)
        self.sounds[made.sound].add(made.word)
        suffix = self.random.choices(SUFFIXES, weights=(7, 2, 1))[0]
        path = self.staging / f"{number % 20 + 1:02} Song {number}{suffix}"
        size_bytes = size_bytes or self.random.choice(SIZES_BYTES)
        tags = {"title": title(made.word), "artist": made.artist, "album": album}
        make_sound(path, number, size_bytes, tags)
        return path, made

    def put(self, path: Path, file: File) -> None:
        self.files[path] = file
        self.sounds[file.sound].add(file.word)

    def moved(self, old: Path, new: Path) -> set[str]:
        """Record that a file or a folder has another path. Returns the words of its files."""
        inside = {path: self.files.pop(path) for path in self.inside(old)}
        for path, file in inside.items():
            self.files[new / path.relative_to(old)] = file
        return {file.word for file in inside.values()}

    def removed(self, place: Path) -> dict[Path, File]:
        """Record that a file or a folder has gone. Returns what was in it."""
        return {path: self.files.pop(path) for path in self.inside(place)}

    def inside(self, place: Path) -> list[Path]:
        return [path for path in list(self.files) if path.is_relative_to(place)]

    def is_free(self, place: Path) -> bool:
        """Whether nothing is being written slowly in this folder, below or above it."""
        return not any(
            place.is_relative_to(each) or each.is_relative_to(place) for each in list(self.busy)
        )

    def albums(self) -> list[Path]:
        """The folders that hold files and may be changed."""
        folders = {path.parent for path in list(self.files)}
        return sorted(each for each in folders if self.is_free(each))

    def expected(self, words: Iterable[str]) -> Expected:
        """What lists have to show of these words, as the files are now."""
        wanted: dict[str, set[Shown]] = {word: set() for word in words}
        for path, file in list(self.files.items()):
            if file.word in wanted:
                wanted[file.word].add(self._shown(path, file))
        return {word: frozenset(shown) for word, shown in wanted.items()}

    def all_expected(self) -> Expected:
        return self.expected({file.word for file in self.files.values()})

    def artist_folders(self) -> Iterator[Path]:
        for number in range(12):
            yield self.root / f"Artist {number}"

    def _shown(self, path: Path, file: File) -> Shown:
        return Shown(
            str(path.relative_to(self.root)),
            file.artist,
            path.stat().st_size,
            self._cover_id(path.parent),
            path.with_suffix(".lrc").exists(),
        )

    def _cover_id(self, folder: Path) -> str:
        cover = folder / COVER
        if not cover.exists():
            return ""
        stat, path = cover.stat(), str(cover.relative_to(self.root))
        return folder_cover_id(str(self.root), path, stat.st_mtime_ns, stat.st_size)


def title(word: str) -> str:
    return f"Song {word}"
