"""The totals of playlists: how many entries they have, and how long they are."""

from collections.abc import Collection, Mapping, Sequence

from django.db.models import Count, F, FloatField, OuterRef, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from events.marks import raise_marks
from library.models.catalogue import Track
from library.queries.prepared import IsAmong, ids_value
from listening.changes import Area
from listening.models import LostItem, Playlist, PlaylistEntry
from listening.playlists.rights import viewers_of

Targets = Sequence[int]
"""What entries are of: the id of a track, or that of a lost item with a minus sign."""

ENTRY_DURATION = Coalesce(
    F("track__duration_s"), F("lost__duration_s"), Value(0.0), output_field=FloatField()
)


def totals(entries: QuerySet[PlaylistEntry]) -> tuple[int, float]:
    """The number and the duration of these entries."""
    found = entries.order_by().aggregate(number=Count("pk"), duration_s=Sum(ENTRY_DURATION))
    return found["number"], found["duration_s"] or 0.0


def add_to_totals(playlist: Playlist, number: int, duration_s: float) -> None:
    """Both are negative for entries that go. Does not save the playlist."""
    playlist.entry_count += number
    # Sums of fractions are not exact: an empty playlist takes no time.
    lasts_s = max(0.0, playlist.duration_s + duration_s)
    playlist.duration_s = lasts_s if playlist.entry_count else 0.0


def durations_of(targets: Targets) -> Mapping[int, float]:
    """The duration of each of these that is there."""
    track_ids = [each for each in targets if each > 0]
    lost_ids = [-each for each in targets if each < 0]
    tracks = Track.objects.filter(IsAmong(F("pk"), Value(ids_value(track_ids)))).order_by()
    found = dict(tracks.values_list("pk", "duration_s"))
    if lost_ids:
        lost = LostItem.objects.filter(IsAmong(F("pk"), Value(ids_value(lost_ids))))
        rows = lost.order_by().values_list("pk", "duration_s")
        found |= {-pk: duration_s or 0.0 for pk, duration_s in rows}
    return found


def tell_viewers(playlist_ids: Collection[int]) -> None:
    """Raise the marks of everybody who sees any of these playlists, in the caller's transaction.
    Marks come before entries and playlists in every transaction, so that no two wait for each
    other."""
    raise_marks(viewers_of(*Playlist.objects.filter(pk__in=[*playlist_ids])), Area.PLAYLISTS)


def recount(playlist_ids: Collection[int]) -> None:
    """Count these playlists anew, and give each a new version: their tracks were joined, purged,
    found again, or are longer than they were. Belongs into the transaction of that change, after
    it. A fixed number of queries, but for the marks of everybody who sees them."""
    if not playlist_ids:
        return
    tell_viewers(playlist_ids)
    live = PlaylistEntry.objects.filter(playlist=OuterRef("pk"), removed_at=None).order_by()
    counted = live.values("playlist").annotate(number=Count("pk"), duration_s=Sum(ENTRY_DURATION))
    Playlist.objects.filter(pk__in=[*playlist_ids]).order_by().update(
        entry_count=Coalesce(Subquery(counted.values("number")), 0),
        duration_s=Coalesce(Subquery(counted.values("duration_s")), 0.0),
        version=F("version") + 1,
    )


def recount_of_tracks(track_ids: Collection[int]) -> None:
    """`recount` the playlists that have any of these tracks."""
    entries = PlaylistEntry.objects.filter(track__in=[*track_ids], removed_at=None).order_by()
    recount({*entries.values_list("playlist_id", flat=True)})
