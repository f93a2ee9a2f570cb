"""Where entries stand: a place is a number, and between two entries there is room for others.

Entries that were removed keep their places, so that they can be restored there. Two entries may
have the same place if one of them was removed when the other came; then the older one comes first.
"""

from collections.abc import Sequence
from typing import NamedTuple

from django.db import connection
from django.db.models import F, Q, QuerySet, Value
from django.utils.translation import gettext

from library.queries.prepared import IsAmong, ids_value
from listening.models import PlaylistEntry
from listening.playlists.refusals import Invalid

GAP = 2**32
_LIMIT = 2**62
"""Places beyond it, which only billions of changes reach, are counted anew."""

_RENUMBER = """
UPDATE listening_playlistentry SET place = counted.number * %s
FROM (
    SELECT id, ROW_NUMBER() OVER (ORDER BY place, id) AS number
    FROM listening_playlistentry WHERE playlist_id = %s
) AS counted
WHERE counted.id = listening_playlistentry.id AND playlist_id = %s
"""
_LISTED = {
    "sqlite": "(SELECT value, key FROM JSON_EACH(%s))",
    "postgresql": "(SELECT value, number - 1 AS key FROM UNNEST(%s::BIGINT[])"
    " WITH ORDINALITY AS given (value, number))",
}
_MOVE = """
UPDATE listening_playlistentry SET place = %s + %s * listed.key
FROM {listed} AS listed WHERE listening_playlistentry.id = listed.value
"""


class Room(NamedTuple):
    """Places for several entries: the first, and the distance from each to the next."""

    first: int
    step: int

    def last(self, number: int) -> int:
        return self.first + self.step * (number - 1)


def live_entries(playlist_id: int) -> QuerySet[PlaylistEntry]:
    """The entries that were not removed, in order."""
    entries = PlaylistEntry.objects.filter(playlist=playlist_id, removed_at=None)
    return entries.order_by("place", "id")


def room_for(playlist_id: int, number: int, before: int | None, moved: Sequence[int] = ()) -> Room:
    """Room for `number` entries before the entry with the id `before`, or at the end.

    `moved`: the ids of entries that leave their places for these. `before` may be one that was
    removed: what stood behind it is meant. If there is no room, all places are counted anew.

    Raises Invalid if the playlist never had this entry.
    """
    for _ in range(2):
        room = _room(playlist_id, number, before, moved)
        if room and room.first > -_LIMIT and room.last(number) < _LIMIT:
            return room
        _renumber(playlist_id)
    raise AssertionError("there is room after places were counted anew")


def listed_sql() -> str:
    """A table of one parameter, a list of ids: each `value` with its `key`, counted from 0."""
    return _LISTED[connection.vendor]


def move_to(room: Room, entry_ids: Sequence[int]) -> None:
    """Give these entries the places of `room`, in their order."""
    with connection.cursor() as cursor:
        parameters = [room.first, room.step, ids_value(entry_ids)]
        cursor.execute(_MOVE.format(listed=listed_sql()), parameters)


def _room(playlist_id: int, number: int, before: int | None, moved: Sequence[int]) -> Room | None:
    staying = live_entries(playlist_id)
    if moved:
        staying = staying.exclude(IsAmong(F("pk"), Value(ids_value(moved))))
    if before is None:
        return Room((_first(staying.reverse()) or 0) + GAP, GAP)
    above, pk = _place_of(playlist_id, before)
    is_below = Q(place__lt=above) | Q(pk__lt=pk)
    last = _first(staying.filter(is_below, place__lte=above).reverse())
    if last is None:
        return Room(above - GAP * number, GAP)
    step = (above - last) // (number + 1)
    return Room(last + step, step) if step else None


def _place_of(playlist_id: int, entry_id: int) -> tuple[int, int]:
    entries = PlaylistEntry.objects.filter(playlist=playlist_id, pk=entry_id)
    found = entries.values_list("place", "pk").first()
    if found is None:
        raise Invalid(gettext("before: this playlist has no entry %(id)s.") % {"id": entry_id})
    return found


def _first(entries: QuerySet[PlaylistEntry]) -> int | None:
    return entries.values_list("place", flat=True).first()


def _renumber(playlist_id: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_RENUMBER, [GAP, playlist_id, playlist_id])
