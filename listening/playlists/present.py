"""Playlists as apps show them that know present tracks alone: missing and lost ones are neither
listed nor counted."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, QuerySet, Sum

from library.models.catalogue import Track
from listening.kinds import among
from listening.models import Playlist, PlaylistEntry, Sharing
from listening.playlists.contents import smart_contents
from listening.playlists.counting import ENTRY_DURATION
from listening.playlists.rows import kept_summary, playlist_rows

Totals = tuple[int, float]


@dataclass(frozen=True, kw_only=True)
class PresentPlaylist:
    """A playlist as a user sees it. `cover_ids`: of up to four pictures that make its cover."""

    pk: int
    name: str
    description: str
    owner: str
    is_public: bool
    is_readonly: bool
    count: int
    duration_s: float
    cover_ids: Sequence[str]
    created_at: datetime
    changed_at: datetime


def present_playlists(user_id: int, ids: Sequence[int], state: str) -> list[PresentPlaylist]:
    """These playlists, in their order. `state`: of the library. The number of queries does not
    depend on how many they are; smart ones are worked out one by one, and kept while nothing
    changes that they ask for."""
    rows = playlist_rows(user_id, ids, state)
    _work_out([row for row in rows if row["is_smart"]], state)
    hidden = _hidden([row["id"] for row in rows if not row["is_smart"]])
    cover_ids = _cover_ids({pk for row in rows for pk in row["cover_track_ids"]})
    return [_present(row, hidden.get(row["id"], (0, 0.0)), cover_ids) for row in rows]


def _present(row: dict[str, Any], hidden: Totals, cover_ids: dict[int, str]) -> PresentPlaylist:
    return PresentPlaylist(
        pk=row["id"],
        name=row["name"],
        description=row["description"],
        owner=row["owner"],
        is_public=row["sharing"] != Sharing.PRIVATE,
        is_readonly=row["is_smart"] or not row["can_write"] or row["source"] is not None,
        count=row["entry_count"] - hidden[0],
        duration_s=max(row["duration_s"] - hidden[1], 0.0),
        cover_ids=[cover_ids[pk] for pk in row["cover_track_ids"] if pk in cover_ids],
        created_at=row["created_at"],
        changed_at=row["changed_at"],
    )


def _work_out(rows: list[dict[str, Any]], state: str) -> None:
    playlists = Playlist.objects.in_bulk([row["id"] for row in rows]) if rows else {}
    for row in rows:
        row.update(entry_count=0, duration_s=0.0)
        if (playlist := playlists.get(row["id"])) is not None:
            contents = smart_contents(playlist, state)
            row.update(kept_summary(contents, contents.own_state))


def _hidden(playlist_ids: Sequence[int]) -> dict[int, Totals]:
    """How many entries of these playlists are of no present track, and how long they are. Few are,
    and an index finds them."""
    if not playlist_ids:
        return {}
    missing = Track.objects.missing().order_by().values("pk")
    found: dict[int, Totals] = {}
    entries = PlaylistEntry.objects.filter(among("playlist", playlist_ids), removed_at=None)
    for some in (entries.filter(lost__isnull=False), entries.filter(track__in=missing)):
        for playlist_id, count, duration_s in _counted(some):
            before = found.get(playlist_id, (0, 0.0))
            found[playlist_id] = (before[0] + count, before[1] + duration_s)
    return found


def _counted(entries: QuerySet[PlaylistEntry]) -> QuerySet[Any, Any]:
    counted = entries.order_by().values("playlist")
    totals = counted.annotate(number=Count("pk"), duration_s=Sum(ENTRY_DURATION))
    return totals.values_list("playlist", "number", "duration_s")


def _cover_ids(track_ids: set[int]) -> dict[int, str]:
    tracks = Track.objects.filter(among("pk", track_ids)).order_by()
    return dict(tracks.values_list("pk", "cover_id"))
