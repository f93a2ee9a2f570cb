"""A client that fetches a list page by page gets each row once, whatever changes meanwhile."""

from array import array
from collections.abc import Collection
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from library.queries.positions import Listing, Positions


class Library:
    """Rows that are listed or not, as scans leave them. `always`: those listed all the time."""

    def __init__(self, count: int) -> None:
        self.listed = set(range(1, count + 1))
        self.always = set(self.listed)
        self.known = count
        self.state = 0

    def listing(self) -> Listing:
        return Listing(str(self.state), lambda: array("q", sorted(self.listed)), self._still)

    def _still(self, ids: Collection[int]) -> set[int]:
        return self.listed.intersection(ids)

    def scan(self, numbers: Random) -> None:
        """Some rows go, some come, and some that went come back."""
        self.state += 1
        away = sorted(set(range(1, self.known + 1)) - self.listed)
        going = numbers.sample(sorted(self.listed), min(len(self.listed), numbers.randint(0, 8)))
        self.listed.difference_update(going)
        self.always.difference_update(going)
        self.listed.update(numbers.sample(away, min(len(away), numbers.randint(0, 3))))
        new = numbers.randint(0, 8)
        self.listed.update(range(self.known + 1, self.known + new + 1))
        self.known += new


@given(
    count=st.integers(0, 60),
    sizes=st.lists(st.integers(1, 25), min_size=1, max_size=5),
    seed=st.integers(0, 10_000),
    scans=st.integers(0, 3),
)
@settings(max_examples=400, deadline=None)
def test_each_row_comes_once(count: int, sizes: list[int], seed: int, scans: int) -> None:
    numbers, library = Random(seed), Library(count)
    walk = Positions(library.listing())
    found: list[int] = []
    while True:
        size = numbers.choice(sizes)
        page = walk.page(library.listing(), len(found), size)
        if numbers.random() < 0.2:  # the answer was lost: the client asks again
            page = walk.page(library.listing(), len(found), size)
        assert set(page) <= library.listed
        found += page
        if len(page) < size:  # what clients take for the end
            break
        for _ in range(scans if len(found) < 200 else 0):
            library.scan(numbers)
    assert len(found) == len(set(found))
    assert library.always <= set(found)


def test_pages_that_are_asked_for_at_once_hold_no_row_twice() -> None:
    """Clients fetch several pages at the same time; the last one may be answered first."""
    library = Library(100)
    walk = Positions(library.listing())
    first = walk.page(library.listing(), 0, 20)
    library.scan(Random(0))
    library.listed -= {21, 22, 41, 42}
    pages = [walk.page(library.listing(), offset, 20) for offset in (60, 20, 40, 80, 100)]
    found = [*first, *(pk for page in pages for pk in page)]
    assert len(found) == len(set(found))
    assert library.listed <= set(found)


def test_walks_share_their_ids_until_one_of_them_meets_a_change() -> None:
    library, shared = Library(10), array("q", range(1, 11))
    listing = Listing("0", lambda: shared, library.listed.intersection)
    walks = [Positions(listing), Positions(listing)]
    assert walks[0].shared is walks[1].shared
    library.listed -= {1}
    changed = Listing("1", lambda: shared, library.listed.intersection)
    assert walks[0].page(changed, 0, 3) == [10, 2, 3]
    assert walks[1].page(listing, 0, 3) == [1, 2, 3]
    assert [*shared] == [*range(1, 11)]


def test_a_library_at_rest_is_asked_nothing() -> None:
    def never(_: Collection[int]) -> set[int]:
        raise AssertionError

    listing = Listing("0", lambda: array("q", [1, 2, 3]), never)
    walk = Positions(listing)
    assert [walk.page(listing, offset, 2) for offset in (0, 2, 4)] == [[1, 2], [3], []]
