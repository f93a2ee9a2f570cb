"""Jobs of several users: one of each in turn, so that a long queue delays only its own user."""

from collections import OrderedDict
from collections.abc import Hashable
from typing import Generic, TypeVar

Job = TypeVar("Job")


class JobsByUser(Generic[Job]):
    """Each user's jobs in their order. A job that several users wait for has a place in the queue
    of each, and is taken once."""

    def __init__(self) -> None:
        self._queues: OrderedDict[Hashable, dict[Hashable, Job]] = OrderedDict()

    def add(self, user: Hashable, key: Hashable, job: Job) -> None:
        """`key` tells the job from others; a job that is there keeps its place."""
        self._queues.setdefault(user, {}).setdefault(key, job)

    def take(self) -> Job | None:
        """The next job of the user whose turn it is; None where there is none."""
        if not self._queues:
            return None
        user, jobs = self._queues.popitem(last=False)
        key = next(iter(jobs))
        job = jobs.pop(key)
        if jobs:
            self._queues[user] = jobs  # behind all others
        for other in list(self._queues):
            self.discard(other, key)
        return job

    def discard(self, user: Hashable, key: Hashable) -> None:
        """The user does not wait for it any more."""
        jobs = self._queues.get(user, {})
        jobs.pop(key, None)
        if not jobs:
            self._queues.pop(user, None)

    def __len__(self) -> int:
        return sum(map(len, self._queues.values()))
