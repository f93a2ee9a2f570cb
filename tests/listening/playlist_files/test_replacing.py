"""Replacing the entries of a playlist keeps the rows of those that are in both."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from listening.playlist_files.replacing import Row, plan_of
from listening.playlists.places import GAP

TARGETS = st.lists(st.integers(1, 6) | st.integers(-3, -1), max_size=12)


def stored(targets: list[int], gap: int = GAP) -> list[Row]:
    return [Row(100 + number, each, (number + 1) * gap) for number, each in enumerate(targets)]


def after(rows: list[Row], targets: list[int]) -> list[tuple[int, int, int | None]]:
    """The entries in order after the plan was carried out: place, target, id."""
    plan = plan_of(rows, targets)
    kept = [row for row in rows if row.pk not in plan.removed]
    entries: list[tuple[int, int, int | None]]
    entries = [(plan.moved.get(row.pk, row.place), row.target, row.pk) for row in kept]
    entries += [(place, target, None) for target, place in plan.added]
    return sorted(entries, key=lambda each: each[0])


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # a busy machine
@given(TARGETS, TARGETS, st.sampled_from([1, 2, GAP]))
def test_any_entries_become_any_others(old: list[int], new: list[int], gap: int) -> None:
    rows = stored(old, gap)
    entries = after(rows, new)
    assert [target for _, target, _ in entries] == new
    assert len({place for place, _, _ in entries}) == len(new)
    kept = [pk for _, _, pk in entries if pk is not None]
    assert len(kept) == sum(min(old.count(each), new.count(each)) for each in set(old))


@pytest.mark.parametrize(
    ("old", "new", "moved"),
    [
        ([1, 2, 3], [1, 2, 3], 0),
        ([1, 2, 3], [1, 3], 0),
        ([1, 2, 3], [4, 1, 5, 2, 3, 6], 0),
        ([1, 2, 3, 4], [2, 3, 4, 1], 1),
        ([1, 2, 3, 4], [4, 1, 2, 3], 1),
        ([1, 1, 1], [1, 2, 1], 0),
    ],
)
def test_as_few_as_possible_are_moved(old: list[int], new: list[int], moved: int) -> None:
    assert len(plan_of(stored(old), new).moved) == moved


def test_a_long_playlist_reversed() -> None:
    targets = [*range(1, 20_001)]
    assert [each[1] for each in after(stored(targets), targets[::-1])] == targets[::-1]
