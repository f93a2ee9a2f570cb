"""Random orders: the same for a seed, different for others, and in parts the same as whole."""

from itertools import pairwise

import pytest

from library.orders import shuffled, shuffled_part


@pytest.mark.parametrize("ids", [range(1, 5001), range(7, 60_000, 13), range(2**40, 2**40 + 3000)])
@pytest.mark.parametrize("seed", [0, 1, -(2**62)])
def test_a_part_is_the_same_as_in_the_whole(ids: range, seed: int) -> None:
    whole = shuffled(ids, seed)
    assert sorted(whole) == list(ids)
    for start in (0, 1, 100, len(ids) // 2, len(ids) - 100, len(ids) - 1):
        stop = min(start + 100, len(ids))
        assert shuffled_part(ids, seed, start, stop) == whole[start:stop]


def test_an_id_that_comes_or_goes_leaves_the_order_of_the_others() -> None:
    before, after = shuffled(range(1, 2000), 3), shuffled(range(1, 2500), 3)
    assert [pk for pk in after if pk < 2000] == before


def test_two_shuffles_share_no_pattern() -> None:
    orders = [shuffled(range(1, 5001), seed) for seed in (1, 2)]
    for order in orders:
        assert len({other - one for one, other in pairwise(order)}) > 2000
    assert len(set(pairwise(orders[0])) & set(pairwise(orders[1]))) < 20
