"""Random orders: the same for a seed, different for others, and in parts the same as whole."""

from itertools import pairwise

import pytest

from library.models.catalogue import Track
from library.queries.shuffles import RandomOrder, Shuffle, shuffled_ids
from library.queries.track_filter import TrackFilter
from tests.web.library_rows import make_tracks


@pytest.mark.parametrize("ids", [range(1, 5001), range(7, 60_000, 13), range(2**40, 2**40 + 3000)])
@pytest.mark.parametrize("seed", [0, 1, -(2**62)])
def test_each_is_there_once_and_keys_are_spread_evenly(ids: range, seed: int) -> None:
    assert sorted(shuffled_ids(ids, seed)) == list(ids)
    order = RandomOrder(seed)
    below = [sum(order.key(pk) < part * 2**29 for pk in ids) for part in (1, 2, 3)]
    assert below == pytest.approx([len(ids) * part / 4 for part in (1, 2, 3)], abs=len(ids) / 25)


@pytest.mark.django_db
@pytest.mark.parametrize("seed", [0, 1, -(2**62)])
def test_the_database_shuffles_the_same_whole_and_in_parts(seed: int) -> None:
    make_tracks(2_000)
    make_tracks(1, pk=2**33)  # of which not every product fits 64 bits
    shuffle = Shuffle(TrackFilter(), seed)
    whole = shuffle.ids()
    assert whole == shuffled_ids(Track.objects.values_list("pk", flat=True), seed)
    for start in (0, 1, 100, len(whole) // 2, len(whole) - 100, len(whole) - 1, len(whole)):
        page = shuffle.page(start, 100)
        assert (page.count, page.ids) == (len(whole), whole[start : start + 100])


def test_an_id_that_comes_or_goes_leaves_the_order_of_the_others() -> None:
    before, after = shuffled_ids(range(1, 2000), 3), shuffled_ids(range(1, 2500), 3)
    assert [pk for pk in after if pk < 2000] == before


def test_two_shuffles_share_no_pattern() -> None:
    orders = [shuffled_ids(range(1, 5001), seed) for seed in (1, 2)]
    for order in orders:
        assert len({other - one for one, other in pairwise(order)}) > 2000
    assert len(set(pairwise(orders[0])) & set(pairwise(orders[1]))) < 20
