"""Where users left long tracks.

The player sets bookmarks itself in tracks of twenty minutes and more, so that they go on where they
were left. Users set them in any track. Each user has at most one in a track.
"""

from collections.abc import Collection
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.db.models import F, QuerySet
from django.utils import timezone

from library.models.catalogue import Track
from library.queries.prepared import IsAmong, PreparedQuery, given, ids_value
from library.queries.tombstones import find_living
from listening.changes import Area, change
from listening.kinds import NoSuchTrack, until_rows_stay
from listening.models import Bookmark, LostKind
from listening.removed import forget_removed, note_removed

AUTOMATIC_FROM_S = 20 * 60.0
_END_S, _END_PART = 15.0, 0.01
WHAT = "bookmark"
MOST_LISTED = 1_000
LONGEST_COMMENT = 2_000


class TooShort(Exception):
    """The player sets no bookmark of its own in a track of less than AUTOMATIC_FROM_S."""


@dataclass(frozen=True, kw_only=True)
class Position:
    """What a client asks to keep. `is_by_hand`: see `listening.models.Bookmark`."""

    position_s: float
    comment: str | None = None
    is_by_hand: bool = True


def _positions_of_tracks() -> QuerySet[Any, Any]:
    bookmarks = Bookmark.objects.filter(user=given()).filter(IsAmong(F("track"), given()))
    return bookmarks.order_by().values_list("track", "position_s")


_positions = PreparedQuery(_positions_of_tracks)


def bookmarks_of(user_id: int) -> list[Bookmark]:
    """Those that changed last first; at most MOST_LISTED."""
    bookmarks = Bookmark.objects.filter(user=user_id).order_by("-changed_at", "-pk")
    return list(bookmarks[:MOST_LISTED])


def positions_in(user_id: int, track_ids: Collection[int]) -> dict[int, float]:
    """Where the user's bookmarks are, in seconds, of those of these tracks that have one."""
    return dict(_positions.rows(user_id, ids_value([*track_ids])))


def bookmark_in(user_id: int, track_id: int) -> Bookmark | None:
    return Bookmark.objects.filter(user=user_id, track=track_id).first()


def is_near_end(position_s: float, duration_s: float) -> bool:
    """Whether hardly anything is left of the track: 15 seconds, of long ones a hundredth."""
    return position_s >= duration_s - max(_END_S, duration_s * _END_PART)


def set_bookmark(user_id: int, track: Track, wanted: Position) -> Bookmark | None:
    """The user's bookmark in this track from now on.

    One that the player sets itself is not kept near the end, and does not replace one set by hand.
    Raises TooShort, and IntegrityError if the track was deleted a moment ago.
    """
    if wanted.is_by_hand:
        return change(user_id, partial(_write, user_id, track, wanted), Area.BOOKMARKS)
    if track.duration_s < AUTOMATIC_FROM_S:
        raise TooShort
    if (by_hand := _set_by_hand(user_id, track)) is not None:
        return by_hand
    if is_near_end(wanted.position_s, track.duration_s):
        remove_bookmark(user_id, track.pk)
        return None
    return change(user_id, partial(_write, user_id, track, wanted), Area.BOOKMARKS)


def set_bookmark_at(user_id: int, track_id: int, wanted: Position) -> None:
    """The same by the id of a track, also of one that was joined with another. Raises NoSuchTrack
    and TooShort."""

    def attempt() -> None:
        set_bookmark(user_id, _track(track_id), wanted)

    until_rows_stay(attempt)


def remove_bookmark_at(user_id: int, track_id: int) -> None:
    """Remove the bookmark in the track of this id, also of one that was joined with another or
    purged. Raises NoSuchTrack; nothing happens if there is no bookmark."""
    if not remove_lost_bookmark(user_id, track_id):
        remove_bookmark(user_id, _track(track_id).pk)


def remove_bookmark(user_id: int, track_id: int) -> None:
    """Nothing happens if there is none."""
    if Bookmark.objects.filter(user=user_id, track=track_id).exists():
        change(user_id, partial(_remove, user_id, track_id), Area.BOOKMARKS)


def remove_lost_bookmark(user_id: int, former_id: int) -> bool:
    """Remove the bookmark in a track that was purged, when it had this id. Returns whether there
    was one."""
    if not _lost(user_id, former_id).exists():
        return False
    change(user_id, partial(_remove_lost, user_id, former_id), Area.BOOKMARKS)
    return True


def _track(track_id: int) -> Track:
    found = find_living(Track, track_id, lambda pk: Track.objects.filter(pk=pk).first())
    if found is None:
        raise NoSuchTrack(track_id)
    return found


def _lost(user_id: int, former_id: int) -> QuerySet[Bookmark]:
    kind = LostKind.TRACK
    return Bookmark.objects.filter(user=user_id, lost__kind=kind, lost__former_id=former_id)


def _set_by_hand(user_id: int, track: Track) -> Bookmark | None:
    return Bookmark.objects.filter(user=user_id, track=track, is_by_hand=True).first()


def _write(user_id: int, track: Track, wanted: Position, number: int) -> Bookmark:
    if not wanted.is_by_hand and (by_hand := _set_by_hand(user_id, track)) is not None:
        return by_hand  # it was set a moment ago
    now = timezone.now()
    values = {
        "position_s": min(wanted.position_s, track.duration_s or wanted.position_s),
        "is_by_hand": wanted.is_by_hand,
        "changed_at": now,
        "number": number,
    }
    if wanted.comment is not None:
        values["comment"] = wanted.comment
    # The user's change number is locked, so no other request writes this row meanwhile.
    bookmark, _ = Bookmark.objects.update_or_create(
        user_id=user_id, track=track, defaults=values, create_defaults={**values, "created_at": now}
    )
    forget_removed(user_id, WHAT, "track", [track.pk])
    return bookmark


def _remove(user_id: int, track_id: int, number: int) -> None:
    if Bookmark.objects.filter(user=user_id, track=track_id).delete()[0]:
        note_removed(user_id, WHAT, "track", [track_id], number)


def _remove_lost(user_id: int, former_id: int, number: int) -> None:
    if _lost(user_id, former_id).delete()[0]:
        note_removed(user_id, WHAT, "track", [former_id], number)
