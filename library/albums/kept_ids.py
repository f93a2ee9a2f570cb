"""Which album keeps which id: ids last, whatever becomes of titles and folders."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from library.albums.releases import Release


class AlbumBefore(NamedTuple):
    """An album as it is stored; `missing`: how many of its tracks are missing."""

    key: str
    release_id: str
    missing: int


class KeptIds(NamedTuple):
    """`ids`: of each release the id that it keeps; None for a new album. `replaced`: of each album
    that became part of another one, the release (its index) that most of its tracks went to."""

    ids: list[int | None]
    replaced: dict[int, int]


def keep_ids(wanted: Sequence[Release], before: Mapping[int, AlbumBefore] | None = None) -> KeptIds:
    """A release keeps the id that most of its tracks had, the lower one of two equals; an id goes
    to the release that has most of its tracks.

    `before`: the albums that tracks of these releases were on, or that have their keys. The missing
    tracks of an album count for the release that has its key. If none of its tracks is on such a
    release, and more are missing than went to any other, the album stays as it was, without present
    tracks, or takes new tracks of its name.
    """
    albums = before or {}
    votes = [
        Counter(member.album_id for member in each.members if member.album_id) for each in wanted
    ]
    homes, most = _homes(wanted, votes, albums), _most(votes)
    staying = {
        album_id
        for album_id, album in albums.items()
        if album.missing > most[album_id] and not _has_home(album_id, homes, votes)
    }
    claims = _claims(votes, homes, albums)
    ids: list[int | None] = [None] * len(wanted)
    taken = set(staying)
    for album_id, index in claims:
        if ids[index] is None and album_id not in taken:
            ids[index] = album_id
            taken.add(album_id)
    for album_id, index in sorted(homes.items()):
        is_free = album_id in staying or (album_id not in taken and not most[album_id])
        own = albums[album_id].release_id
        if ids[index] is None and is_free and own in ("", wanted[index].release_id):
            ids[index] = album_id
            taken.add(album_id)
    # Reversed, so that of several claims of an album the first one is kept.
    replaced = {album_id: index for album_id, index in reversed(claims) if album_id not in taken}
    return KeptIds(ids, replaced)


def _claims(
    votes: Sequence[Mapping[int, int]],
    homes: Mapping[int, int],
    albums: Mapping[int, AlbumBefore],
) -> list[tuple[int, int]]:
    """Each album with each release that has tracks of it, those with most tracks first. Of equal
    ones the release that has the album's key comes first, then the lower id."""
    ranked = sorted(
        (
            -(count + (albums[album_id].missing if homes.get(album_id) == index else 0)),
            homes.get(album_id) != index,
            album_id,
            index,
        )
        for index, counts in enumerate(votes)
        for album_id, count in counts.items()
    )
    return [(album_id, index) for *_, album_id, index in ranked]


def _most(votes: Sequence[Mapping[int, int]]) -> Counter[int]:
    """Of each album, how many of its tracks went to the release that has most of them."""
    most = Counter[int]()
    for counts in votes:
        most |= Counter(counts)
    return most


def _has_home(album_id: int, homes: Mapping[int, int], votes: Sequence[Mapping[int, int]]) -> bool:
    """Whether a release that has the album's key has tracks of the album."""
    return album_id in homes and bool(votes[homes[album_id]].get(album_id))


def _homes(
    wanted: Sequence[Release],
    votes: Sequence[Mapping[int, int]],
    albums: Mapping[int, AlbumBefore],
) -> dict[int, int]:
    """Of each album the release that has its key; if several have it, the one with its release id,
    else the one that has most of its tracks."""
    with_key = defaultdict[str, list[int]](list)
    for index, each in enumerate(wanted):
        with_key[each.key].append(index)
    return {
        album_id: min(
            indices,
            key=lambda index: (
                wanted[index].release_id != album.release_id,
                -votes[index].get(album_id, 0),
                index,
            ),
        )
        for album_id, album in albums.items()
        if (indices := with_key.get(album.key))
    }
