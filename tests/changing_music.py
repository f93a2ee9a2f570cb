"""Music folders whose files change as people change them: tagged, moved, copied, swapped, away.

`ChangingMusic` knows of each file which sound it holds and which tags, so tests can say what a scan
must find. Every sound has a number; each file of it has the same audio digest, and no file of
another sound has, except that all `SILENCES` are one sound.

Changes are methods that take numbers, of which each chooses a file, a folder or a variant, whatever
its size. So a test may take any numbers, and the same numbers lead to the same files again. Each
change returns a sentence that says what it did; an empty one says that there was nothing to do.
"""

import os
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from itertools import pairwise
from pathlib import Path
from typing import Any

from tests.audio_files import retag
from tests.numbered_sounds import make_sound

SUFFIXES = (".flac", ".mp3", ".m4a", ".wav")
SILENCE = 0
FIRST_TIME_NS = 1_600_000_000_000_000_000
SECOND_NS = 1_000_000_000
ALBUMS = 7
VARIANTS = 5


@dataclass(frozen=True)
class Song:
    """What a file holds."""

    sound: int
    title: str
    artist: str
    album: str
    genre: str = ""

    @property
    def tags(self) -> dict[str, Any]:
        named = {"title": self.title, "artist": self.artist, "album": self.album}
        return {**named, "genre": self.genre or None}


@dataclass
class ChangingMusic:
    """Music folders `roots`, and `shelf`, a folder outside of them for what is away.

    `songs`: by the absolute path, what each file in the music folders holds; `away`: the same of
    the shelf. `tainted`: sounds of which it cannot be said which id they must have, since their
    file was overwritten, or itself overwrote another one.
    """

    roots: list[Path]
    shelf: Path
    songs: dict[str, Song] = field(default_factory=dict)
    away: dict[str, Song] = field(default_factory=dict)
    tainted: set[int] = field(default_factory=lambda: {SILENCE})
    newest_sound: int = SILENCE
    ticks: int = 0

    def fill(self, count: int) -> None:
        """Add so many songs in folders of albums, in all formats."""
        for number in range(count):
            self.add(number // 6, number)

    # Changes: each takes three numbers.

    def add(self, folder: int, kind: int, _: int = 0) -> str:
        """A file of a sound that was never there."""
        self.newest_sound += 1
        sound = self.newest_sound
        song = Song(sound, f"Song {sound}", f"Artist {folder % 5}", f"Album {folder % ALBUMS}")
        path = self._free(self._folder(folder), SUFFIXES[kind % len(SUFFIXES)], f"{sound:03}")
        self._write(path, song)
        return f"new {self._named(path)}"

    def add_silence(self, folder: int, variant: int, _: int = 0) -> str:
        """Another file of the sound that several recordings share."""
        song = Song(SILENCE, f"Silence {variant % 3}", f"Artist {variant % 2}", "Silences")
        path = self._free(self._folder(folder), ".flac", f"silence {variant % 4}")
        self._write(path, song)
        return f"new silence {self._named(path)}"

    def retag(self, file: int, variant: int, _: int = 0) -> str:
        if not (path := self._file(file)):
            return ""
        self._retag(path, variant)
        return f"retag {self._named(path)} ({self.songs[path].title})"

    def move(self, file: int, folder: int, variant: int) -> str:
        """To another folder and name."""
        if not (path := self._file(file)):
            return ""
        to = self._free(self._folder(folder), Path(path).suffix, f"moved {variant % VARIANTS}")
        self._rename(path, to)
        return f"mv {self._named(path)} {self._named(to)}"

    def move_and_retag(self, file: int, folder: int, variant: int) -> str:
        if not (path := self._file(file)):
            return ""
        to = self._free(self._folder(folder), Path(path).suffix, f"tagged {variant % VARIANTS}")
        self._retag(path, variant)
        self._rename(path, to)
        return f"retag and mv {self._named(path)} {self._named(to)}"

    def copy(self, file: int, folder: int, variant: int) -> str:
        """A copy beside the original; every other one has a time of its own."""
        if not (path := self._file(file)):
            return ""
        to = self._free(self._folder(folder), Path(path).suffix, f"copy {variant % VARIANTS}")
        self._copy(path, to, keeps_time=variant % 2 == 0)
        return f"cp {self._named(path)} {self._named(to)}"

    def copy_and_delete(self, file: int, folder: int, variant: int) -> str:
        """As moves to another disk: another inode, perhaps another time, perhaps other tags."""
        if not (path := self._file(file)):
            return ""
        to = self._free(self._folder(folder), Path(path).suffix, f"over {variant % VARIANTS}")
        self._copy(path, to, keeps_time=variant % 2 == 0)
        self._remove(path)
        if variant % 3 == 0:
            self._retag(to, variant)
        return f"cp, rm {self._named(path)} {self._named(to)} (variant {variant % 6})"

    def delete(self, file: int, *_: int) -> str:
        if not (path := self._file(file)):
            return ""
        self._remove(path)
        return f"rm {self._named(path)}"

    def delete_original(self, file: int, *_: int) -> str:
        """Delete the first path of a sound that several files hold."""
        counts = Counter(song.sound for song in self.songs.values())
        doubled = [path for path in sorted(self.songs) if counts[self.songs[path].sound] > 1]
        if not doubled:
            return ""
        path = doubled[file % len(doubled)]
        self._remove(path)
        return f"rm {self._named(path)}, of which there are copies"

    def take_away(self, file: int, *_: int) -> str:
        if not (path := self._file(file)):
            return ""
        self.ticks += 1
        shelved = str(self.shelf / f"{self.ticks}{Path(path).suffix}")
        os.rename(path, shelved)
        self.away[shelved] = self.songs.pop(path)
        return f"away {self._named(path)}"

    def bring_back(self, file: int, folder: int, variant: int) -> str:
        """Under another name."""
        if not self.away:
            return ""
        shelved = sorted(self.away)[file % len(self.away)]
        to = self._free(self._folder(folder), Path(shelved).suffix, f"back {variant % VARIANTS}")
        os.rename(shelved, to)
        self.songs[to] = self.away.pop(shelved)
        if variant % 3 == 0:
            self._retag(to, variant)
        return f"back as {self._named(to)}"

    def swap(self, one: int, other: int, _: int = 0) -> str:
        """Two files exchange their names."""
        return self._rotate(self._alike(one, other))

    def rotate(self, one: int, other: int, third: int) -> str:
        """Three files exchange their names in a circle."""
        return self._rotate(self._alike(one, other, third))

    def move_over(self, one: int, other: int, _: int = 0) -> str:
        """A file takes the place of another one, which is gone."""
        paths = self._alike(one, other)
        if len(paths) != 2:
            return ""
        self.tainted |= {self.songs[path].sound for path in paths}
        os.replace(*paths)
        self.songs[paths[1]] = self.songs.pop(paths[0])
        return f"mv {self._named(paths[0])} over {self._named(paths[1])}"

    def copy_over(self, one: int, other: int, _: int = 0) -> str:
        paths = self._alike(one, other)
        if len(paths) != 2:
            return ""
        self.tainted |= {self.songs[path].sound for path in paths}
        self._copy(*paths, keeps_time=False)
        return f"cp {self._named(paths[0])} over {self._named(paths[1])}"

    def rip_again(self, file: int, *_: int) -> str:
        """The sound of a file becomes one that was never there; its tags stay."""
        if not (path := self._file(file)):
            return ""
        song = self.songs[path]
        self.newest_sound += 1
        self.tainted |= {song.sound, self.newest_sound}
        self._write(path, replace(song, sound=self.newest_sound))
        return f"another rip of {self._named(path)}"

    def rename_folder(self, folder: int, variant: int, _: int = 0) -> str:
        return self._move_folder(folder, 0, f"renamed {variant % VARIANTS}")

    def move_folder(self, folder: int, root: int, _: int = 0) -> str:
        """To another of the music folders, if there is another."""
        return self._move_folder(folder, 1 + root % max(len(self.roots) - 1, 1), "")

    def copy_folder(self, folder: int, variant: int, _: int = 0) -> str:
        if not (old := self._known_folder(folder)):
            return ""
        new = self._free_folder(Path(old).parent / f"copied {variant % VARIANTS}")
        for path in self._inside(old):
            self._copy(path, f"{new}/{Path(path).name}", keeps_time=variant % 2 == 0)
        return f"cp -r {self._named(old)} {self._named(new)}"

    def delete_folder(self, folder: int, *_: int) -> str:
        if not (old := self._known_folder(folder)):
            return ""
        for path in self._inside(old):
            self._remove(path)
        shutil.rmtree(old)
        return f"rm -r {self._named(old)}"

    # What tests ask.

    def songs_in(self, folder: Path | str) -> dict[str, Song]:
        return {path: self.songs[path] for path in self._inside(str(folder))}

    def sounds(self) -> Counter[int]:
        """How many files hold each sound."""
        return Counter(song.sound for song in self.songs.values())

    def folders(self) -> list[str]:
        """Folders that hold files, not the music folders themselves."""
        roots = {str(root) for root in self.roots}
        return sorted({os.path.dirname(path) for path in self.songs} - roots)

    # How it is done.

    def _file(self, number: int) -> str:
        return sorted(self.songs)[number % len(self.songs)] if self.songs else ""

    def _folder(self, number: int) -> str:
        root = self.roots[number // ALBUMS % len(self.roots)]
        return str(root / f"Album {number % ALBUMS}")

    def _known_folder(self, number: int) -> str:
        folders = self.folders()
        return folders[number % len(folders)] if folders else ""

    def _inside(self, folder: str) -> list[str]:
        return [path for path in sorted(self.songs) if path.startswith(f"{folder}/")]

    def _alike(self, *files: int) -> list[str]:
        """Different files of one format, the first chosen by the first number; perhaps fewer."""
        if not self.songs:
            return []
        chosen = [self._file(files[0])]
        suffix = Path(chosen[0]).suffix
        for number in files[1:]:
            left = [each for each in sorted(self.songs) if each.endswith(suffix)]
            left = [each for each in left if each not in chosen]
            chosen += left[number % len(left) :][:1] if left else []
        return chosen

    def _rotate(self, paths: list[str]) -> str:
        if len(paths) < 2:
            return ""
        aside = str(self.shelf / f"aside{Path(paths[0]).suffix}")
        os.rename(paths[0], aside)
        for left, taken in pairwise(paths):
            os.rename(taken, left)
        os.rename(aside, paths[-1])
        held = [self.songs[path] for path in paths]
        self.songs |= dict(zip(paths, [*held[1:], held[0]], strict=True))
        return f"swap {' '.join(map(self._named, paths))}"

    def _move_folder(self, folder: int, to_root: int, name: str) -> str:
        if not (old := self._known_folder(folder)):
            return ""
        root = next(root for root in self.roots if old.startswith(f"{root}/"))
        new_root = self.roots[(self.roots.index(root) + to_root) % len(self.roots)]
        new = self._free_folder(new_root / (name or os.path.relpath(old, root)))
        moved = {path: f"{new}{path[len(old) :]}" for path in self._inside(old)}
        os.rmdir(new)
        os.rename(old, new)
        for path, to in moved.items():
            self.songs[to] = self.songs.pop(path)
        return f"mv {self._named(old)} {self._named(new)}"

    def _free(self, folder: str, suffix: str, name: str) -> str:
        """A path in `folder` where no file is."""
        for attempt in range(len(self.songs) + 1):
            path = f"{folder}/{name}{f' {attempt}' if attempt else ''}{suffix}"
            if path not in self.songs:
                break
        os.makedirs(folder, exist_ok=True)
        return path

    def _free_folder(self, wanted: Path) -> str:
        """A folder that was not there, and is there now."""
        attempt = 0
        while True:
            folder = f"{wanted}{f' {attempt}' if attempt else ''}"
            if not os.path.exists(folder):
                os.makedirs(folder)
                return folder
            attempt += 1

    def _write(self, path: str, song: Song) -> None:
        make_sound(path, song.sound, **song.tags)
        self.songs[path] = song
        self._date(path)

    def _retag(self, path: str, variant: int) -> None:
        song = self.songs[path]
        known = song.title.partition(" (")[0]
        kinds: tuple[dict[str, Any], ...] = (
            {"title": f"{known} (tagged {variant % VARIANTS})"},
            {"artist": f"Artist {variant % VARIANTS}"},
            {"album": f"Album {variant % ALBUMS}"},
            {"genre": f"Genre {variant % VARIANTS}"},
            {
                "title": f"{known} (anew)",
                "artist": f"Other {variant % VARIANTS}",
                "album": f"Other {variant % ALBUMS}",
            },
        )
        song = replace(song, **kinds[variant % len(kinds)])
        retag(path, **song.tags)
        self.songs[path] = song
        self._date(path)

    def _copy(self, path: str, to: str, *, keeps_time: bool) -> None:
        (shutil.copy2 if keeps_time else shutil.copyfile)(path, to)
        self.songs[to] = self.songs[path]
        if not keeps_time:
            self._date(to)

    def _rename(self, path: str, to: str) -> None:
        os.rename(path, to)
        self.songs[to] = self.songs.pop(path)

    def _remove(self, path: str) -> None:
        os.remove(path)
        del self.songs[path]

    def _date(self, path: str) -> None:
        """Another time than any file had before; in the past, so that scans need not wait."""
        self.ticks += 1
        time_ns = FIRST_TIME_NS + self.ticks * SECOND_NS
        os.utime(path, ns=(time_ns, time_ns))

    def _named(self, path: str) -> str:
        above = os.path.commonpath(list(map(str, self.roots)))
        inside = os.path.dirname(above) if len(self.roots) == 1 else above
        return repr(os.path.relpath(path, inside))


Change = Callable[[ChangingMusic, int, int, int], str]
M = ChangingMusic

CHANGES: tuple[tuple[Change, int], ...] = (
    (M.add, 1),
    (M.add_silence, 1),
    (M.retag, 3),
    (M.move, 3),
    (M.move_and_retag, 4),
    (M.copy, 3),
    (M.copy_and_delete, 3),
    (M.delete, 1),
    (M.delete_original, 4),
    (M.take_away, 2),
    (M.bring_back, 3),
    (M.swap, 3),
    (M.rotate, 2),
    (M.move_over, 2),
    (M.copy_over, 1),
    (M.rip_again, 1),
    (M.rename_folder, 2),
    (M.move_folder, 2),
    (M.copy_folder, 1),
    (M.delete_folder, 1),
)
"""Each with how often it is to come, compared with the others."""


def weighted() -> Iterator[Change]:
    """Each change as often as it is to come."""
    return (change for change, weight in CHANGES for _ in range(weight))
