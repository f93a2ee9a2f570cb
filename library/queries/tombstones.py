"""Finds the row that a deleted track, album or artist was joined with.

Ask only when a row was not found: lists and rows that are there need no look at tombstones.
"""

from collections.abc import Callable, Collection
from dataclasses import replace
from typing import Any, TypeVar

from django.db.models import BigIntegerField

from library.models.tombstones import Catalogue, Tombstone, kind_of
from library.queries.filters import RowFilter

LONGEST_CHAIN = 32

Found = TypeVar("Found")
Wanted = TypeVar("Wanted", bound=RowFilter)


def find_living(model: Catalogue, row_id: int, find: Callable[[int], Found | None]) -> Found | None:
    """What `find` finds for the row `row_id`, or, if it finds nothing, for the row of `model` that
    this one was joined with. None for a number of more than 64 bits, which no database takes."""
    if row_id > BigIntegerField.MAX_BIGINT:
        return None
    found = find(row_id)
    if found is None and (other := living_id(model, row_id)) is not None:
        found = find(other)
    return found


def living_id(model: Catalogue, row_id: int) -> int | None:
    """The id of the row that the row `row_id` was joined with; None if it was not.

    If that row was itself joined with another later, the id of that other one, and so on.
    """
    return living_ids(model, [row_id]).get(row_id)


def living_ids(model: Catalogue, row_ids: Collection[int]) -> dict[int, int]:
    """For each of `row_ids` that was joined with another row, the id of that one; see `living_id`.

    One query for each step of the longest chain. It ends after LONGEST_CHAIN steps at most, and a
    row that was purged after the join is left out.
    """
    at = {row_id: row_id for row_id in row_ids}  # how far each was followed
    wanted, replaced = set(row_ids), dict[int, int | None]()
    for _ in range(LONGEST_CHAIN):
        stones = Tombstone.objects.filter(kind=kind_of(model), row_id__in=wanted)
        step = dict(stones.values_list("row_id", "replaced_by"))
        if not step:
            break
        replaced |= step
        wanted = {to for to in step.values() if to is not None} - replaced.keys()
    return {row_id: to for row_id in at if (to := _followed(row_id, replaced)) is not None}


def with_living(wanted: Wanted, **models: Catalogue) -> Wanted | None:
    """The filter `wanted` with the ids of living rows in the fields named by `models`: artist_id=
    Artist has a joined artist's id replaced. None if none of its ids was of a joined row."""
    living: dict[str, Any] = {
        name: other
        for name, model in models.items()
        if (given := getattr(wanted, name)) and (other := living_id(model, given))
    }
    return replace(wanted, **living) if living else None


def _followed(row_id: int, replaced: dict[int, int | None]) -> int | None:
    """The end of the chain that begins with `row_id`. None if there is no chain, if it ends with a
    purged row, or if it is a circle."""
    seen: set[int] = set()
    at: int | None = row_id
    while at in replaced and at not in seen:
        seen.add(at)
        at = replaced[at]
    return None if at == row_id or at in seen else at
