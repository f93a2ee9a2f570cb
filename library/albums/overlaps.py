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


class Places(NamedTuple):
    """The places of some tracks: the key of the title at each position."""

    titles: Mapping[Position, str]
    is_numbered: bool
    """Whether any of the tracks has a number."""


class Overlap(NamedTuple):
    """`is_large`: the groups repeat each other. `is_same`: with the same titles."""

    is_large: bool
    is_same: bool


_NONE = Overlap(is_large=False, is_same=False)


def places_of(members: Iterable[Member]) -> Places:
    titles = {position(member): identity_key(member.title) for member in members}
    return Places(titles, any(isinstance(number, int) for _, number in titles))


def overlap(one: Places, other: Places) -> Overlap:
    """If one group has no track numbers at all, titles alone are compared."""
    mine, others = one.titles, other.titles
    if not (one.is_numbered and other.is_numbered):
        mine, others = _by_title(one), _by_title(other)
    repeated = mine.keys() & others.keys()
    if not repeated or len(repeated) < _MUCH * min(len(mine), len(others)):
        return _NONE
    same = sum(mine[each] == others[each] for each in repeated)
    return Overlap(is_large=True, is_same=same >= _MUCH * len(repeated))


def _by_title(places: Places) -> Mapping[Position, str]:
    return {("", title): title for title in places.titles.values()}
