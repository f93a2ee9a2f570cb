"""Places in playlists."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.db.models import QuerySet

from listening.followers.own_things import OwnThings, pointed
from listening.models import PlaylistEntry
from listening.playlists.counting import recount, recount_of_tracks, tell_viewers


class PlacesInPlaylists(OwnThings):
    """Each keeps its place. A track that two others became may stand in a playlist twice."""

    model = PlaylistEntry
    field_name = "track"
    noun = "place in a playlist"

    def replace(self, source: str, replaced: Mapping[int, int], target: str) -> int:
        entries = self.at(source, replaced.keys())
        playlist_ids = _playlists_of(entries)
        tell_viewers(playlist_ids)
        count = entries.update(**pointed(source, replaced, target))
        recount(playlist_ids)
        return count

    def part(self, remembered: Sequence[Any], living: int, parted: int) -> None:
        entries = self.pointing_at([living]).filter(pk__in=remembered)
        playlist_ids = _playlists_of(entries)
        tell_viewers(playlist_ids)
        super().part(remembered, living, parted)
        recount(playlist_ids)

    def change_lengths(self, ids: Collection[int]) -> None:
        recount_of_tracks(ids)

    def describe(self, count: int) -> str:
        return "1 place in a playlist" if count == 1 else f"{count:,} places in playlists"


def _playlists_of(entries: QuerySet[Any, Any]) -> set[int]:
    return {*entries.order_by().values_list("playlist_id", flat=True)}
