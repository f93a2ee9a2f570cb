"""Albums that a user has begun to hear and not finished."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby, pairwise

from django.utils import timezone

from library.models.catalogue import Track
from library.queries.orders import TRACK_ORDERS
from listening.kinds import among
from listening.models import Play

_LAST_PLAYS = 300
"""So many of the user's last plays are looked at."""
_FORGOTTEN_AFTER = timedelta(days=60)
"""An album that was left so long ago is not gone on with."""


@dataclass(frozen=True)
class BegunAlbum:
    """`next_track_id`: the one after the track heard last; it is number `next_place` of the
    `track_count` present tracks, counted from 1."""

    album_id: int
    next_track_id: int
    next_place: int
    track_count: int


def begun_albums(user_id: int, limit: int) -> list[BegunAlbum]:
    """Up to `limit` albums, that heard last first. An album is begun if its last two plays came one
    after the other, in its own order, and tracks are left. Two queries."""
    last = _last_two(user_id)
    tracks = _tracks_of(last)
    begun = (_begun(album_id, *two, tracks.get(album_id, [])) for album_id, two in last.items())
    return [each for each in begun if each][:limit]


def _last_two(user_id: int) -> dict[int, tuple[int, int]]:
    """The last two tracks heard of each album where nothing was heard between the two, by the
    album's id, the album heard last first. The track heard last is the first of two."""
    plays = Play.objects.filter(user=user_id, started_at__gte=timezone.now() - _FORGOTTEN_AFTER)
    newest = plays.order_by("-started_at", "-pk").values_list("track", "track__album")
    rows: list[tuple[int | None, int | None]] = [*newest[:_LAST_PLAYS]]
    found: dict[int, tuple[int, int] | None] = {}
    for (track_id, album_id), (before_id, album_before) in pairwise([*rows, (None, None)]):
        if track_id is None or album_id is None:
            continue
        two = None if before_id is None or album_before != album_id else (track_id, before_id)
        found.setdefault(album_id, two)
    return {album_id: last_two for album_id, last_two in found.items() if last_two}


def _tracks_of(album_ids: Collection[int]) -> Mapping[int, list[int]]:
    """The present tracks of these albums in their order."""
    if not album_ids:
        return {}
    tracks = Track.objects.present().filter(among("album", album_ids))
    in_order = tracks.order_by("album", *TRACK_ORDERS["album"].terms)
    rows = in_order.values_list("album", "pk")
    return {album_id: [pk for _, pk in of] for album_id, of in groupby(rows, lambda row: row[0])}


def _begun(album_id: int, last: int, before: int, tracks: list[int]) -> BegunAlbum | None:
    if last not in tracks or before not in tracks:
        return None
    place = tracks.index(last) + 1
    if tracks.index(before) >= place - 1 or place == len(tracks):
        return None
    return BegunAlbum(album_id, tracks[place], place + 1, len(tracks))
