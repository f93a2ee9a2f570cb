"""Who is credited on the tracks of a page, in every role."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from django.db.models import F, QuerySet

from library.models.catalogue import TrackArtist
from library.queries.prepared import IsAmong, PreparedQuery, given, ids_value


class Credited(NamedTuple):
    """An artist's role in a track. `instrument`: what a performer plays; empty if not known."""

    role: str
    artist_id: int
    name: str
    instrument: str


def credits_of(track_ids: Sequence[int]) -> dict[int, list[Credited]]:
    """The credits of each of these tracks that has any, those of a role in the file's order. One
    query."""
    found: dict[int, list[Credited]] = {}
    for track_id, *credit in _rows.rows(ids_value(track_ids)):
        found.setdefault(track_id, []).append(Credited(*credit))
    return found


def _of_tracks() -> QuerySet[Any, Any]:
    rows = TrackArtist.objects.filter(IsAmong(F("track"), given()))
    in_order = rows.order_by("track", "role", "position")
    return in_order.values_list("track", "role", "artist", "artist__name", "instrument")


_rows = PreparedQuery(_of_tracks)
