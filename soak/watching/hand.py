"""The hand that changes the music folder: what changes of files and of folders have in common."""

import random
import shutil
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from soak.watching.arrivals import QUICK, Arrival
from soak.watching.shelves import Expected, File, Shelves

NAMES = ("Album", "Best of", "Ästhetik", "Live at São Paulo", "夜の音", "Cafe\u0301")


@dataclass
class Change:
    """What was done, and what lists have to show now that it is complete, at `ended`.

    `counts` are searches and how many tracks they have to find, where `expected` would be too much
    to ask for. `is_visible`: whether lists showed something else before.
    """

    what: str
    expected: Expected = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)
    is_visible: bool = True
    ended: float = field(default_factory=time.monotonic)


@dataclass
class Hand:
    """What was deleted lies in one of `trashes` and may come back; links lead into `outside`.

    `is_settled` says whether lists show a word as it is; most changes are made to such files.
    """

    shelves: Shelves
    trashes: tuple[Path, ...]
    outside: Path
    is_settled: Callable[[str], bool] = lambda _: True
    deleted: list[tuple[Path, Path, dict[Path, File]]] = field(default_factory=list)
    """Where it is, where it was, and its files by their paths before."""
    bulks: dict[Path, str] = field(default_factory=dict)
    links: list[Path] = field(default_factory=list)
    stopping: threading.Event = field(default_factory=threading.Event)

    @property
    def chance(self) -> random.Random:
        return self.shelves.random

    def any_file(self) -> Path | None:
        """A file to change: one whose last change is shown already, in five of six cases."""
        files = [path for path in list(self.shelves.files) if self._may_change(path.parent)]
        if self.chance.random() < 5 / 6:
            files = [path for path in files if self.is_settled(self.shelves.files[path].word)]
        return self.chance.choice(files) if files else None

    def any_album(self) -> Path | None:
        albums = [each for each in self.shelves.albums() if self._may_change(each)]
        return self.chance.choice(albums) if albums else None

    def new_folder(self) -> Path:
        """The path of a folder that does not exist, in the folder of an artist, which may not
        exist either."""
        artist = self.chance.choice([*self.shelves.artist_folders()])
        return artist / f"{self.chance.choice(NAMES)} {self.shelves.number()}"

    def throw_away(self, place: Path) -> set[str]:
        """Move a file or a folder to a trash, from which it may be restored. Returns its words."""
        target = self.chance.choice(self.trashes) / f"{self.shelves.number()}{place.suffix}"
        shutil.move(place, target)
        removed = self.shelves.removed(place)
        self.deleted.append((target, place, removed))
        return {file.word for file in removed.values()}

    def free_name(self, folder: Path, name: str) -> Path:
        """A path in `folder` with this name, or a similar one if it is taken."""
        path = folder / name
        while path.exists() or path.is_symlink():
            path = folder / f"{self.shelves.number()} {name}"
        return path

    def bring(self, folder: Path, arrival: Arrival | None = None, *, size_bytes: int = 0) -> str:
        """Bring a new file into the folder. Returns its word."""
        folder.mkdir(parents=True, exist_ok=True)
        source, file = self.shelves.new_file(folder.name, size_bytes=size_bytes)
        target = self.free_name(folder, source.name)
        (arrival or self.chance.choice(QUICK))(source, target, self.chance)
        source.unlink(missing_ok=True)
        self.shelves.put(target, file)
        return file.word

    def done(self, what: str, words: Iterable[str], *, is_visible: bool = True) -> Change:
        return Change(what, self.shelves.expected(words), is_visible=is_visible)

    def take_lyrics_along(self, old: Path, new: Path) -> None:
        """Move a file's lyrics as well, as those do who move a file with everything beside it."""
        lyrics = old.with_suffix(".lrc")
        if lyrics.exists():
            shutil.move(lyrics, new.with_suffix(".lrc"))

    def _may_change(self, folder: Path) -> bool:
        is_linked = any(folder.is_relative_to(link) for link in self.links)
        return not is_linked and self.shelves.is_free(folder)
