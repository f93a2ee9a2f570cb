"""Jobs that many requests share, a few of each disk at once. Users take turns: a job is done for
each waiting user before anybody gets a second one."""

import asyncio
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable, Hashable
from contextvars import Context
from typing import Generic, NamedTuple, TypeVar

from library.covers.jobs_by_user import JobsByUser

JOBS_PER_DISK = 2
"""How many jobs of one disk run at once. Each may hold a picture in memory."""

Result = TypeVar("Result")


class Turn(NamedTuple):
    """On which disk's and whose queue a job waits."""

    disk: str = ""
    user: int = 0


class _Job(Generic[Result]):
    """A job that is queued or running.

    `users`: how many requests of each user wait for it. `task` is None while it is queued.
    """

    def __init__(self, key: tuple[str, Hashable], work: Callable[[], Awaitable[Result]]) -> None:
        self.key = key
        self.work = work
        self.users: Counter[int] = Counter()
        self.task: asyncio.Task[None] | None = None
        self.outcome: asyncio.Future[Result] = asyncio.get_running_loop().create_future()


class _Disk(Generic[Result]):
    """The queued jobs of one disk, and how many of its jobs are running."""

    def __init__(self) -> None:
        self.queue: JobsByUser[_Job[Result]] = JobsByUser()
        self.running = 0


class SharedJobs(Generic[Result]):
    """The jobs of one event loop. A disk that hangs delays only its own jobs."""

    def __init__(self) -> None:
        self._jobs: dict[tuple[str, Hashable], _Job[Result]] = {}
        self._disks: defaultdict[str, _Disk[Result]] = defaultdict(_Disk)

    async def share(
        self, turn: Turn, key: Hashable, work: Callable[[], Awaitable[Result]]
    ) -> Result:
        """The result of the disk's job of this key: of `work`, unless there is such a job already.

        A queued job that nobody waits for any more is dropped. Raises what the job raises.
        """
        own = (turn.disk, key)
        job = self._jobs.get(own)
        if job is None:
            job = self._jobs[own] = _Job(own, work)
        job.users[turn.user] += 1
        if job.task is None:
            self._disks[turn.disk].queue.add(turn.user, own, job)
            self._begin_more(turn.disk)
        try:
            return await asyncio.shield(job.outcome)
        finally:
            self._leave(job, turn.user)

    def _leave(self, job: _Job[Result], user: int) -> None:
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
        while disk.running < JOBS_PER_DISK and (job := disk.queue.take()) is not None:
            disk.running += 1
            # A new context: the task would otherwise keep the request's context alive.
            job.task = asyncio.create_task(self._run(job), context=Context())

    async def _run(self, job: _Job[Result]) -> None:
        try:
            job.outcome.set_result(await job.work())
        except Exception as error:  # noqa: BLE001
            # `work` may raise anything; every request that waits for this job gets the error.
            job.outcome.set_exception(error)
            # Marks the error as retrieved: asyncio would log it if no request waits any more.
            job.outcome.exception()
        finally:
            del self._jobs[job.key]
            self._disks[job.key[0]].running -= 1
            self._begin_more(job.key[0])
