"""Observes when lists show a change: asks for their ETag, and for tracks once it is another."""

import asyncio
import itertools
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import httpx

from soak.visitors import Visitors
from soak.watching.hand import Change
from soak.watching.shelves import Expected, Shown, title

EVERY_S = 0.25
CHEAP_LIST = "/api/v1/tracks?limit=1"
MOST_SHOWN = 20
"""More tracks than have one title."""


@dataclass
class Open:
    """A change that no list shows yet. `left` is what is not shown of it, `instead` what was shown
    last in place of the first of that."""

    change: Change
    left: Expected
    instead: str = ""

    def __str__(self) -> str:
        wanted = next(iter(self.left.items()), None) or self.change.counts
        return f"{self.change.what}: {wanted}, but {self.instead or 'nothing'} was shown"


@dataclass(frozen=True)
class Seen:
    """A change that lists have shown, after `seconds`."""

    what: str
    ended: float
    seconds: float


@dataclass
class Observer:
    """`overtaken` counts changes whose files changed again before lists showed them.

    `first_ids` has the id that a title had when it was first seen.
    """

    visitors: Visitors
    open: list[Open] = field(default_factory=list)
    seen: list[Seen] = field(default_factory=list)
    overtaken: int = 0
    first_ids: dict[str, int] = field(default_factory=dict)
    _etag: str = ""
    _has_new: bool = False

    def note(self, change: Change) -> None:
        """Record a change that is complete now."""
        for each in self.open:
            for word in change.expected.keys() & each.left.keys():
                del each.left[word]
        stays = [each for each in self.open if each.left or each.change.counts]
        self.overtaken += len(self.open) - len(stays)
        self.open = stays
        if change.expected or change.counts:
            self.open.append(Open(change, dict(change.expected)))
            self._has_new = True

    def is_settled(self, word: str) -> bool:
        return not any(word in each.left for each in list(self.open))

    def overdue(self, seconds: float) -> list[Open]:
        """The changes that lists do not show after so long."""
        latest = time.monotonic() - seconds
        return [each for each in self.open if each.change.ended < latest]

    async def observe(self) -> None:
        clients = [self.visitors.client(server) for server in self.visitors.house.servers]
        turns = itertools.cycle(clients)
        try:
            while True:
                await self._look(next(turns))
                await asyncio.sleep(EVERY_S)
        finally:
            for client in clients:
                await client.aclose()

    async def _look(self, client: httpx.AsyncClient) -> None:
        try:
            answer = await client.get(CHEAP_LIST, headers={"If-None-Match": self._etag})
            if answer.status_code == httpx.codes.NOT_MODIFIED and not self._has_new:
                return
            self._etag, self._has_new = answer.headers.get("ETag", ""), False
            for each in list(self.open):
                if await self._is_shown(client, each) and each in self.open:
                    self._close(each)
        except httpx.HTTPError:
            self._etag = ""  # what was not asked for has to be asked for next time

    def _close(self, shown: Open) -> None:
        self.open.remove(shown)
        seconds = time.monotonic() - shown.change.ended
        if shown.change.is_visible:
            self.seen.append(Seen(shown.change.what, shown.change.ended, seconds))

    async def _is_shown(self, client: httpx.AsyncClient, each: Open) -> bool:
        for search, wanted in each.change.counts.items():
            answer = await client.get("/api/v1/tracks", params={"q": search, "limit": 1})
            each.instead = str(answer.json()["count"])
            if answer.json()["count"] != wanted:
                return False
        for word, wanted_tracks in list(each.left.items()):
            tracks = [track async for track in _tracks(client, word)]
            if word not in each.left:
                continue  # another change overtook this one meanwhile
            shown = sorted(map(shown_of, tracks))
            if shown != sorted(wanted_tracks):
                each.instead = str(shown)
                return False
            if len(tracks) == 1:
                self.first_ids.setdefault(word, tracks[0]["id"])
            each.left.pop(word, None)
        return True


async def _tracks(client: httpx.AsyncClient, word: str) -> AsyncIterator[dict[str, Any]]:
    """The details of the tracks that lists show with this word."""
    answer = await client.get("/api/v1/tracks", params={"q": word, "limit": MOST_SHOWN})
    for row in answer.json()["results"]:
        if row["title"] == title(word):
            yield (await client.get(f"/api/v1/tracks/{row['id']}")).json()


def shown_of(track: dict[str, Any]) -> Shown:
    """What the details of a track show of its file."""
    return Shown(
        track["path"],
        track["artist"],
        track["size_bytes"],
        track["cover_id"],
        bool(track["lyrics_kind"]),
    )
