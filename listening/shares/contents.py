"""What a share holds at the moment."""

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from django.db.models import F, Value

from library.models.catalogue import Track
from library.queries.prepared import IsAmong, ids_value
from listening.models import Share, ShareItem
from listening.playlists.contents import track_ids_of as tracks_of_playlist
from listening.playlists.rights import visible_to
from listening.playlists.sources import Sources, gather

MOST_TRACKS = 1_000
"""The page of a share, which is made as a whole, lists at most that many."""


def track_ids_of(share: Share, most: int = MOST_TRACKS) -> list[int]:
    """The present tracks of the share, each once, in the order of its items and of what these are.
    Of a playlist that the owner does not see any more, none."""
    found: dict[int, None] = {}
    items = share.items.filter(lost=None).values_list("track", "album", "playlist")
    for number, group in groupby(items.order_by("pk"), _kind):
        ids = [row[number] for row in group]
        for pk in _present(_gathered(share.user_id, number, ids)):
            found.setdefault(pk)
            if len(found) >= most:
                return [*found]
    return [*found]


def title_of(share: Share) -> str:
    """What the share is called: its description, else the one thing that it holds; empty if it
    holds several."""
    items = share.items.select_related("track", "album", "playlist", "lost").order_by("pk")[:2]
    return share.description or title_of_items([*items])


def title_of_items(items: Sequence[ShareItem]) -> str:
    """`items`: the first two at least."""
    return name_of(items[0]) if len(items) == 1 else ""


def name_of(item: ShareItem) -> str:
    return str(item.track or item.album or item.playlist or item.lost)


def _kind(row: Sequence[Any]) -> int:
    return next(number for number, pk in enumerate(row) if pk is not None)


def _gathered(user_id: int, number: int, ids: Sequence[int]) -> Sequence[int]:
    if number == 0:
        return ids
    if number == 1:
        return gather(user_id, Sources(album_ids=ids)).targets
    playlists = visible_to(user_id).in_bulk([*ids])
    return [pk for each in ids if each in playlists for pk in tracks_of_playlist(playlists[each])]


def _present(ids: Sequence[int]) -> list[int]:
    tracks = Track.objects.present().filter(IsAmong(F("pk"), Value(ids_value([*ids]))))
    present = {*tracks.order_by().values_list("pk", flat=True)}
    return [pk for pk in ids if pk in present]
