"""Covers on request: loaded from the cache, or else made from the picture.

Concurrent requests for the same cover share one job. Pictures are rendered by two threads with a
lower priority, never on the event loop. Users take turns: a cover is made for each waiting user
before anybody gets a second one.
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
"""How many pictures are rendered at once."""
PICTURES_PER_DISK = 2
"""How many pictures of one disk are in memory at once."""
NICENESS = 10

Key = tuple[str, str, CoverSize]
"""The name of the disk, the identity of the picture, and the size of the cover."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture as just read. `cover_id` is empty if the file changed while it was read."""

    cover_id: str
    source: bytes


Read = Callable[[], Awaitable[Picture]]


@dataclass(frozen=True, slots=True)
class Cover:
    """A cover as WebP. `cover_id` is that of the `Picture` it was made from."""

    cover_id: str
    webp: bytes


class _CoverJob:
    """A cover that is queued or being made.

    `users`: how many requests of each user wait for the cover. `task` is None while it is queued.
    """

    def __init__(self, key: Key, read: Read) -> None:
        self.key = key
        self.read = read
        self.users: Counter[int] = Counter()
        self.task: asyncio.Task[None] | None = None
        self.outcome: asyncio.Future[Cover] = asyncio.get_running_loop().create_future()


class _Disk:
    """The queued jobs of one disk, and how many of its jobs are running."""

    def __init__(self) -> None:
        self.queue: JobsByUser[_CoverJob] = JobsByUser()
        self.running = 0


class CoverMaker:
    """Makes covers, for one event loop. A disk that hangs delays only covers from that disk."""

    def __init__(self, folder: Path, most_bytes: int) -> None:
        self.cache = CoverCache(folder, most_bytes)
        self._jobs: dict[Key, _CoverJob] = {}
        self._disks: defaultdict[str, _Disk] = defaultdict(_Disk)
        self._threads = ThreadPoolExecutor(THREADS, "covers", initializer=_lower_priority)
        self._sweeper = ThreadPoolExecutor(1, "cover cache", initializer=_lower_priority)

    async def make(
        self, cover_id: str, size: CoverSize, read: Read, *, disk: str = "", user: int = 0
    ) -> Cover:
        """The cover from the cache, or else made from the picture that `read` returns.

        `cover_id` is the picture's identity as the last scan saw it; the picture that `read`
        returns may be a newer one. `read` is awaited only when the job's turn has come, and not at
        all if the cover is in the cache or the picture is known to be unusable. `disk` and `user`
        say on which disk's and whose queue the job waits. A queued job that nobody waits for any
        more is dropped.

        Raises UnusablePicture, and whatever `read` raises.
        """
        key = (disk, cover_id, size)
        job = self._jobs.get(key)
        if job is None:
            job = self._jobs[key] = _CoverJob(key, read)
        job.users[user] += 1
        if job.task is None:
            self._disks[disk].queue.add(user, key, job)
            self._begin_more(disk)
        try:
            return await asyncio.shield(job.outcome)
        finally:
            self._leave(job, user)

    def _leave(self, job: _CoverJob, user: int) -> None:
        job.users[user] -= 1
        if job.users[user]:
            return
        del job.users[user]
        if job.task is None:
            self._disks[job.key[0]].queue.discard(user, job.key)
            if not job.users:
                del self._jobs[job.key]

    def _begin_more(self, name: str) -> None:
        disk = self._disks[name]
        while disk.running < PICTURES_PER_DISK and (job := disk.queue.take()) is not None:
            disk.running += 1
            # A new context: the task would otherwise keep the request's context alive.
            job.task = asyncio.create_task(self._run(job), context=Context())

    async def _run(self, job: _CoverJob) -> None:
        try:
            job.outcome.set_result(await self._load_or_make(job))
        except Exception as error:  # noqa: BLE001
            # `read` may raise anything; every request that waits for this cover gets the error.
            job.outcome.set_exception(error)
            # Marks the error as retrieved: asyncio would log it if no request waits any more.
            job.outcome.exception()
        finally:
            del self._jobs[job.key]
            self._disks[job.key[0]].running -= 1
            self._begin_more(job.key[0])

    async def _load_or_make(self, job: _CoverJob) -> Cover:
        _, cover_id, size = job.key
        loop = asyncio.get_running_loop()
        kept = await loop.run_in_executor(self._threads, self._load, cover_id, size)
        if kept is None:
            try:
                picture = await job.read()
            except UnusablePicture as refusal:
                remember = self.cache.remember_unusable
                await loop.run_in_executor(self._threads, remember, cover_id, str(refusal))
                raise
            work = partial(self._make, cover_id, size, picture)
            kept = await loop.run_in_executor(self._threads, work)
        self.sweep_if_due()
        return kept

    def sweep_if_due(self) -> None:
        """Start a sweep of the cache in the background, if it is time for one."""
        if self.cache.is_sweep_due():
            self._sweeper.submit(self.cache.sweep)

    def _make(self, cover_id: str, size: CoverSize, picture: Picture) -> Cover:
        if picture.cover_id not in {"", cover_id} and (kept := self._load(picture.cover_id, size)):
            return kept
        # Stored under the identity of the picture it was made from, which differs from the one
        # asked for if the file has changed since the scan. So the cache is never wrong.
        try:
            webp = render(picture.source, size)
        except UnusablePicture as refusal:
            if picture.cover_id:
                self.cache.remember_unusable(picture.cover_id, str(refusal))
            raise
        if picture.cover_id:
            self.cache.store(picture.cover_id, size, webp)
        return Cover(picture.cover_id, webp)

    def _load(self, cover_id: str, size: CoverSize) -> Cover | None:
        """The cover from the cache, where another process may just have stored it; None if it is
        not there. Raises UnusablePicture."""
        if webp := self.cache.load(cover_id, size):
            return Cover(cover_id, webp)
        if reason := self.cache.why_unusable(cover_id):
            raise UnusablePicture(reason)
        return None


def _lower_priority() -> None:
    """Lower the priority of this thread. Only Linux has priorities of threads; elsewhere this
    would change the priority of the whole server, so nothing is done."""
    if sys.platform == "linux":
        raise_by(NICENESS, threading.get_native_id())
