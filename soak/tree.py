"""A music folder whose files are added, edited, moved, deleted and damaged all the time."""

import os
import random
from pathlib import Path

from tests.audio_files import make_audio

FOLDERS = 12
FEWEST = 60


class Tree:
    """The folder's files. Each has a unique title, which it keeps when it is moved or edited."""

    def __init__(self, root: Path, files: int, seed: int) -> None:
        self._root = root
        self._random = random.Random(seed)
        self._made = 0
        self._forbidden: list[Path] = []
        for _ in range(files):
            self.add()

    def change(self) -> None:
        """Make one random change."""
        kinds = (self.add, self.retag, self.move, self.delete, self.corrupt, self.forbid)
        self._random.choices(kinds, weights=(4, 4, 4, 2, 1, 1))[0]()

    def add(self) -> None:
        self._made += 1
        make_audio(self._place(f"{self._made}.mp3"), title=f"title {self._made}", artist="new")

    def retag(self) -> None:
        file = self._any()
        title = f"title {file.stem}"
        make_audio(file, title=title, artist=f"artist {self._random.randrange(20)}")

    def move(self) -> None:
        file = self._any()
        new = self._place(file.name)
        if new != file:
            os.rename(file, new)

    def delete(self) -> None:
        if len(self._files()) > FEWEST:
            self._any().unlink()

    def corrupt(self) -> None:
        self._any().write_bytes(b"no audio any more" * 100)

    def forbid(self) -> None:
        """Remove the permission to read one file, and restore those removed before."""
        self.allow_all()
        file = self._any()
        file.chmod(0)
        self._forbidden.append(file)

    def allow_all(self) -> None:
        for file in self._forbidden:
            if file.exists():
                file.chmod(0o644)
        self._forbidden.clear()

    def _place(self, name: str) -> Path:
        folder = self._root / f"folder {self._random.randrange(FOLDERS)}"
        folder.mkdir(exist_ok=True)
        return folder / name

    def _any(self) -> Path:
        return self._random.choice([each for each in self._files() if each not in self._forbidden])

    def _files(self) -> list[Path]:
        return sorted(self._root.glob("*/*.mp3"))
