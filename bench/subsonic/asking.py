"""Asks a Subsonic server for what clients ask at each start and at each sync."""

import gzip
import http.client
import json
import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import psutil

from bench.measure import CommandFailed

TIMEOUT_S = 600.0
WARM_UP_S = 3.0
"""After the start of a server. Apps seldom come in its first seconds, in which mus counts ahead."""
ROUNDS = 5
PAGE = 500
PINGS = 20
BUDGETS_MS = {
    "search3, first page of 500": 25,
    "search3, page of 500 in the middle": 25,
    "search3, last page of 500": 25,
    "getAlbumList2 by name, first 500": 25,
    "getAlbumList2 by name, last 500": 25,
    "getAlbumList2 random, 500": 25,
    "getArtists": 60,
    "getArtists, again": 5,
    "getRandomSongs, 100": 15,
    "getAlbum": 4,
    "search3 for a word": 50,
    "ping": 2,
    "all songs by search3": 6_000,
}
"""Of 100,000 tracks and 10,000 albums, in milliseconds."""


@dataclass(kw_only=True)
class Asked:
    """One server: milliseconds of each work, and the processor's for the whole sync."""

    server: str
    tracks: int
    works_ms: dict[str, float] = field(default_factory=dict)
    sync_cpu_ms: float = 0.0
    songs: int = 0


@dataclass(frozen=True, kw_only=True)
class RunningServer:
    """`login`: the parameters by which a client logs in."""

    name: str
    port: int
    login: dict[str, str]
    process: psutil.Process


class SubsonicClient:
    """Requests one after the other over one connection, in JSON, compressed where the server
    does that. `took_ms`: of the last one, until its last byte had come. What this client then does
    to read it is no matter of the server's."""

    took_ms = 0.0

    def __init__(self, server: RunningServer) -> None:
        self._login = {**server.login, "v": "1.16.1", "c": "bench", "f": "json"}
        self._connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=TIMEOUT_S)

    def ask(self, endpoint: str, **parameters: Any) -> Any:
        """Raises CommandFailed if the answer is an error."""
        path = f"/rest/{endpoint}.view?{urlencode({**self._login, **parameters})}"
        began = time.perf_counter()
        self._connection.request("GET", path, headers={"Accept-Encoding": "gzip"})
        response = self._connection.getresponse()
        content = response.read()
        self.took_ms = (time.perf_counter() - began) * 1000
        if response.getheader("Content-Encoding") == "gzip":
            content = gzip.decompress(content)
        body = json.loads(content)["subsonic-response"]
        if body["status"] != "ok":
            raise CommandFailed(f"{endpoint}: {body}")
        return body

    def songs(self, offset: int, size: int = PAGE) -> list[Any]:
        counts = {"artistCount": 0, "albumCount": 0, "songCount": size, "songOffset": offset}
        found: list[Any] = self.ask("search3", query="", **counts)["searchResult3"].get("song", [])
        return found

    def albums(self, kind: str, offset: int = 0) -> list[Any]:
        wanted = {"type": kind, "size": PAGE, "offset": offset}
        found: list[Any] = self.ask("getAlbumList2", **wanted)["albumList2"].get("album", [])
        return found

    def close(self) -> None:
        self._connection.close()


def ask_for_all(server: RunningServer, tracks: int) -> Asked:
    client, asked = SubsonicClient(server), Asked(server=server.name, tracks=tracks)
    client.ask("ping")  # the first request of a server loads code
    time.sleep(WARM_UP_S)
    client.ask("getArtists")
    asked.works_ms["getArtists"] = client.took_ms
    for name, work in _works(client, tracks):
        work()
        asked.works_ms[name] = statistics.median(_took_ms(client, work) for _ in range(ROUNDS))
    cpu = _cpu_s(server)
    asked.works_ms["all songs by search3"] = _sync(client, asked)
    asked.sync_cpu_ms = (_cpu_s(server) - cpu) * 1000
    client.close()
    return asked


def _works(client: SubsonicClient, tracks: int) -> Iterator[tuple[str, Callable[[], Any]]]:
    last = max(tracks - PAGE, 0)
    albums = _count_of_albums(client)
    album = client.albums("newest")[0]["id"]
    yield "search3, first page of 500", lambda: client.songs(0)
    yield "search3, page of 500 in the middle", lambda: client.songs(last // 2)
    yield "search3, last page of 500", lambda: client.songs(last)
    yield "getAlbumList2 by name, first 500", lambda: client.albums("alphabeticalByName")
    far = max(albums - PAGE, 0)
    yield "getAlbumList2 by name, last 500", lambda: client.albums("alphabeticalByName", far)
    yield "getAlbumList2 random, 500", lambda: client.albums("random")
    yield "getArtists, again", lambda: client.ask("getArtists")
    yield "getRandomSongs, 100", lambda: client.ask("getRandomSongs", size=100)
    yield "getAlbum", lambda: client.ask("getAlbum", id=album)
    yield "search3 for a word", lambda: client.ask("search3", query="love")
    yield "ping", lambda: client.ask("ping")


def _count_of_albums(client: SubsonicClient) -> int:
    count = 0
    while page := client.albums("alphabeticalByName", count):
        count += len(page)
    return count


def _sync(client: SubsonicClient, asked: Asked) -> float:
    """The milliseconds of all pages."""
    ids, took_ms = set[str](), 0.0
    while page := client.songs(asked.songs):
        took_ms += client.took_ms
        asked.songs += len(page)
        ids.update(each["id"] for each in page)
    if len(ids) != asked.songs:
        raise CommandFailed(f"{asked.server}: {asked.songs - len(ids)} songs came twice")
    return took_ms


def _took_ms(client: SubsonicClient, work: Callable[[], Any]) -> float:
    work()
    return client.took_ms


def _cpu_s(server: RunningServer) -> float:
    times = server.process.cpu_times()
    return float(times.user + times.system)
