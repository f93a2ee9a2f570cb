"""Keeps the place of every row of a list while a client fetches the list page by page.

A scan that commits between two pages would move rows over the border of the pages: the client
would get some twice and never see others. `Positions` holds the ids as they were when the client
began, and changes only what the client has not seen yet:

- A row that is listed for the first time meanwhile is added at the end.
- A row that is not listed any more gives its place to the last row of the list. So no page is
  shorter than was asked for before the list's end, which clients would take for its end.

So every row that is listed from the beginning to the end of the fetching comes exactly once.
"""

from array import array
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from threading import Lock

BYTES_PER_ID = 8


@dataclass(frozen=True)
class Listing:
    """A list, as `Positions` asks for it. `state` identifies the state that `ids` are read in, as
    in `library.queries.revision`."""

    state: str
    ids: Callable[[], Sequence[int]]
    still_listed: Callable[[Collection[int]], set[int]]


class Positions:
    """The places of one client's walk through a list; `listing`: as it is at the beginning."""

    def __init__(self, listing: Listing) -> None:
        self._ids = listing.ids()  # shared with other walks until something is changed
        self._complete_at = listing.state  # the state whose rows are all in `_ids`
        self._all_listed_at = listing.state  # the state in which nothing has to be replaced
        self._seen = 0
        self._lock = Lock()

    @property
    def shared(self) -> Sequence[int]:
        """The ids: the same object for all walks that began in one state and met no change."""
        return self._ids

    @property
    def next_offset(self) -> int:
        """Where a client goes on that asks for one page after the other."""
        return self._seen

    def page(self, listing: Listing, offset: int, limit: int) -> list[int]:
        """`limit` ids, starting with number `offset`. `listing`: as it is now."""
        with self._lock:
            while True:
                if offset + limit > len(self._ids):
                    self._add_new(listing)
                found = [*self._ids[offset : offset + limit]]
                gone = self._gone(listing, found)
                if not gone or not self._replace(offset, found, gone):
                    break
            self._seen = max(self._seen, min(offset + limit, len(self._ids)))
            return [pk for pk in found if pk not in gone]

    def _add_new(self, listing: Listing) -> None:
        if listing.state == self._complete_at:
            return
        known = set(self._ids)
        if new := [pk for pk in listing.ids() if pk not in known]:
            self._own().extend(new)
        self._complete_at = listing.state

    def _gone(self, listing: Listing, ids: list[int]) -> set[int]:
        if listing.state == self._all_listed_at or not ids:
            return set()
        return {*ids} - listing.still_listed(ids)

    def _replace(self, offset: int, ids: list[int], gone: set[int]) -> bool:
        """Give the places of what is gone to the last rows that the client has not seen. False if
        there is none left."""
        own, places = self._own(), [at for at, pk in enumerate(ids, offset) if pk in gone]
        is_any = False
        for place in reversed(places):
            last = len(own) - 1
            if last < max(self._seen, place):
                continue
            moved = own.pop()
            if last > place:
                own[place] = moved
            is_any = True
        return is_any

    def _own(self) -> "array[int]":
        """The ids, to be changed."""
        if not isinstance(self._ids, _OwnIds):
            self._ids = _OwnIds("q", self._ids)
        return self._ids


class _OwnIds(array):  # type: ignore[type-arg]
    """Ids that no other walk shares."""
