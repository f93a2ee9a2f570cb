"""A queue of jobs that serves its users in turn: a user's long queue delays only that user."""

from collections import OrderedDict
from collections.abc import Hashable
from typing import Generic, TypeVar

Job = TypeVar("Job")


class JobsByUser(Generic[Job]):
    """One queue for each user. A job that several users wait for is in the queue of each of them,
    and is taken only once."""

    def __init__(self) -> None:
        self._queues: OrderedDict[Hashable, dict[Hashable, Job]] = OrderedDict()

    def add(self, user: Hashable, key: Hashable, job: Job) -> None:
        """Append a job to the user's queue. A job with the same `key` already there keeps its
        place."""
        self._queues.setdefault(user, {}).setdefault(key, job)

    def take(self) -> Job | None:
        """Remove and return the next job of the user whose turn it is; None if all queues are
        empty."""
        if not self._queues:
            return None
        user, jobs = self._queues.popitem(last=False)
        key = next(iter(jobs))
        job = jobs.pop(key)
        if jobs:
            self._queues[user] = jobs  # the user is now the last in turn
        for other in list(self._queues):
            self.discard(other, key)
        return job

    def discard(self, user: Hashable, key: Hashable) -> None:
        """Remove a job from the queue of a user who no longer waits for it."""
        jobs = self._queues.get(user, {})
        jobs.pop(key, None)
        if not jobs:
            self._queues.pop(user, None)

    def __len__(self) -> int:
        return sum(map(len, self._queues.values()))
