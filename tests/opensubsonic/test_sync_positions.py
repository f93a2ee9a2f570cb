"""The places of clients in lists take a bounded amount of memory."""

from array import array

from library.queries.positions import BYTES_PER_ID, Listing
from opensubsonic.sync_positions import KeptWalks

COUNT = 100
MOST_BYTES = 3 * COUNT * BYTES_PER_ID


def test_walks_that_meet_a_change_have_ids_of_their_own_which_are_bounded() -> None:
    shared, listed = array("q", range(1, COUNT + 1)), set(range(1, COUNT + 1))
    before = Listing("0", lambda: shared, listed.intersection)
    walks, keys = KeptWalks(most_bytes=MOST_BYTES), [(1, f"app {n}", "all") for n in range(9)]
    for key in keys:
        assert walks.page(key, before, 0, 5) == [1, 2, 3, 4, 5]
    assert (walks.count, walks.size_bytes) == (9, COUNT * BYTES_PER_ID)
    listed -= {6}
    after = Listing("1", lambda: array("q", sorted(listed)), listed.intersection)
    for key in keys:
        assert len({*walks.page(key, after, 5, 5)} & listed) == 5
        assert walks.size_bytes <= MOST_BYTES
    assert 0 < walks.count < 9
