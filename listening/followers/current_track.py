"""What becomes of a player's current track when the library joins, purges or adds tracks."""

from collections.abc import Collection

from django.db.models import Exists, F, Model, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from library.followers import Follower, Newcomers, Revision
from library.models.catalogue import Track
from listening.lost.facts import READ_TOLERANCE_S
from listening.models import NO_LOST_TRACK, PlayerState

_LOST_FACTS = {
    "lost_title": "title",
    "lost_artist": "artist",
    "lost_album": "album_title",
    "lost_duration_s": "duration_s",
    "lost_musicbrainz_recording_id": "musicbrainz_recording_id",
    "lost_audio_digest": "audio_digest",
}
"""Columns of a player, and the column of the track that each of them keeps."""


class CurrentTrackFollower(Follower):
    """A player whose current track is purged remembers the track and the position in it. When a
    scan adds that track again, with whatever name and tags, it is the player's current track again,
    at that position. When two tracks become one, the player stands at the one that stays; when a
    person parts them, at the one where it stood before."""

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


class CurrentTrackNewcomers(Newcomers):
    """Gives players the tracks back that they lost."""

    def is_waiting(self, model: type[Model]) -> bool:
        return model is Track and PlayerState.objects.waiting_for_track().exists()

    def link(self, _model: type[Model], added: Collection[int], _revision: Revision, /) -> None:
        """One statement. Of several tracks that fit a player, it gets one with the same sound and
        title, else one with the same sound, else one with the same recording id, if any has it."""
        found = Track.objects.filter(_is_the_lost_one(), pk__in=added).order_by("pk")
        # Not by the order of one subquery: SQLite's ORDER BY cannot refer to the outer row.
        has_sound = found.filter(_is_same_sound())
        has_title = has_sound.filter(title=OuterRef("lost_title"))
        best = (has_title, has_sound, found.filter(_is_same_recording()), found)
        PlayerState.objects.waiting_for_track().filter(Exists(found)).update(
            current_track=Coalesce(*(Subquery(each.values("pk")[:1]) for each in best)),
            progress_seconds=F("lost_progress_seconds"),
            **NO_LOST_TRACK,
        )


def _is_the_lost_one() -> Q:
    """The condition of tracks that have the sound of the one that an outer row lost; or that are as
    long, and have the same MusicBrainz recording id, or else the same title, artist and album."""
    has_same_tags = Q(
        title=OuterRef("lost_title"),
        artist=OuterRef("lost_artist"),
        album_title=OuterRef("lost_album"),
    )
    length = OuterRef("lost_duration_s")
    is_as_long = Q(
        duration_s__gte=length - READ_TOLERANCE_S,
        duration_s__lte=length + READ_TOLERANCE_S,
    )
    return _is_same_sound() | (is_as_long & (_is_same_recording() | has_same_tags))


def _is_same_sound() -> Q:
    return Q(audio_digest=OuterRef("lost_audio_digest")) & ~Q(audio_digest="")


def _is_same_recording() -> Q:
    recording_id = OuterRef("lost_musicbrainz_recording_id")
    return Q(musicbrainz_recording_id=recording_id) & ~Q(musicbrainz_recording_id="")
