"""Releases: which albums of different units are one, and what tells those of one name apart."""

import os
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, takewhile
from operator import attrgetter
from typing import Any

from library.albums.comparing import Side, apart
from library.albums.disambiguation import disambiguations
from library.albums.members import Member
from library.albums.reasons import Apart, Together
from library.albums.unit_albums import UnitAlbum, album_of

_NEIGHBOURS = 10
"""With so many others of its name before and behind it, sorted by their folders, a release is
compared to say why it is apart: there may be hundreds of one name."""
_path = attrgetter("root", "folder", "file_name", "track_id")
_CLOSEST_FIRST = (Apart.BY_HAND, *reversed([each for each in Apart if each != Apart.BY_HAND]))


@dataclass(frozen=True, slots=True)
class Release:
    """Tracks that are one album in the library.

    `disambiguation` tells it from other releases of its name, such as `Deluxe Edition`, `FLAC` or
    `1987`; empty if there is no other, or if only the others are special editions.
    """

    key: str
    title: str
    album_artist: str
    release_id: str
    together_by: Together
    apart_by: Apart | None
    disambiguation: str
    members: tuple[Member, ...]


class _Part:
    """An album of one unit, with what is compared."""

    def __init__(self, album: UnitAlbum) -> None:
        self.album = album
        self.side = Side(album.members)

    def may_be_one_with(self, other: "_Part") -> bool:
        one, two = self.album, other.album
        if one.key == two.key:
            return True
        is_same_release = bool(one.release_id) and one.release_id == two.release_id
        return is_same_release or self.has_mark_of(other)

    def has_mark_of(self, other: "_Part") -> bool:
        return bool(self.album.by_hand) and self.album.by_hand == other.album.by_hand


Parts = list[_Part]


def releases(albums: Sequence[UnitAlbum]) -> list[Release]:
    """The releases that these albums make. All albums have to be there that have a `key`, a
    `release_id` or a mark in common with one of them. Their order makes no difference."""
    found = [release for group in _connected(albums) for release in _of_connected(group)]
    return sorted(found, key=lambda release: _path(release.members[0]))


def _connected(albums: Iterable[UnitAlbum]) -> list[list[UnitAlbum]]:
    """The albums in groups, of which each is connected by keys, release ids and marks."""
    groups: dict[tuple[str, str], list[UnitAlbum]] = {}
    for album in albums:
        links = [("key", album.key)]
        links += [
            (name, own) for name in ("release_id", "by_hand") if (own := getattr(album, name))
        ]
        met = list({id(groups[link]): groups[link] for link in links if link in groups}.values())
        target = max(met, key=len, default=[])
        for group in met:
            if group is not target:
                links += [link for link, own in groups.items() if own is group]
                target += group
        target.append(album)
        groups.update(dict.fromkeys(links, target))
    return list({id(group): group for group in groups.values()}.values())


def _of_connected(albums: Sequence[UnitAlbum]) -> list[Release]:
    if len(albums) == 1:
        return [_of_album(albums[0])]
    marks: defaultdict[str, set[str]] = defaultdict(set)
    for album in albums:
        marks[album.key] |= {album.by_hand} - {""}
    built: list[Parts] = []
    for part in sorted(map(_Part, albums), key=_rank):
        fitting = [parts for parts in built if _is_one(part, parts, marks[part.album.key])]
        if fitting:
            max(fitting, key=lambda parts: _closeness(part, parts)).append(part)
        else:
            built.append([part])
    return list(_told_apart(sorted(built, key=lambda parts: _place(parts[0]))))


def _rank(part: _Part) -> tuple[object, ...]:
    """A sort key: parts that state most come first, and the others are compared with these."""
    album = part.album
    return (not album.by_hand, not album.release_id, -len(album.members), _place(part))


def _place(part: _Part) -> Any:
    return _path(part.album.members[0])


def _is_one(part: _Part, parts: Parts, marks: set[str]) -> bool:
    if any(part.has_mark_of(other) for other in parts):
        return True
    related = [other for other in parts if part.may_be_one_with(other)]
    if not related or _is_parted_by_hand(part, parts, marks):
        return False
    return all(apart(part.side, other.side) is None for other in related)


def _is_parted_by_hand(part: _Part, parts: Parts, marks: set[str]) -> bool:
    """Whether somebody parted albums of this name. Then it cannot be told to which of them a part
    without a mark belongs."""
    has_mark = any(other.album.by_hand for other in parts)
    return has_mark and not part.album.by_hand and len(marks) > 1


def _closeness(part: _Part, parts: Parts) -> tuple[object, ...]:
    """The more, the closer: how much else a part has in common with a release that it fits."""
    side, sides = part.side, [other.side for other in parts]
    return (
        any(side.release_ids & other.release_ids for other in sides),
        any(side.codecs == other.codecs for other in sides),
        any(side.years & other.years for other in sides),
        any(side.editions == other.editions for other in sides),
        max(_shared_path(part, other) for other in parts),
        sum(len(other.members) for other in sides),
    )


def _shared_path(part: _Part, other: _Part) -> int:
    """How many folders above both are the same."""
    one, two = (
        os.path.join(each.album.members[0].root, each.album.members[0].folder).split(os.sep)
        for each in (part, other)
    )
    same = takewhile(lambda pair: pair[0] == pair[1], zip(one, two, strict=False))
    return sum(1 for _ in same)


def release_of(members: Iterable[Member]) -> Release:
    """The release that these tracks are, whatever the rules would make of them."""
    return _of_album(album_of(sorted(members, key=_path)))


def _of_album(album: UnitAlbum) -> Release:
    return Release(
        key=album.key,
        title=album.title,
        album_artist=album.album_artist,
        release_id=album.release_id,
        together_by=album.together_by,
        apart_by=None,
        disambiguation="",
        members=album.members,
    )


def _release(parts: Parts) -> Release:
    first = parts[0].album
    if len(parts) == 1:
        return _of_album(first)
    release = release_of(chain.from_iterable(part.album.members for part in parts))
    return replace(release, key=first.key)


def _told_apart(built: Sequence[Parts]) -> Iterator[Release]:
    namesakes: defaultdict[str, list[tuple[Release, Parts]]] = defaultdict(list)
    for parts in built:
        release = _release(parts)
        namesakes[release.key].append((release, parts))
    for group in namesakes.values():
        if len(group) == 1:
            yield group[0][0]
            continue
        texts = disambiguations([release.members for release, _ in group])
        for index, ((release, parts), text) in enumerate(zip(group, texts, strict=True)):
            near = group[max(0, index - _NEIGHBOURS) : index + _NEIGHBOURS + 1]
            others = [each for _, each in near if each is not parts]
            yield replace(release, apart_by=_closest(parts, others), disambiguation=text)


def _closest(parts: Parts, others: Iterable[Parts]) -> Apart:
    """The rule that parts a release from the one that is most like it."""
    reasons = {_reason(parts, each) for each in others}
    return next(reason for reason in _CLOSEST_FIRST if reason in reasons)


def _reason(one: Parts, other: Parts) -> Apart:
    """Why two releases of one name are two: as wholes, else by what two parts of them say, else
    because a third one is parted by hand."""
    whole = apart(_whole(one), _whole(other))
    pairs = (apart(part.side, another.side) for part in one for another in other)
    return whole or next(filter(None, pairs), Apart.BY_HAND)


def _whole(parts: Parts) -> Side:
    if len(parts) == 1:
        return parts[0].side
    return Side([member for part in parts for member in part.album.members])
