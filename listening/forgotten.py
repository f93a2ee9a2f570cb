"""Albums that a user liked and has not heard for long."""

from collections.abc import Iterator
from datetime import timedelta
from heapq import nsmallest

from django.utils import timezone

from library.queries.albums import AlbumFilter
from library.queries.id_arrays import still_matching
from library.queries.orders import RandomOrder
from listening.favourites import all_favourited_at
from listening.play_totals import play_totals

LONG = timedelta(days=180)
MANY_PLAYS = 10
"""Whoever heard tracks of an album so often liked it."""


def forgotten_albums(user_id: int, seed: int, limit: int) -> list[int]:
    """Up to `limit` ids of favourite and much played albums that were not heard for half a year, in
    an order by `seed`."""
    in_order = RandomOrder(seed + 1)  # another one than that of all albums in random order
    # Twice as many, since some may have lost all their tracks.
    drawn = nsmallest(2 * limit, _forgotten(user_id), key=in_order.number_of)
    listed = still_matching(AlbumFilter(), drawn) if drawn else set()
    return [pk for pk in drawn if pk in listed][:limit]


def _forgotten(user_id: int) -> Iterator[int]:
    before = timezone.now() - LONG
    favourites, totals = all_favourited_at(user_id, "album"), play_totals(user_id, "album")
    for pk, total in totals.items():
        is_liked = total.plays >= MANY_PLAYS or pk in favourites
        if is_liked and total.last_played_at is not None and total.last_played_at < before:
            yield pk
    yield from (pk for pk, at in favourites.items() if pk not in totals and at < before)
