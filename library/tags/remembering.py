"""What the files of an album share is worked out once, not once for each track that holds it."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from functools import lru_cache, update_wrapper
from typing import Protocol, TypeVar

REMEMBERED = 1024
LONGEST_REMEMBERED = 200
"""Characters or bytes. There may be thousands of longer values, of a megabyte each."""
LONGEST_FIELDS = 100 * LONGEST_REMEMBERED
"""Characters of all fields that one result is of."""
MAX_LENGTH = 4 * 1024 * 1024
"""What is longer is not kept, not even as the last one: a reader process has little memory."""


class Sized(Hashable, Protocol):
    def __len__(self) -> int: ...


Value = TypeVar("Value", str, bytes)
SizedValue = TypeVar("SizedValue", bound=Sized)
Result = TypeVar("Result")
Fields = Mapping[str, Sequence[str]]
OfFields = Callable[[Fields, tuple[str, ...]], Result]


def remembering_short(function: Callable[[SizedValue], Result]) -> Callable[[SizedValue], Result]:
    """`function`, not called again for a short value of which it was asked not long ago.

    What it returns is shared, so nobody may change it.
    """
    remembered = lru_cache(REMEMBERED)(function)

    def remembering(value: SizedValue) -> Result:
        return remembered(value) if len(value) <= LONGEST_REMEMBERED else function(value)

    return update_wrapper(remembering, function)


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

    return update_wrapper(remembering, function)


def sharing_the_last() -> Callable[[bytes, int, int], bytes]:
    """What gives a part of some bytes, and the same object as last time where it is the same part:
    to compare takes less than to copy, and who gets it need not compare again."""
    last = b""

    def part(data: bytes, start: int, end: int) -> bytes:
        nonlocal last
        kept = last
        if len(kept) == end - start and data.startswith(kept, start):
            return kept
        found = data[start:end]
        if len(found) <= MAX_LENGTH:
            last = found
        return found

    return part


def of_fields(*names: str) -> Callable[[OfFields[Result]], OfFields[Result]]:
    """For a function of the fields of these names and a setting: it is not called again where
    they are as they last were. What it returns is shared, so nobody may change it."""

    def remember(function: OfFields[Result]) -> OfFields[Result]:
        last: tuple[list[Sequence[str] | None], tuple[str, ...], Result] | None = None

        def remembering(fields: Fields, setting: tuple[str, ...]) -> Result:
            nonlocal last
            held = [*map(fields.get, names)]
            kept = last
            if kept is not None and kept[0] == held and kept[1] == setting:
                return kept[2]
            result = function(fields, setting)
            if sum(map(len, (text for texts in held for text in texts or ()))) <= LONGEST_FIELDS:
                last = (held, setting, result)
            return result

        return update_wrapper(remembering, function)

    return remember
