"""After any change of the library, a client that only syncs holds what the lists say."""

import os
import random
import shutil
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from library.scanning import purge_missing
from tests.api.syncing import SyncedCopy, assert_same
from tests.audio_files import jpeg, make_audio, retag
from tests.library.scanning.conftest import Scan, scan

__all__ = ["scan"]

pytestmark = pytest.mark.django_db(transaction=True)

ARTISTS = ("Björk", "Bjork", "Nina", "Sigur Rós", "nina", "The Band")
ALBUMS = ("Debut", "Post", "Homogenic")
IDS = tuple(f"0000000{digit}-0000-0000-0000-000000000000" for digit in "123")
GENRES = ("Rock", "rock", "Jazz")
FOLDERS = ("one", "one/deep", "two", "two/CD 1", "two/CD 2", "three")


class People:
    """What people do to their files, at random."""

    def __init__(self, music: Path, seed: int) -> None:
        self.music = music
        self.rng = random.Random(seed)
        self.away = music.parent / "away"
        self.away.mkdir()
        self.count = 0

    def act(self) -> str:
        name = self.rng.choice(
            ["add", "add", "retag", "retag", "move", "rename", "remove", "back", "cover", "purge",
             "copy", "exchange", "picture", "swap", "year"]
        )  # fmt: skip
        getattr(self, name)()
        return name

    def _files(self) -> list[Path]:
        return sorted(self.music.rglob("*.flac"))

    def _one(self) -> Path | None:
        files = self._files()
        return self.rng.choice(files) if files else None

    def _tags(self) -> dict[str, Any]:
        choose = self.rng.choice
        tags: dict[str, Any] = {
            "artist": choose(ARTISTS),
            "album": choose(ALBUMS),
            "genre": choose(GENRES),
            "year": choose(("1990", "1991")),
        }
        if self.rng.random() < 0.5:
            tags["album_artist"] = choose(ARTISTS)
        if self.rng.random() < 0.3:
            tags["musicbrainz_artist_ids"] = choose(IDS)
        return tags

    def add(self) -> None:
        for _ in range(self.rng.randint(1, 3)):
            self.count += 1
            folder = self.music / self.rng.choice(FOLDERS)
            folder.mkdir(parents=True, exist_ok=True)
            title = f"Song {self.count}"
            make_audio(folder / f"{self.count}.flac", title=title, **self._tags())

    def retag(self) -> None:
        if file := self._one():
            self._retag(file, **self._tags())

    def _retag(self, file: Path, **tags: Any) -> None:
        """With a time of its own, long ago: a scan waits for files that were just written to."""
        self.count += 1
        retag(file, **tags)
        os.utime(file, (10**9 + self.count, 10**9 + self.count))

    def year(self) -> None:
        for file in self._files()[:4]:
            self._retag(file, year=str(self.rng.randint(1990, 1994)))

    def move(self) -> None:
        if file := self._one():
            folder = self.music / self.rng.choice(FOLDERS)
            folder.mkdir(parents=True, exist_ok=True)
            file.rename(folder / f"moved {self.rng.randint(0, 10**6)} {file.name}")

    def swap(self) -> None:
        """One leaves a folder, another comes: the folder holds as many as before."""
        one, other = self._one(), self._one()
        if one and other and one.parent != other.parent:
            one.rename(other.parent / f"swapped {one.name}")
            other.rename(one.parent / f"swapped {other.name}")

    def rename(self) -> None:
        folder = self.music / self.rng.choice(FOLDERS)
        if folder.is_dir():
            folder.rename(folder.parent / f"{folder.name} {self.rng.randint(0, 10**6)}")

    def remove(self) -> None:
        if file := self._one():
            file.rename(self.away / file.relative_to(self.music).as_posix().replace("/", "|"))

    def back(self) -> None:
        for file in sorted(self.away.iterdir())[:1]:
            target = self.music / file.name.replace("|", "/")
            target.parent.mkdir(parents=True, exist_ok=True)
            file.rename(target)

    def cover(self) -> None:
        if file := self._one():
            picture = file.parent / "cover.jpg"
            if picture.exists() and self.rng.random() < 0.3:
                picture.unlink()
            else:
                picture.write_bytes(jpeg(self.rng.randint(1, 200)))

    def picture(self) -> None:
        folder = self.music / self.rng.choice(FOLDERS)
        if folder.is_dir():
            (folder / "artist.jpg").write_bytes(jpeg(self.rng.randint(1, 200)))

    def purge(self) -> None:
        purge_missing()

    def copy(self) -> None:
        """The copy is joined with the original, if that is deleted later."""
        if file := self._one():
            folder = self.music / self.rng.choice(FOLDERS)
            folder.mkdir(parents=True, exist_ok=True)
            self.count += 1
            shutil.copy2(file, folder / f"copy {self.count} {file.name}")

    def exchange(self) -> None:
        """Two files take each other's place."""
        one, other = self._one(), self._one()
        if one and other and one != other:
            one.rename(self.music.parent / "aside")
            other.rename(one)
            (self.music.parent / "aside").rename(other)


@pytest.mark.parametrize("seed", range(4))
def test_a_client_that_only_syncs_holds_what_the_lists_say(
    seed: int, music: Path, scan: Scan, api: Client
) -> None:
    people = People(music, seed)
    each_time, now_and_then = SyncedCopy(api, limit=7), SyncedCopy(api)
    actions: list[str] = []
    for step in range(40):
        actions.append(people.act())
        if step % 3 != 2:
            scan(workers=0, batch_size=3)
        each_time.sync()
        assert_same(each_time)
        if step % 5 == 4:
            now_and_then.sync()
            assert_same(now_and_then)
    fresh = SyncedCopy(api)
    fresh.sync()
    assert fresh.rows == each_time.rows
    shutil.rmtree(people.away)
