"""Changes of the entries of a playlist.

Entries are named by their ids, so that a change means the same whatever others did meanwhile. What
is removed is kept for a while, with its place: restoring it is exact.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.contrib.humanize.templatetags.humanize import intcomma
from django.db import connection
from django.db.models import F, QuerySet, Value
from django.utils import timezone
from django.utils.translation import gettext

from library.queries.prepared import IsAmong, ids_value
from listening.models import Playlist, PlaylistEntry
from listening.playlists.changing import change_playlist
from listening.playlists.counting import Targets, add_to_totals, durations_of, totals
from listening.playlists.places import Room, listed_sql, live_entries, move_to, room_for
from listening.playlists.refusals import Refused, TargetsGone
from listening.playlists.rights import check_entries_are_kept

MOST_ENTRIES = 100_000

_INSERT = """
INSERT INTO listening_playlistentry
    (playlist_id, track_id, lost_id, place, added_at, removed_at, added_by_id)
SELECT
    %s,
    CASE WHEN value > 0 THEN value END,
    CASE WHEN value < 0 THEN -value END,
    %s + %s * key, %s, NULL, %s
FROM {listed} AS listed
"""


@dataclass(frozen=True)
class Changed:
    """`entry_ids`: of the entries that were added, removed, restored or moved, in order. `known`:
    how many of the added tracks the playlist had already. Then what the playlist is now."""

    entry_ids: list[int]
    version: int
    entry_count: int
    known: int = 0


def add(
    user_id: int,
    playlist_id: int,
    targets: Targets,
    *,
    before: int | None = None,
    skips_known: bool = False,
    version: int | None = None,
    at: datetime | None = None,
) -> Changed:
    """Add entries before the one with the id `before`, or at the end. `skips_known`: leave out
    tracks that the playlist has already, or that are given twice. `at`: when the user did it, if
    that is told afterwards; what the user added at the same time already is not added again.

    The number of queries, and of rows that they read and write, does not depend on how many entries
    the playlist has. Raises what `change_playlist` does, Refused and Invalid.
    """

    def work(playlist: Playlist) -> Changed:
        check_entries_are_kept(playlist)
        if at and (ids := _added_at(playlist, user_id, at)):
            return Changed(ids, playlist.version, playlist.entry_count)
        added, known = _without_known(playlist, targets) if skips_known else (targets, None)
        if known is None:
            known_tracks = _known(playlist, targets)
            known = sum(each in known_tracks for each in targets)
        ids = insert(playlist, added, user_id, before, at=at)
        return Changed(ids, playlist.version, playlist.entry_count, known)

    return change_playlist(user_id, playlist_id, work, version=version)


def insert(
    playlist: Playlist,
    targets: Targets,
    user_id: int | None,
    before: int | None = None,
    *,
    needs_all: bool = False,
    at: datetime | None = None,
) -> list[int]:
    """Add entries to a playlist that the caller has locked and will save. Returns their ids; what
    is not there any more is left out. `needs_all`: raise TargetsGone instead of leaving anything
    out. `at`: since when they are in it; now, if it is not given. Raises Refused and Invalid."""
    durations = durations_of(targets)
    there = [each for each in targets if each in durations]
    if needs_all and len(there) < len(targets):
        raise TargetsGone
    _check_size(playlist, len(there))
    if not there:
        return []
    room = room_for(playlist.pk, len(there), before)
    _insert(playlist.pk, there, room, user_id, at or timezone.now())
    add_to_totals(playlist, len(there), sum(durations[each] for each in there))
    span = (room.first, room.last(len(there)))
    made = live_entries(playlist.pk).filter(place__range=span)
    return [*made.values_list("pk", flat=True)]


def remove(
    user_id: int, playlist_id: int, entry_ids: Sequence[int], *, version: int | None = None
) -> Changed:
    """Remove these of the playlist's entries; those that are gone already are no error."""

    def work(playlist: Playlist) -> Changed:
        check_entries_are_kept(playlist)
        return take_out(playlist, entry_ids)

    return change_playlist(user_id, playlist_id, work, version=version)


def take_out(playlist: Playlist, entry_ids: Sequence[int]) -> Changed:
    """Remove these entries of a playlist that the caller has locked and will save."""
    return _set_removed(playlist, live_entries(playlist.pk), entry_ids, is_removed=True)


def restore(
    user_id: int, playlist_id: int, entry_ids: Sequence[int], *, version: int | None = None
) -> Changed:
    """Put entries that were removed back to where they were."""

    def work(playlist: Playlist) -> Changed:
        check_entries_are_kept(playlist)
        removed = PlaylistEntry.objects.filter(playlist=playlist, removed_at__isnull=False)
        return _set_removed(playlist, removed, entry_ids, is_removed=False)

    return change_playlist(user_id, playlist_id, work, version=version)


def move(
    user_id: int,
    playlist_id: int,
    entry_ids: Sequence[int],
    before: int | None,
    *,
    version: int | None = None,
) -> Changed:
    """Move these entries, in the order in which they are given, before the one with the id
    `before`, or to the end. Those that are gone already are no error."""

    def work(playlist: Playlist) -> Changed:
        check_entries_are_kept(playlist)
        there = {*_among(live_entries(playlist.pk), entry_ids).values_list("pk", flat=True)}
        moved = [each for each in dict.fromkeys(entry_ids) if each in there]
        if moved:
            move_to(room_for(playlist.pk, len(moved), before, moved), moved)
        return Changed(moved, playlist.version, playlist.entry_count)

    return change_playlist(user_id, playlist_id, work, version=version)


def _known(playlist: Playlist, targets: Targets) -> set[int]:
    """Those of the tracks that the playlist has."""
    ids = Value(ids_value([each for each in targets if each > 0]))
    of_tracks = PlaylistEntry.objects.filter(IsAmong(F("track"), ids))
    found = of_tracks.filter(playlist=playlist, removed_at=None).order_by()
    return {*found.values_list("track_id", flat=True)}


def _without_known(playlist: Playlist, targets: Targets) -> tuple[Targets, int]:
    """What the playlist does not have yet, each once, and how many were left out."""
    known = _known(playlist, targets)
    new = [each for each in dict.fromkeys(targets) if each not in known]
    return new, len(targets) - len(new)


def _check_size(playlist: Playlist, number: int) -> None:
    if playlist.entry_count + number > MOST_ENTRIES:
        message = gettext(
            "A playlist has at most %(most)s entries. This one has %(count)s, and %(more)s more "
            "do not fit."
        )
        counts = {"most": MOST_ENTRIES, "count": playlist.entry_count, "more": number}
        shown = {name: intcomma(count) for name, count in counts.items()}
        raise Refused("too_many_entries", message % shown)


def _added_at(playlist: Playlist, user_id: int, at: datetime) -> list[int]:
    """The ids of what the user added at this very time, also of what was taken out since."""
    entries = PlaylistEntry.objects.filter(playlist=playlist, added_by=user_id, added_at=at)
    return [*entries.order_by("place", "id").values_list("pk", flat=True)]


def _insert(
    playlist_id: int, targets: Targets, room: Room, user_id: int | None, at: datetime
) -> None:
    added_at = connection.ops.adapt_datetimefield_value(at)
    parameters = [playlist_id, room.first, room.step, added_at, user_id, ids_value(targets)]
    with connection.cursor() as cursor:
        cursor.execute(_INSERT.format(listed=listed_sql()), parameters)


def _among(entries: QuerySet[PlaylistEntry], entry_ids: Sequence[int]) -> QuerySet[PlaylistEntry]:
    return entries.filter(IsAmong(F("pk"), Value(ids_value(entry_ids))))


def _set_removed(
    playlist: Playlist,
    entries: QuerySet[PlaylistEntry],
    entry_ids: Sequence[int],
    *,
    is_removed: bool,
) -> Changed:
    named = _among(entries, entry_ids).order_by("place", "id")
    ids = [*named.values_list("pk", flat=True)]
    number, duration_s = totals(named)
    sign = -1 if is_removed else 1
    if not is_removed:
        _check_size(playlist, number)
    named.order_by().update(removed_at=timezone.now() if is_removed else None)
    add_to_totals(playlist, sign * number, sign * duration_s)
    return Changed(ids, playlist.version, playlist.entry_count)
