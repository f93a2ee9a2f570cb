"""Which tracks of one title in one unit have the same album artist."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from itertools import combinations

from library.albums.artist_names import VARIOUS, artist_key, leads
from library.albums.discs import position
from library.albums.members import Member
from library.albums.overlaps import Places, overlap, places_of

Group = list[Member]
_ENOUGH_TRACKS = 3
"""So many tracks of each of two artists, with the same numbers and other titles, show that a folder
holds an album of each rather than a compilation of both."""
_MANY_ARTISTS = 3


def by_artist(members: Group, *, is_alone: bool) -> list[Group]:
    """The tracks of one title, a group for each album artist.

    A track that states none belongs to the one that the others state. `is_alone`: the unit has no
    other title.
    """
    stated = {each.album_artist for each in members} - {""}
    if len(stated) == 1 and all(each.album_artist for each in members):
        return [members]
    lead = leads(artist_key(name) for name in stated)
    groups: defaultdict[str, Group] = defaultdict(list)
    others: Group = []
    for member in members:
        if member.album_artist:
            groups[lead[artist_key(member.album_artist)]].append(member)
        else:
            others.append(member)
    if not groups:
        return _by_track_artist(others)
    if _is_compilation(members, groups, is_alone=is_alone):
        return [members]
    if len(groups) == 1:
        return _with_others(next(iter(groups.values())), others)
    return _distributed(groups, others)


def _is_compilation(members: Group, groups: dict[str, Group], *, is_alone: bool) -> bool:
    """Whether tracks with several album artists are one compilation: if they are marked as one, or
    if many artists, none with the greater part, share a folder of one title and a numbering."""
    if len(groups) == 1 or len(set(map(position, members))) < len(members):
        return False
    if all(each.compilation for each in members):
        return True
    if not is_alone:
        return False
    if len({each.release_id for each in members if each.release_id}) == 1:
        return True
    largest = max(map(len, groups.values()))
    are_numbered = all(each.track_number for each in members)
    return len(groups) >= _MANY_ARTISTS and are_numbered and 2 * largest <= len(members)


def _by_track_artist(members: Group) -> list[Group]:
    """Tracks of which none states an album artist: one album, unless there are whole albums of
    several artists."""
    keys = leads(artist_key(each.artist) for each in members)
    if len(set(keys.values())) == 1 or any(each.compilation for each in members):
        return [members]
    counts = Counter(keys[artist_key(each.artist)] for each in members)
    if min(counts.values()) < _ENOUGH_TRACKS:
        return [members]
    groups: defaultdict[str, Group] = defaultdict(list)
    for member in members:
        groups[keys[artist_key(member.artist)]].append(member)
    all_places = map(places_of, groups.values())
    if all(_are_other_tracks(one, other) for one, other in combinations(all_places, 2)):
        return list(groups.values())
    return [members]


def _with_others(stated: Group, others: Group) -> list[Group]:
    """The tracks with the only album artist, and those without one; but what is evidently another
    artist's album of the same title stays by itself."""
    names = {artist_key(each.album_artist) for each in stated}
    if not others or VARIOUS in names:
        return [_merged(stated, others)]
    names |= {artist_key(each.artist) for each in stated}
    foreign: defaultdict[str, Group] = defaultdict(list)
    keys = leads([*names, *(artist_key(each.artist) for each in others)])
    for member in others:
        key = keys[artist_key(member.artist)]
        if key not in names:
            foreign[key].append(member)
    places = places_of(stated)
    own = [
        group
        for group in foreign.values()
        if len(group) >= _ENOUGH_TRACKS and _are_other_tracks(places, places_of(group))
    ]
    apart = {member.track_id for group in own for member in group}
    near = [member for member in others if member.track_id not in apart]
    return [_merged(stated, near), *own]


def _distributed(groups: dict[str, Group], others: Group) -> list[Group]:
    """Tracks without an album artist go to the album artist that is their artist; else where their
    number is free; else to the larger group."""
    taken = {key: {position(each) for each in group} for key, group in groups.items()}
    size = {key: len(group) for key, group in groups.items()}
    for member in others:
        artist, place = artist_key(member.artist), position(member)
        credit = leads([artist, *taken])[artist]
        key = min(taken, key=lambda key: (key != credit, place in taken[key], -size[key], key))
        groups[key].append(member)
    return list(groups.values())


def _are_other_tracks(one: Places, other: Places) -> bool:
    found = overlap(one, other)
    return found.is_large and not found.is_same


def _merged(*groups: Iterable[Member]) -> Group:
    return [member for group in groups for member in group]
