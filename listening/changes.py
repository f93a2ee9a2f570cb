"""Changes of what belongs to one user.

Each raises the user's change number and a mark, by which the user's other browsers and clients
learn of it (`events.marks`)."""

from collections.abc import Callable, Collection
from enum import StrEnum
from functools import partial
from typing import TypeVar

from django.db import transaction

from events import announce_marks
from events.marks import mark_numbers, raise_marks
from runtime.turns import write_in_turn

Result = TypeVar("Result")


class Area(StrEnum):
    """What changed: the names of marks."""

    FAVOURITES = "favourites"
    RATINGS = "ratings"
    PLAYS = "plays"
    BOOKMARKS = "bookmarks"
    PLAYLISTS = "playlists"
    PLAYER = "player"
    QUEUE = "queue"
    DEVICES = "devices"
    COMMANDS = "commands"
    SCROBBLING = "scrobbling"
    RADIO = "radio"
    SHARES = "shares"


def change(user_id: int, work: Callable[[int], Result], *areas: Area) -> Result:
    """Call `work` with the user's new change number, in a transaction that raises the marks of
    `areas`, as soon as the database is free. Afterwards the user's browsers are told.

    `work` has no effect except on the database. Raises what `work` raises, and OperationalError if
    the database is not free in time; then nothing is changed.
    """
    return change_of_several([user_id], lambda numbers: work(numbers[user_id]), *areas)


def change_of_several(
    user_ids: Collection[int], work: Callable[[dict[int, int]], Result], *areas: Area
) -> Result:
    """`change` for what several users see. `work` gets the new change number of each by its id."""
    return write_in_turn(partial(_change, user_ids, work, areas))


def _change(
    user_ids: Collection[int], work: Callable[[dict[int, int]], Result], areas: tuple[Area, ...]
) -> Result:
    result = work(raise_marks(user_ids, *areas))
    transaction.on_commit(announce_marks)
    return result


def state_of(user_id: int, *areas: Area) -> str:
    """Identifies the state of these things of a user: it changes whenever one of them does. For the
    `state` of a filter or an order (`library.queries`) and for ETags."""
    return state_at(newest_number(user_id, *areas), user_id, *areas)


def newest_number(user_id: int, *areas: Area) -> int:
    """The user's change number that last changed one of these; 0 before the first."""
    numbers = mark_numbers(user_id)
    return max((numbers.get(area, 0) for area in areas), default=0)


def state_at(number: int, user_id: int, *areas: Area) -> str:
    """`state_of` for a `newest_number` that is known already."""
    return f"{'+'.join(areas)} of {user_id} at {number}"
