"""What follows from an album's cover is worked out once, not once for each track that holds it."""

from collections.abc import Callable
from typing import TypeVar

Value = TypeVar("Value", str, bytes)
Result = TypeVar("Result")

MAX_LENGTH = 4 * 1024 * 1024
"""What is longer is not kept: a reader process has little memory."""


def remembering_the_last(function: Callable[[Value], Result]) -> Callable[[Value], Result]:
    """`function`, which is not called again for the value it was last called with.

    Unlike `lru_cache` it does not hash the value: comparing takes a twentieth of that.
    """
    last: tuple[Value, Result] | None = None

    def remembering(value: Value) -> Result:
        nonlocal last
        kept = last  # another thread may put its own in the place
        if kept is not None and kept[0] == value:
            return kept[1]
        result = function(value)
        if len(value) <= MAX_LENGTH:
            last = (value, result)
        return result

    return remembering
