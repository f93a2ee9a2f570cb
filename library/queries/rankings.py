"""Keeps ids in the order of a value that another app's table has, for example a user's plays.

Reading 100,000 ids in their order takes too long for each page after each play. So a process keeps
them, and moves only those whose value has changed since: `ValueChanges` tells them by numbers.
"""

from array import array
from collections.abc import Sequence
from functools import lru_cache
from threading import Lock
from time import monotonic
from uuid import uuid4

from library.queries.orders import ValueOrder

KEPT_RANKINGS = 8
"""How many a process keeps. One of 100,000 ids takes 0.8 MB."""
_FEW = 20
"""If more values than this have changed, all ids are read."""
_KEPT_FOR_S = 3_600.0
"""Afterwards all ids are read again: what was taken away long ago is not known any more."""


def ranked(state: str, order: ValueOrder) -> Sequence[int]:
    """The ids that have a value, by value and id, ascending also if the order descends. `state`
    identifies the state of the library."""
    if order.changes is None:
        return order.ranked_ids()
    return kept_ranking(state, order.changes.of).now(order)


def ranked_word(state: str, order: ValueOrder) -> str:
    """A word that stays the same as long as the same ids have a value in an order with `changes`,
    whichever values: for the state of a filter by them. Each process has words of its own."""
    assert order.changes is not None  # noqa: S101  # for the type checker
    kept = kept_ranking(state, order.changes.of)
    kept.now(order)
    return kept.word


class _KeptRanking:
    """What is kept of one order; an array that was returned never changes.

    `word`: another one whenever an id gets its first value, or loses it, or all are read."""

    def __init__(self) -> None:
        self._ids: array[int] = array("q")
        self._number, self._read_at = -1, 0.0
        self.word = ""
        self._lock = Lock()

    def now(self, order: ValueOrder) -> Sequence[int]:
        assert order.changes is not None  # noqa: S101  # for the type checker
        with self._lock:
            if order.changes.number > self._number:
                if not self._has_moved(order):
                    self._ids, self._read_at = array("q", order.ranked_ids()), monotonic()
                    self.word = uuid4().hex
                self._number = order.changes.number
            return self._ids

    def _has_moved(self, order: ValueOrder) -> bool:
        """Move the ids that have another value now. False if all have to be read instead."""
        if not self._ids or monotonic() - self._read_at > _KEPT_FOR_S:
            return False
        changed = order.changed_since(self._number, _FEW)
        if changed is None:
            return False
        others = changed.gone.union(pk for pk, _ in changed.new)
        ids = array("q", [pk for pk in self._ids if pk not in others])
        try:
            for pk, value in reversed(changed.new):
                after = order.next_id(value, pk)
                ids.insert(len(ids) if after is None else ids.index(after), pk)
        except ValueError:  # another value has changed meanwhile
            return False
        if changed.gone or len(ids) != len(self._ids):
            self.word = uuid4().hex
        self._ids = ids
        return True


@lru_cache(maxsize=KEPT_RANKINGS)
def kept_ranking(state: str, of: str) -> _KeptRanking:  # noqa: ARG001
    return _KeptRanking()
