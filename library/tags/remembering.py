"""Caches for reading tags: the files of an album share most values, so each is computed once."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from functools import lru_cache, update_wrapper
from typing import Protocol, TypeVar

REMEMBERED = 1024
LONGEST_REMEMBERED = 200
"""Characters or bytes. Longer values are not cached: a file may hold thousands of a megabyte each.
"""
LONGEST_FIELDS = 100 * LONGEST_REMEMBERED
"""Characters of all fields of which `of_fields` keeps a result."""
REMEMBERED_FIELDS = 4
"""How many results `of_fields` keeps for each function. All are compared for every file."""
MAX_LENGTH = 4 * 1024 * 1024
"""Longer values are not even kept as the last one: a reader process has little memory."""


class Sized(Hashable, Protocol):
    def __len__(self) -> int: ...


Value = TypeVar("Value", str, bytes)
SizedValue = TypeVar("SizedValue", bound=Sized)
Result = TypeVar("Result")
Fields = Mapping[str, Sequence[str]]
OfFields = Callable[[Fields, tuple[str, ...]], Result]


def remembering_short(function: Callable[[SizedValue], Result]) -> Callable[[SizedValue], Result]:
    """A decorator that caches the results of `function` for short values.

    Results are shared between callers, which must not change them.
    """
    remembered = lru_cache(REMEMBERED)(function)

    def remembering(value: SizedValue) -> Result:
        return remembered(value) if len(value) <= LONGEST_REMEMBERED else function(value)

    return update_wrapper(remembering, function)


def remembering_the_last(function: Callable[[Value], Result]) -> Callable[[Value], Result]:
    """A decorator that keeps the result of `function` for the last value.

    Unlike `lru_cache` it does not hash the value: comparing takes a twentieth of the time.
    """
    last: tuple[Value, Result] | None = None

    def remembering(value: Value) -> Result:
        nonlocal last
        kept = last  # another thread may replace `last` at any time
        if kept is not None and kept[0] == value:
            return kept[1]
        result = function(value)
        if len(value) <= MAX_LENGTH:
            last = (value, result)
        return result

    return update_wrapper(remembering, function)


def sharing_the_last() -> Callable[[bytes, int, int], bytes]:
    """A function `part(data, start, end)` like a slice, which returns the last slice again, as the
    same object, if it is equal.

    Comparing takes less time than copying, and a caller that caches the last value can recognise
    it by its identity.
    """
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
    """A decorator for a function of a file's fields and a setting, which uses only the fields with
    these `names`. Keeps the results for the last few different values of these fields and of the
    setting: the files of an album may differ in a date or a genre, because several programs tagged
    them.

    Results are shared between callers, which must not change them.
    """

    def remember(function: OfFields[Result]) -> OfFields[Result]:
        last: tuple[tuple[list[Sequence[str] | None], tuple[str, ...], Result], ...] = ()

        def remembering(fields: Fields, setting: tuple[str, ...]) -> Result:
            nonlocal last
            held = [*map(fields.get, names)]
            for values, separators, known in last:  # another thread may replace `last` meanwhile
                if values == held and separators == setting:
                    return known
            result = function(fields, setting)
            if sum(map(len, (text for texts in held for text in texts or ()))) <= LONGEST_FIELDS:
                last = ((held, setting, result), *last[: REMEMBERED_FIELDS - 1])
            return result

        return update_wrapper(remembering, function)

    return remember
