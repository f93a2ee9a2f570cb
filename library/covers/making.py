"""A cover when it is asked for: out of the cache, else made, once for all who ask meanwhile.

Pictures are rendered by two threads of a lower priority, never on the event loop. Those who wait
take turns: each user's next cover is made before the one after it of anybody else.
"""

import asyncio
import sys
import threading
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import Context
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from library.covers.cache import CoverCache
from library.covers.jobs_by_user import JobsByUser
from library.covers.rendering import UnusablePicture, render
from library.covers.size import CoverSize
from runtime.niceness import raise_by

THREADS = 2
"""No more pictures than this are rendered at once."""
AT_ONCE = 2
"""What bounds the memory: no more pictures of one disk than this are in it at once."""
NICENESS = 10

Key = tuple[str, str, CoverSize]
"""The disk, the identity of the picture, and the size."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture as it is now. `cover_id` is empty where it changed while it was read."""

    cover_id: str
    source: bytes


Read = Callable[[], Awaitable[Picture]]


@dataclass(frozen=True, slots=True)
class Cover:
    """A WebP of the picture that `cover_id` identifies, as in `Picture`."""

    cover_id: str
    webp: bytes


class _Making:
    """A cover that is being made, or is in the queue; `users` who wait for it, and how often."""

    def __init__(self, key: Key, read: Read) -> None:
        self.key = key
        self.read = read
        self.users: Counter[int] = Counter()
        self.task: asyncio.Task[None] | None = None
        self.outcome: asyncio.Future[Cover] = asyncio.get_running_loop().create_future()


class _Disk:
    """What waits for pictures of one disk, and how many of them are being made."""

    def __init__(self) -> None:
        self.queue: JobsByUser[_Making] = JobsByUser()
        self.under_way = 0


class CoverMaker:
    """To be used on one event loop. A disk that hangs holds up covers of that disk alone."""

    def __init__(self, folder: Path, most_bytes: int) -> None:
        self.cache = CoverCache(folder, most_bytes)
        self._makings: dict[Key, _Making] = {}
        self._disks: defaultdict[str, _Disk] = defaultdict(_Disk)
        self._threads = ThreadPoolExecutor(THREADS, "covers", initializer=_lower_priority)
        self._sweeper = ThreadPoolExecutor(1, "cover cache", initializer=_lower_priority)

    async def make(
        self, cover_id: str, size: CoverSize, read: Read, *, disk: str = "", user: int = 0
    ) -> Cover:
        """The cover of the picture that `read` gives, which should be that of `cover_id`.

        Covers are made for one `user` after another. `read` is awaited once a cover's turn has
        come, unless the picture is known to be unusable. Raises UnusablePicture, and whatever
        `read` raises. A cover that nobody waits for any more before it is begun is not made.
        """
        key = (disk, cover_id, size)
        making = self._makings.get(key)
        if making is None:
            making = self._makings[key] = _Making(key, read)
        making.users[user] += 1
        if making.task is None:
            self._disks[disk].queue.add(user, key, making)
            self._begin_more(disk)
        try:
            return await asyncio.shield(making.outcome)
        finally:
            self._leave(making, user)

    def _leave(self, making: _Making, user: int) -> None:
        making.users[user] -= 1
        if making.users[user]:
            return
        del making.users[user]
        if making.task is None:
            self._disks[making.key[0]].queue.discard(user, making.key)
            if not making.users:
                del self._makings[making.key]

    def _begin_more(self, name: str) -> None:
        disk = self._disks[name]
        while disk.under_way < AT_ONCE and (making := disk.queue.take()) is not None:
            disk.under_way += 1
            # A context of its own: that of the request would be kept for as long as this takes.
            making.task = asyncio.create_task(self._run(making), context=Context())

    async def _run(self, making: _Making) -> None:
        try:
            making.outcome.set_result(await self._made(making))
        except Exception as error:  # noqa: BLE001
            # Whatever it is, those who wait for this cover are told.
            making.outcome.set_exception(error)
            making.outcome.exception()  # looked at, since all who asked may have gone
        finally:
            del self._makings[making.key]
            self._disks[making.key[0]].under_way -= 1
            self._begin_more(making.key[0])

    async def _made(self, making: _Making) -> Cover:
        _, cover_id, size = making.key
        loop = asyncio.get_running_loop()
        kept = await loop.run_in_executor(self._threads, self._kept, cover_id, size)
        if kept is None:
            try:
                picture = await making.read()
            except UnusablePicture as refusal:
                remember = self.cache.remember_unusable
                await loop.run_in_executor(self._threads, remember, cover_id, str(refusal))
                raise
            work = partial(self._make, cover_id, size, picture)
            kept = await loop.run_in_executor(self._threads, work)
        self.sweep_if_due()
        return kept

    def sweep_if_due(self) -> None:
        """Keep the cache within its limit, in the background."""
        if self.cache.is_sweep_due():
            self._sweeper.submit(self.cache.sweep)

    def _make(self, cover_id: str, size: CoverSize, picture: Picture) -> Cover:
        if picture.cover_id not in {"", cover_id} and (kept := self._kept(picture.cover_id, size)):
            return kept
        # Kept by what it is made of, which is not what was asked for when the file has changed
        # since the scan: so what is in the cache is right for ever.
        try:
            webp = render(picture.source, size)
        except UnusablePicture as refusal:
            if picture.cover_id:
                self.cache.remember_unusable(picture.cover_id, str(refusal))
            raise
        if picture.cover_id:
            self.cache.store(picture.cover_id, size, webp)
        return Cover(picture.cover_id, webp)

    def _kept(self, cover_id: str, size: CoverSize) -> Cover | None:
        """Perhaps from another process, a moment ago. Raises UnusablePicture."""
        if webp := self.cache.load(cover_id, size):
            return Cover(cover_id, webp)
        if reason := self.cache.why_unusable(cover_id):
            raise UnusablePicture(reason)
        return None


def _lower_priority() -> None:
    """Linux has a priority for each thread; elsewhere it is the process's, which stays."""
    if sys.platform == "linux":
        raise_by(NICENESS, threading.get_native_id())
