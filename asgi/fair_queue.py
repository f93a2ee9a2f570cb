"""A queue in which every client has its turn equally often, however much each has waiting.

A client is an address; the sessions at one address share its turns in the same way, so that one
browser of a household, or of all who come through the same proxy, does not keep the others waiting.
"""

from collections import deque
from collections.abc import Callable
from typing import Generic, NamedTuple, TypeVar

T = TypeVar("T")


class Owner(NamedTuple):
    """Whose request it is. `session` is empty for a client that is not logged in."""

    address: str
    session: str


class FairQueue(Generic[T]):
    """Items by owner. The first address in `_waiting` has the next turn, and in it the first
    session; after a turn both go to the end."""

    def __init__(self) -> None:
        self._waiting: dict[str, dict[str, deque[T]]] = {}
        self._size = 0

    def __len__(self) -> int:
        return self._size

    def put(self, owner: Owner, item: T) -> None:
        sessions = self._waiting.setdefault(owner.address, {})
        sessions.setdefault(owner.session, deque()).append(item)
        self._size += 1

    def take(self, may_go: Callable[[str], bool]) -> tuple[Owner, T] | None:
        """The next item of the first address that `may_go`; None if there is none."""
        address = next((each for each in self._waiting if may_go(each)), None)
        if address is None:
            return None
        sessions = self._waiting.pop(address)
        session = next(iter(sessions))
        items = sessions.pop(session)
        item = items.popleft()
        if items:
            sessions[session] = items
        if sessions:
            self._waiting[address] = sessions
        self._size -= 1
        return Owner(address, session), item

    def remove(self, owner: Owner, item: T) -> None:
        """Does nothing if the item is not there any more."""
        sessions = self._waiting.get(owner.address, {})
        items = sessions.get(owner.session)
        if items is None or item not in items:
            return
        items.remove(item)
        self._size -= 1
        if not items:
            del sessions[owner.session]
        if not sessions:
            del self._waiting[owner.address]

    def number_at(self, address: str) -> int:
        """How many items of the address wait."""
        return sum(map(len, self._waiting.get(address, {}).values()))

    def gives_way(self, owner: Owner) -> Owner | None:
        """Whose last item would have to go for a new one of `owner`: that of the session with most,
        at the address with most. None if `owner` would then have as many."""
        address = max(self._waiting, key=self.number_at, default=owner.address)
        sessions = self._waiting.get(address, {})
        session = max(sessions, key=lambda each: len(sessions[each]), default=owner.session)
        if address == owner.address:
            own, most = len(sessions.get(owner.session, ())), len(sessions.get(session, ()))
        else:
            own, most = self.number_at(owner.address), self.number_at(address)
        return None if own + 1 >= most else Owner(address, session)

    def give_way(self, owner: Owner) -> T | None:
        """Take out that item. None if there is none: the new one has to go."""
        other = self.gives_way(owner)
        if other is None:
            return None
        item = self._waiting[other.address][other.session][-1]
        self.remove(other, item)
        return item
