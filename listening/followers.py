"""What becomes of a player's current track when the library joins, purges or adds tracks."""

from collections.abc import Collection

from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from library.followers import Follower
from library.models.catalogue import Track
from listening.models import NO_LOST_TRACK, PlayerState

DURATION_TOLERANCE_S = 0.5
"""A file that was converted or tagged anew may be a little longer than it was."""
_LOST_FACTS = {
    "lost_title": "title",
    "lost_artist": "artist",
    "lost_album": "album_title",
    "lost_duration_s": "duration_s",
    "lost_musicbrainz_recording_id": "musicbrainz_recording_id",
}
"""Columns of a player, and the column of the track that each of them keeps."""


class CurrentTrackFollower(Follower):
    """A player whose current track is purged remembers the track and the position in it. When a
    scan adds that track again, it is the player's current track again, at that position."""

    model = PlayerState
    field_name = "current_track"

    def purge(self, ids: Collection[int]) -> int:
        track = Track.objects.filter(pk=OuterRef("current_track"))
        facts = {name: Subquery(track.values(column)) for name, column in _LOST_FACTS.items()}
        return PlayerState.objects.filter(current_track__in=ids).update(
            current_track=None, lost_progress_seconds=F("progress_seconds"), **facts
        )

    def describe(self, count: int) -> str:
        return f"the current track of {count:,} player{'' if count == 1 else 's'}"

    def is_waiting(self) -> bool:
        return PlayerState.objects.waiting_for_track().exists()

    def link(self, added: Collection[int]) -> None:
        """One statement. Of several tracks that fit a player, it gets one with the same recording
        id, if any has it."""
        found = Track.objects.filter(_is_the_lost_one(), pk__in=added).order_by("pk")
        # Not by the order of one subquery: SQLite's ORDER BY cannot refer to the outer row.
        best = (found.filter(_is_same_recording()), found)
        PlayerState.objects.waiting_for_track().filter(Exists(found)).update(
            current_track=Coalesce(*(Subquery(each.values("pk")[:1]) for each in best)),
            progress_seconds=F("lost_progress_seconds"),
            **NO_LOST_TRACK,
        )


def _is_the_lost_one() -> Q:
    """The condition of tracks that are as long as the one an outer row lost, and have the same
    MusicBrainz recording id, or else the same title, artist and album."""
    has_same_tags = Q(
        title=OuterRef("lost_title"),
        artist=OuterRef("lost_artist"),
        album_title=OuterRef("lost_album"),
    )
    length = OuterRef("lost_duration_s")
    is_as_long = Q(
        duration_s__gte=length - DURATION_TOLERANCE_S,
        duration_s__lte=length + DURATION_TOLERANCE_S,
    )
    return is_as_long & (_is_same_recording() | has_same_tags)


def _is_same_recording() -> Q:
    recording_id = OuterRef("lost_musicbrainz_recording_id")
    return Q(musicbrainz_recording_id=recording_id) & ~Q(musicbrainz_recording_id="")
