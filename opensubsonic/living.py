"""Finds the row that an id names. That of a row that was joined with another one names the other.

A row that is there costs no query here, since the objects themselves are asked for first.
"""

from collections.abc import Callable, Sequence
from typing import Any

from library.queries.tombstones import find_living
from listening.kinds import MODELS
from opensubsonic.call import Call
from opensubsonic.errors import not_found
from opensubsonic.ids import PREFIXES, Named, named_by

Objects = list[dict[str, Any]]
MakeObjects = Callable[[Call, Sequence[int]], Objects]


def one_object(call: Call, named: Named, make: MakeObjects) -> tuple[int, dict[str, Any]]:
    """The id of the living row, and the object that `make` makes of it. Not found without one."""

    def find(pk: int) -> tuple[int, dict[str, Any]] | None:
        return next(((pk, each) for each in make(call, [pk])), None)

    found = find_living(MODELS[named.kind], named.pk, find)
    if found is None:
        raise not_found(named.kind)
    return found


def named_or_bare(call: Call, name: str, *kinds: str) -> Named:
    """What the needed id names. Some clients cut the kind off (DSub#1043): a number alone is of the
    first kind."""
    text = call.parameters.needed_text(name)
    if named_by(text) is None and (bare := _bare(kinds[0], text)):
        return bare
    return call.parameters.named(name, *kinds)


def _bare(kind: str, text: str) -> Named | None:
    is_number = text.isascii() and text.isdecimal()
    return named_by(f"{PREFIXES[kind]}-{text}") if is_number else None
