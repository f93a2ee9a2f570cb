"""Keeps songs and albums as they are for all users, so that pages of them need no query.

Clients fetch the whole library in pages, at each sync. What is kept is JSON, which takes a fifth of
the memory of the objects and is quicker to read than they are to make. It lasts until the library
changes.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import orjson

from library.queries.revision import library_revision

MOST_BYTES = 64 << 20
"""Of one kind in one process: some 60,000 songs. What comes after these is made each time. To drop
the oldest instead would keep nothing of use from one walk over a larger library to the next."""

Made = dict[int, dict[str, Any]]


class KeptObjects:
    """`make`: the objects by their ids, of those of the ids that have one."""

    def __init__(self, make: Callable[[Sequence[int]], Made]) -> None:
        self._make = make
        self._kept = _Kept("")

    def of_ids(self, ids: Iterable[int]) -> Made:
        """The objects by their ids. Whoever gets one may change it."""
        _, state = library_revision()  # before the rows are read
        kept = self._kept
        if kept.state != state:
            kept = self._kept = _Kept(state)
        known = kept.contents
        wanted = list(ids)
        found = {pk: orjson.loads(known[pk]) for pk in wanted if pk in known}
        if len(found) < len(wanted) and (missing := [pk for pk in wanted if pk not in found]):
            made = self._make(missing)
            self._keep(kept, made)
            found |= made
        return found

    def _keep(self, kept: "_Kept", made: Made) -> None:
        for pk, each in made.items():
            if kept.size_bytes >= MOST_BYTES:
                return
            content = bytes(memoryview(orjson.dumps(each)))  # exactly as large as it is
            kept.contents[pk] = content
            kept.size_bytes += len(content)


class _Kept:
    """What is kept of one state of the library. Threads may add to it at the same time: the worst
    is that one object is made twice."""

    def __init__(self, state: str) -> None:
        self.state = state
        self.contents: dict[int, bytes] = {}
        self.size_bytes = 0
