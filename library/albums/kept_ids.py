"""Which album keeps which id: ids last, whatever becomes of titles and folders."""

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from library.albums.releases import Release


class KeptIds(NamedTuple):
    """`ids`: of each release the id that it keeps; None for a new album. `replaced`: of each album
    that no release keeps, the release (its index) that most of its tracks went to."""

    ids: list[int | None]
    replaced: dict[int, int]


def keep_ids(wanted: Sequence[Release]) -> KeptIds:
    """A release keeps the id that most of its tracks had, the lower one of two equals; an id goes
    to the release that has most of its tracks."""
    votes = [
        Counter(member.album_id for member in each.members if member.album_id) for each in wanted
    ]
    claims = sorted(
        (-count, album_id, index)
        for index, of in enumerate(votes)
        for album_id, count in of.items()
    )
    ids: list[int | None] = [None] * len(wanted)
    taken: set[int] = set()
    for _, album_id, index in claims:
        if ids[index] is None and album_id not in taken:
            ids[index] = album_id
            taken.add(album_id)
    replaced: dict[int, int] = {}
    for _, album_id, index in claims:
        if album_id not in taken:
            replaced.setdefault(album_id, index)
    return KeptIds(ids, replaced)
