"""Keeps, for each client that fetches a whole list page by page, where it is in the list.

See `library.queries.positions`: a scan that runs meanwhile costs such a client no row, and gives
it none twice. The positions are kept in this process for ten minutes after the last page. Where
they are not known, as after a restart or when another server answers, the list is taken as it is
now. Its order is total, so the pages still fit together unless rows have gone meanwhile.
"""

from collections import OrderedDict
from dataclasses import dataclass
from functools import partial
from threading import Lock
from time import monotonic

from library.queries.id_arrays import kept_list_ids, still_matching
from library.queries.lists import RowList
from library.queries.numbered_albums import numbers_behind
from library.queries.positions import BYTES_PER_ID, Listing, Positions
from opensubsonic.call import Call

KEPT_FOR_S = 600.0
MOST_WALKS = 512
MOST_BYTES = 64 << 20
WALKS_OF_A_CLIENT = 4
"""Of one user, client and list: two phones may have the same app."""

Key = tuple[int, str, str]


@dataclass
class _Walk:
    key: Key
    positions: Positions
    used_at: float


class KeptWalks:
    """The walks of all clients, the one that was used last at the end."""

    def __init__(self, most: int = MOST_WALKS, most_bytes: int = MOST_BYTES) -> None:
        self._walks: OrderedDict[int, _Walk] = OrderedDict()
        self._number = 0
        self._most, self._most_bytes = most, most_bytes
        self._lock = Lock()

    def page(self, key: Key, listing: Listing, offset: int, limit: int) -> list[int]:
        """`limit` ids, starting with number `offset`. A page at offset 0 begins a new walk."""
        positions = self._find(key, offset) if offset else None
        if positions is None:
            positions = Positions(listing)
            self._keep(_Walk(key, positions, monotonic()))
        shared = positions.shared
        found = positions.page(listing, offset, limit)
        if positions.shared is not shared:  # it met a change, and has ids of its own from now on
            with self._lock:
                self._drop_what_is_too_much()
        return found

    def forget(self) -> None:
        with self._lock:
            self._walks.clear()

    @property
    def count(self) -> int:
        return len(self._walks)

    @property
    def size_bytes(self) -> int:
        """Arrays of ids that several walks share are counted once."""
        walks = [*self._walks.values()]
        arrays = {id(each.positions.shared): each.positions.shared for each in walks}
        return sum(len(each) * BYTES_PER_ID for each in arrays.values())

    def _find(self, key: Key, offset: int) -> Positions | None:
        """Of several walks that of which this is the next page, else the newest."""
        with self._lock:
            self._drop_old()
            known = [(at, each) for at, each in self._walks.items() if each.key == key]
            if not known:
                return None
            fitting = [each for each in known if each[1].positions.next_offset == offset]
            number, walk = (fitting or known)[-1]
            walk.used_at = monotonic()
            self._walks.move_to_end(number)
            return walk.positions

    def _keep(self, walk: _Walk) -> None:
        with self._lock:
            self._drop_old()
            self._number += 1
            self._walks[self._number] = walk
            same = [at for at, each in self._walks.items() if each.key == walk.key]
            for number in same[:-WALKS_OF_A_CLIENT]:
                del self._walks[number]
            self._drop_what_is_too_much()

    def _drop_what_is_too_much(self) -> None:
        while len(self._walks) > self._most or self._is_too_large():
            self._walks.popitem(last=False)

    def _is_too_large(self) -> bool:
        return len(self._walks) > 1 and self.size_bytes > self._most_bytes

    def _drop_old(self) -> None:
        oldest = monotonic() - KEPT_FOR_S
        while self._walks and next(iter(self._walks.values())).used_at < oldest:
            self._walks.popitem(last=False)


kept_walks = KeptWalks()


def ids_at_kept_positions(
    call: Call, name: str, rows: RowList, offset: int, limit: int
) -> list[int]:
    """The ids of a page of `rows`, a list that depends on nothing of the user's. `name` tells
    apart the lists that one client fetches at the same time."""
    listing = Listing(
        rows.state, partial(kept_list_ids, rows), partial(still_matching, rows.filter)
    )
    return _page(call, f"{name} {rows.filter}", listing, offset, limit)


def numbers_at_kept_positions(
    call: Call, name: str, rows: RowList, offset: int, limit: int
) -> list[int]:
    """The same of albums, with those of folders behind them: see `library.queries.numbered_albums`.
    The filter of `rows` has no more than a root."""
    return _page(call, f"{name} {rows.filter}", numbers_behind(rows), offset, limit)


def _page(call: Call, name: str, listing: Listing, offset: int, limit: int) -> list[int]:
    if not limit:
        return []
    return kept_walks.page((call.user_id, call.client, name), listing, offset, limit)
