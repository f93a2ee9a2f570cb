"""What a share holds at the moment.

Anybody who has the link asks for this, so it stops at `most` tracks: albums are looked up some at a
time, and playlists one by one.
"""

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

from django.db.models import F, Sum, Value

from library.models.catalogue import Track
from library.queries.prepared import IsAmong, ids_value
from listening.models import Share, ShareItem
from listening.playlists.contents import targets_of
from listening.playlists.rights import sees, visible_to
from listening.playlists.sources import tracks_of_albums

MOST_TRACKS = 1_000
"""A page of a share lists at most that many, and so do apps."""
MOST_TRACKS_IN_ALL = 20_000
"""The pages of a share list at most that many together."""
_ALBUMS_AT_ONCE = 20


def track_ids_of(share: Share, most: int = MOST_TRACKS) -> list[int]:
    """The present tracks of the share, each once, in the order of its items and of what these are.
    Of a playlist that the owner does not see any more, none."""
    found: dict[int, None] = {}
    for ids in _tracks_by_parts(share):
        found.update(dict.fromkeys(_present(ids)))
        if len(found) >= most:
            break
    return [*found][:most]


def length_of(track_ids: Sequence[int]) -> float:
    """How long these tracks take together, in seconds."""
    tracks = Track.objects.filter(IsAmong(F("pk"), Value(ids_value([*track_ids]))))
    seconds: float = tracks.aggregate(seconds=Sum("duration_s", default=0.0))["seconds"]
    return seconds


def title_of(share: Share) -> str:
    """What the share is called: its description, else the one thing that it holds; empty if it
    holds several."""
    columns = ("track", "album", "playlist__user", "lost")
    items = share.items.select_related(*columns).order_by("pk")[:2]
    return share.description or title_of_items(share, [*items])


def title_of_items(share: Share, items: Sequence[ShareItem]) -> str:
    """`items`: the first two at least."""
    return name_of(share, items[0]) if len(items) == 1 else ""


def name_of(share: Share, item: ShareItem) -> str:
    """Empty for a playlist that the owner of the share does not see any more."""
    if item.playlist and not sees(share.user_id, item.playlist):
        return ""
    return str(item.track or item.album or item.playlist or item.lost)


def _tracks_by_parts(share: Share) -> Iterator[Sequence[int]]:
    items = share.items.filter(lost=None).values_list("track", "album", "playlist")
    for number, group in groupby(items.order_by("pk"), _kind):
        ids = [row[number] for row in group]
        yield from (_tracks, _of_albums, _of_playlists)[number](share, ids)


def _kind(row: Sequence[Any]) -> int:
    return next(number for number, pk in enumerate(row) if pk is not None)


def _tracks(_: Share, ids: Sequence[int]) -> Iterator[Sequence[int]]:
    yield ids


def _of_albums(_: Share, ids: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(ids), _ALBUMS_AT_ONCE):
        some = ids[start : start + _ALBUMS_AT_ONCE]
        found = tracks_of_albums(some)
        yield [pk for album in some for pk in found.get(album, ())]


def _of_playlists(share: Share, ids: Sequence[int]) -> Iterator[Sequence[int]]:
    playlists = visible_to(share.user_id).in_bulk([*ids])
    for pk in ids:
        if pk in playlists:
            yield targets_of(playlists[pk])


def _present(ids: Sequence[int]) -> list[int]:
    """Those of `ids` that are present tracks; entries that are lost have negative numbers."""
    tracks = Track.objects.present().filter(IsAmong(F("pk"), Value(ids_value([*ids]))))
    present = {*tracks.order_by().values_list("pk", flat=True)}
    return [pk for pk in ids if pk in present]
