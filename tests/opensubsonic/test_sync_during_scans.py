"""Clients that fetch the whole library while scans run: each track exactly once.

The server, its scans and the files are real. The clients begin at any moment, with pages of any
size; each of them fetches all songs, or all albums, again and again until the scans are done.
"""

import os
import random
import shutil
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.audio_files import make_audio
from tests.opensubsonic.conftest import RestServer

pytestmark = pytest.mark.server
ALBUMS, TRACKS = 24, 6
SCANS = 3
CLIENTS = 2
ENDS_WITHIN_S = 60.0


@dataclass
class Walk:
    """What one client got, from the first to the last page."""

    sizes: list[int]
    ids: list[str] = field(default_factory=list)


class Collection:
    """A music folder whose albums people change at random; those in `kept` they leave alone."""

    def __init__(self, music: Path) -> None:
        self.music, self.rng, self.count = music, random.Random(1), 0
        self.away = music.parent / "away"
        self.away.mkdir()
        for number in range(ALBUMS):
            self.add("kept" if number % 3 else "changed")

    def add(self, part: str = "changed") -> None:
        self.count += 1
        folder = self.music / part / f"{self.count:03}"
        folder.mkdir(parents=True)
        for number in range(TRACKS):
            tags: dict[str, Any] = {
                "title": f"{self.count}.{number}",
                "album": f"Album {self.count}",
            }
            file = make_audio(folder / f"{number}.flac", artist=f"Artist {self.count % 7}", **tags)
            os.utime(file, (1_600_000_000 + self.count, 1_600_000_000 + self.count))

    def change(self) -> None:
        """Folders come, go, come back, and lose files."""
        for _ in range(4):
            self.add()
        changed = sorted((self.music / "changed").iterdir())
        for folder in self.rng.sample(changed, 4):
            shutil.move(folder, self.away / folder.name)
        back = sorted(self.away.iterdir())
        for folder in self.rng.sample(back, len(back) // 2):
            shutil.move(folder, self.music / "changed" / folder.name)
        for folder in self.rng.sample(sorted((self.music / "changed").iterdir()), 3):
            for file in sorted(folder.iterdir())[:2]:
                file.unlink()


class Client:
    """One app of a listener."""

    def __init__(self, server: RestServer, number: int) -> None:
        self._server, self._name = server, f"client {number}"
        self._rng = random.Random(number)
        self._http = httpx.Client(base_url=server.served.url, timeout=60)
        self.songs: list[Walk] = []
        self.albums: list[Walk] = []

    def fetch_until(self, done: threading.Event) -> None:
        with self._http:
            while not done.is_set() or not self.songs:
                self.songs.append(self._walk(self._page_of_songs, 40))
                self.albums.append(self._walk(self._page_of_albums, 12))

    def _walk(self, page_of: Any, most: int) -> Walk:
        """Until a page is short, as clients do."""
        walk = Walk(sizes=[self._rng.randint(3, most) for _ in range(3)])
        while True:
            size = self._rng.choice(walk.sizes)
            page = page_of(size, len(walk.ids))
            walk.ids += [each["id"] for each in page]
            if len(page) < size:
                return walk

    def _page_of_songs(self, size: int, offset: int) -> Any:
        counts = {"artistCount": 0, "albumCount": 0, "songCount": size, "songOffset": offset}
        return self._ask("search3", query="", **counts)["searchResult3"]["song"]

    def _page_of_albums(self, size: int, offset: int) -> Any:
        wanted = {"type": "alphabeticalByName", "size": size, "offset": offset}
        return self._ask("getAlbumList2", **wanted)["albumList2"]["album"]

    def _ask(self, endpoint: str, **wanted: Any) -> Any:
        said = {**self._server.login(), "v": "1.16.1", "c": self._name, "f": "json", **wanted}
        body = self._http.get(f"/rest/{endpoint}", params=said).json()["subsonic-response"]
        assert body["status"] == "ok", body
        return body


def scan(server: RestServer) -> None:
    assert server.get("startScan", user="stella").json()["subsonic-response"]["status"] == "ok"
    deadline = time.monotonic() + ENDS_WITHIN_S
    while server("getScanStatus")["scanStatus"]["scanning"]:
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_each_track_comes_exactly_once(rest_server: RestServer) -> None:
    music = Collection(Path(rest_server.served.variables["MUSIC_DIR"]))
    scan(rest_server)
    whole = Client(rest_server, 0)._page_of_songs(5_000, 0)
    kept = {song["id"] for song in whole if song["path"].startswith("kept/")}
    kept_albums = {song["albumId"] for song in whole if song["path"].startswith("kept/")}
    assert len(kept) == ALBUMS // 3 * 2 * TRACKS
    clients, done = [Client(rest_server, number) for number in range(CLIENTS)], threading.Event()
    with ThreadPoolExecutor(CLIENTS) as pool:
        walks = [pool.submit(client.fetch_until, done) for client in clients]
        try:
            for _ in range(SCANS):
                music.change()
                scan(rest_server)
        finally:
            done.set()
        for walk in walks:
            walk.result()
    for client in clients:
        _assert_each_once(client.songs, kept)
        _assert_each_once(client.albums, kept_albums)


def _assert_each_once(walks: list[Walk], kept: set[str]) -> None:
    for walk in walks:
        assert len(walk.ids) == len({*walk.ids}), walk.sizes
        assert kept <= {*walk.ids}, walk.sizes
