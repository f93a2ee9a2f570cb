"""A cover when it is asked for: out of the cache, else made, once for all who ask meanwhile.

Pictures are read and rendered by two threads of a lower priority, never on the event loop.
"""

import asyncio
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import Context
from dataclasses import dataclass
from pathlib import Path

from library.covers.cache import CoverCache
from library.covers.rendering import UnusablePicture, render
from library.covers.size import CoverSize
from runtime.niceness import raise_by

THREADS = 2
"""What bounds the memory: no more pictures than this are in it at once."""
NICENESS = 10

Key = tuple[str, CoverSize]


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture as it is now. `cover_id` is empty where it changed while it was read."""

    cover_id: str
    source: bytes


@dataclass(frozen=True, slots=True)
class Cover:
    """A WebP of the picture that `cover_id` identifies, as in `Picture`."""

    cover_id: str
    webp: bytes


class CoverMaker:
    """To be used on one event loop."""

    def __init__(self, folder: Path) -> None:
        self.cache = CoverCache(folder)
        self._under_way: dict[Key, asyncio.Task[Cover]] = {}
        self._threads = ThreadPoolExecutor(THREADS, "covers", initializer=_lower_priority)

    async def make(self, cover_id: str, size: CoverSize, read: Callable[[], Picture]) -> Cover:
        """The cover of the picture that `read` gives, which should be that of `cover_id`.

        `read` is called in a thread, unless the picture is known to be unusable. Raises
        UnusablePicture, and whatever `read` raises. Who stops waiting stops nobody else.
        """
        key = (cover_id, size)
        task = self._under_way.get(key)
        if task is None:
            work = asyncio.get_running_loop().run_in_executor(self._threads, self._make, *key, read)
            # A context of its own: that of the request would be kept for as long as this takes.
            task = asyncio.create_task(_outcome(work), context=Context())
            self._under_way[key] = task
            task.add_done_callback(lambda done: self._forget(key, done))
        return await asyncio.shield(task)

    def _forget(self, key: Key, task: asyncio.Task[Cover]) -> None:
        del self._under_way[key]
        if not task.cancelled():
            task.exception()  # looked at, since all who asked may have gone

    def _make(self, cover_id: str, size: CoverSize, read: Callable[[], Picture]) -> Cover:
        if kept := self._kept(cover_id, size):
            return kept
        picture = read()
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


async def _outcome(work: asyncio.Future[Cover]) -> Cover:
    return await work


def _lower_priority() -> None:
    """Linux has a priority for each thread; elsewhere it is the process's, which stays."""
    if sys.platform == "linux":
        raise_by(NICENESS, threading.get_native_id())
