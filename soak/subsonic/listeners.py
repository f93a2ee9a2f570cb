"""Apps with a right password. Each of their requests has to be answered as asked."""

import asyncio
import random
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import Any, NamedTuple

from soak.subsonic.client import Client, body_of, error_code

PAGE = 100
COVERS = 6
PART_BYTES = 65_536
LONGER_THAN_BUFFERS_BYTES = 2_000_000
DAYS_AGO_S = 40 * 86_400
JSON_OK, PARTIAL, WHOLE = "ok", 206, 200


@dataclass
class Told:
    """What apps told, to compare it with what is stored: plays as (user, track, second), favourites
    as (user, id). No two plays are told with the same second."""

    plays: set[tuple[str, int, int]] = field(default_factory=set)
    stars: set[tuple[str, str]] = field(default_factory=set)
    times: Iterator[int] = field(default_factory=lambda: count(int(time.time()) - DAYS_AGO_S))


class Song(NamedTuple):
    """What an app keeps of a song here: much more would be the memory of the clients."""

    id: str
    size: int


class Album(NamedTuple):
    id: str
    songs: int
    cover_id: str


@dataclass
class Listener:
    client: Client
    user: str
    tracks: int
    told: Told
    chance: random.Random
    deadline: float
    syncs: int = 0
    """Whole ones."""
    songs: list[Song] = field(default_factory=list)
    albums: list[Album] = field(default_factory=list)

    async def live(self, pause_s: float) -> None:
        await self.sync()
        kinds = (self.sync, self.begin, self.look_at_album, self.listen, self.leave, self.star)
        while not self.is_over and self.songs and self.albums:
            await asyncio.sleep(self.chance.uniform(0, 2 * pause_s))
            await self.chance.choices(kinds, weights=(1, 2, 5, 8, 3, 2))[0]()

    @property
    def is_over(self) -> bool:
        return time.monotonic() >= self.deadline

    async def sync(self) -> None:
        """All songs, then all albums, page by page until one is empty."""
        songs = [
            Song(each["id"], each["size"])
            for each in await self._pages("search3", "searchResult3", "song")
        ]
        albums = [
            Album(each["id"], each["songCount"], each["coverArt"])
            for each in await self._pages("getAlbumList2", "albumList2", "album")
        ]
        self.songs, self.albums = songs or self.songs, albums or self.albums
        if self.is_over or not songs:
            return
        self.syncs += 1
        if len({song.id for song in songs}) != self.tracks or len(songs) != self.tracks:
            self._complain(f"a sync brought {len(songs)} songs, not {self.tracks}")

    async def begin(self) -> None:
        """What apps ask when they begin."""
        for endpoint in ("ping", "getArtists", "getGenres", "getStarred2", "getPlaylists"):
            await self._ask(endpoint)

    async def look_at_album(self) -> None:
        album = self.chance.choice(self.albums)
        body = await self._ask("getAlbum", id=album.id)
        if body and len(body["album"]["song"]) != album.songs:
            self._complain("getAlbum: songs are missing")
        shown = self.chance.sample(self.albums, min(COVERS, len(self.albums)))
        await asyncio.gather(*(self._cover(each.cover_id) for each in shown))

    async def listen(self) -> None:
        """Play by ranges, as phones do, and tell it; now and then twice at once, or several plays
        that were heard without a network."""
        song = self.chance.choice(self.songs)
        await self._ask("scrobble", kind="scrobble (now playing)", id=song.id, submission=False)
        first = self.chance.randrange(song.size)
        for start in (0, first):
            await self._part(song, start)
        heard = [song, *self.chance.sample(self.songs, self.chance.choice((0, 0, 0, 2)))]
        times = [next(self.told.times) for _ in heard]
        ids = [each.id for each in heard]
        for track_id, at in zip(ids, times, strict=True):
            self.told.plays.add((self.user, int(track_id.split("-")[1]), at))
        said: dict[str, Any] = {"id": ids, "time": [at * 1000 for at in times]}
        how_often = self.chance.choice((1, 1, 2))
        await asyncio.gather(
            *(self._ask("scrobble", method="POST", **said) for _ in range(how_often))
        )

    async def leave(self) -> None:
        """Begin a long stream, and leave it after the first bytes."""
        long = [each for each in self.songs if each.size > LONGER_THAN_BUFFERS_BYTES]
        song = self.chance.choice(long or self.songs)
        response = await self.client.begin("stream", "stream (abandoned)", id=song.id)
        if response is not None:
            self._check_bytes("stream (abandoned)", response.status_code, WHOLE)

    async def star(self) -> None:
        song = self.chance.choice(self.songs)
        self.told.stars.add((self.user, song.id))
        await self._ask("star", id=song.id)

    async def stars(self) -> set[tuple[str, str]]:
        body = await self._ask("getStarred2") or {}
        return {(self.user, song["id"]) for song in body.get("starred2", {}).get("song", [])}

    async def _pages(self, endpoint: str, container: str, entry: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        while not (self.is_over and found):
            sizes: dict[str, Any] = {"type": "newest", "size": PAGE, "offset": len(found)}
            if endpoint == "search3":
                none = {"artistCount": 0, "albumCount": 0}
                sizes = {"query": "", "songCount": PAGE, "songOffset": len(found), **none}
            body = await self._ask(endpoint, **sizes)
            if not body or not (page := body[container].get(entry)):
                break
            found += page
        return found

    async def _part(self, song: Song, start: int) -> None:
        kind, last = "stream (range)", min(start + PART_BYTES, song.size) - 1
        headers = {"Range": f"bytes={start}-{last}"}
        response = await self.client.request("stream", kind=kind, headers=headers, id=song.id)
        if response is None:
            return
        self._check_bytes(kind, response.status_code, PARTIAL)
        if len(response.content) != last - start + 1:
            self._complain(f"{kind}: another number of bytes than asked for")

    async def _cover(self, cover_id: str) -> None:
        response = await self.client.request("getCoverArt", id=cover_id, size=160)
        if response is None:
            return
        self._check_bytes("getCoverArt", response.status_code, WHOLE)
        if not response.headers.get("Content-Type", "").startswith("image/"):
            self._complain(f"getCoverArt: no picture, {response.text[:200]!r}")

    async def _ask(self, endpoint: str, **said: Any) -> dict[str, Any] | None:
        """The body, if it is ok."""
        response = await self.client.request(endpoint, **said)
        if response is None:
            return None
        body = body_of(response)
        code = error_code(body) if body else None
        said_of_it = f"{response.status_code}, {JSON_OK if code is None else f'error {code}'}"
        self.client.answers.note(f"right login: {said_of_it}")
        if body is None or code is not None or response.status_code != WHOLE:
            self._complain(f"{endpoint}: {said_of_it}: {response.text[:200]!r}")
            return None
        return body

    def _check_bytes(self, kind: str, status: int, wanted: int) -> None:
        self.client.answers.note(f"right login: {status}, bytes")
        if status != wanted:
            self._complain(f"{kind}: {status}, not {wanted}")

    def _complain(self, sentence: str) -> None:
        self.client.answers.complain(f"a right login ({self.client.about}): {sentence}")
