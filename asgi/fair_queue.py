"""A fair queue (round robin): every client has its turn equally often, however many items it has.

A client is an IP address. The sessions at one address take turns within its share, so that one
browser does not delay the others of a household, or of all users behind the same proxy.
"""

from collections import deque
from collections.abc import Callable
from typing import Generic, NamedTuple, TypeVar

T = TypeVar("T")


class Owner(NamedTuple):
    """The client and login session of a request; `session` is empty for anonymous clients."""

    address: str
    session: str


class FairQueue(Generic[T]):
    """Waiting items by owner.

    The first address in `_waiting` has the next turn, and within it the first session. After its
    turn each goes to the end. Dicts keep that order.
    """

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
        """Remove and return the next item, from the first address for which `may_go` is true.

        None if there is no such item.
        """
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
        """Take `item` out of the queue. Does nothing if it has left the queue already."""
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
        """The number of items of `address` that wait."""
        return sum(map(len, self._waiting.get(address, {}).values()))

    def owner_to_displace(self, owner: Owner) -> Owner | None:
        """Whose last item must leave a full queue so that a new item of `owner` can enter.

        That is the session with the most items, at the address with the most items. None if `owner`
        would have as many items as that session or address then: the new item must be refused.
        """
        address = max(self._waiting, key=self.number_at, default=owner.address)
        sessions = self._waiting.get(address, {})
        session = max(sessions, key=lambda each: len(sessions[each]), default=owner.session)
        if address == owner.address:
            own, most = len(sessions.get(owner.session, ())), len(sessions.get(session, ()))
        else:
            own, most = self.number_at(owner.address), self.number_at(address)
        return None if own + 1 >= most else Owner(address, session)

    def displace_for(self, owner: Owner) -> T | None:
        """Remove and return the item that makes room for `owner`; see `owner_to_displace`."""
        other = self.owner_to_displace(owner)
        if other is None:
            return None
        item = self._waiting[other.address][other.session][-1]
        self.remove(other, item)
        return item
