"""Whether two groups of tracks repeat each other: the same places on the same discs, and there the
same titles or others."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from library.albums.discs import Position, position
from library.albums.members import Member
from library.models.folding import identity_key

_MUCH = 0.5
"""Groups repeat each other if so much of the smaller one is in the other, and have the same tracks
if so much of what is repeated has the same titles."""

Places = Mapping[Position, str]
"""The key of the title at each position."""


class Overlap(NamedTuple):
    """`is_large`: the groups repeat each other. `is_same`: with the same titles."""

    is_large: bool
    is_same: bool


def places_of(members: Iterable[Member]) -> Places:
    return {position(member): identity_key(member.title) for member in members}


def overlap(one: Places, other: Places) -> Overlap:
    repeated = one.keys() & other.keys()
    if not repeated or len(repeated) < _MUCH * min(len(one), len(other)):
        return Overlap(is_large=False, is_same=False)
    same = sum(one[each] == other[each] for each in repeated)
    return Overlap(is_large=True, is_same=same >= _MUCH * len(repeated))
