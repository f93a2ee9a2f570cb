"""Albums that are in one folder twice: as FLAC and as MP3, or as two editions."""

from collections import defaultdict
from collections.abc import Callable
from operator import attrgetter

from library.albums.discs import position
from library.albums.members import Member
from library.albums.overlaps import overlap, places_of

Group = list[Member]
_FEATURES = tuple(map(attrgetter, ("edition", "year", "codec")))
_number = attrgetter("disc_number", "track_number")


def without_doubles(members: Group) -> list[Group]:
    """The tracks, parted by edition, year or format where that repeats the same tracks. An album
    of which some tracks are in another format, or have another year, stays one."""
    if not _repeats_numbers(members):
        return [members]
    for feature in _FEATURES:
        groups = _parted(members, feature)
        if len(groups) > 1:
            return [part for group in groups for part in without_doubles(group)]
    return [members]


def _repeats_numbers(members: Group) -> bool:
    if len(set(map(_number, members))) == len(members):
        return False
    return len(set(map(position, members))) < len(members)


def _parted(members: Group, feature: Callable[[Member], object]) -> list[Group]:
    """The tracks of each value of a feature that repeat much of the most frequent value's; all
    others stay with that."""
    groups: defaultdict[object, Group] = defaultdict(list)
    for member in members:
        groups[feature(member)].append(member)
    if len(groups) == 1:
        return [members]
    order = sorted(groups, key=lambda value: (-len(groups[value]), str(value)))
    most, *others = (groups[value] for value in order)
    places = places_of(most)
    doubled = [
        group
        for group in others
        if _is_an_album(group, most) and overlap(places, places_of(group)).is_same
    ]
    apart = {member.track_id for group in doubled for member in group}
    return [[member for member in members if member.track_id not in apart], *doubled]


def _is_an_album(group: Group, most: Group) -> bool:
    """Rather than copies of a few tracks."""
    return len(most) == 1 or (len(group) > 1 and 2 * len(group) >= len(most))
