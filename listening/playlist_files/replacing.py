"""Replaces the entries of a playlist by others, and keeps the rows of those that are in both."""

from bisect import bisect_left
from collections import defaultdict, deque
from collections.abc import Sequence
from typing import NamedTuple

from django.db import connection
from django.db.models import F, Value
from django.utils import timezone

from library.queries.prepared import IsAmong, ids_value
from library.scanning.upsert import Update, Upsert
from listening.models import Playlist, PlaylistEntry
from listening.playlists.counting import Targets, durations_of, totals
from listening.playlists.places import GAP, live_entries
from listening.playlists.refusals import TargetsGone

_COLUMNS = ("playlist_id", "track_id", "lost_id", "place", "added_at", "added_by_id")
_NEW = Upsert(PlaylistEntry, _COLUMNS)
_PLACES = Update(PlaylistEntry, ("place",))


class Row(NamedTuple):
    """An entry as it is stored; see `Targets`."""

    pk: int
    target: int
    place: int


class Plan(NamedTuple):
    """`added`: what the new entries are of, with their places. `moved`: the new places of entries,
    by their ids. `removed`: ids of entries."""

    added: list[tuple[int, int]]
    moved: dict[int, int]
    removed: list[int]


def replace_entries(
    playlist: Playlist, targets: Targets, user_id: int | None, *, can_be_undone: bool = False
) -> None:
    """Make these the entries of a playlist that the caller has locked and will save.
    `can_be_undone`: keep those that go for a while, as if the user had removed them. Raises
    TargetsGone."""
    if not durations_of(targets).keys() >= {*targets}:
        raise TargetsGone
    plan = plan_of([*_stored(playlist.pk)], targets)
    removed = PlaylistEntry.objects.filter(IsAmong(F("pk"), Value(ids_value(plan.removed))))
    if can_be_undone:
        removed.filter(playlist=playlist).update(removed_at=timezone.now())
    else:
        removed.filter(playlist=playlist).delete()
    _PLACES.execute([(place, pk) for pk, place in plan.moved.items()])
    now = connection.ops.adapt_datetimefield_value(timezone.now())
    _NEW.execute(
        [
            (
                playlist.pk,
                target if target > 0 else None,
                -target if target < 0 else None,
                *(place, now, user_id),
            )
            for target, place in plan.added
        ]
    )
    playlist.entry_count, playlist.duration_s = totals(live_entries(playlist.pk))


def plan_of(stored: Sequence[Row], targets: Targets) -> Plan:
    """What has to be done with `stored`, which is in order. It moves as few as possible."""
    rows = _rows_of(stored, targets)
    staying = _longest_in_order(rows)
    places = _places(rows, staying)
    kept = {row.pk for row in rows if row is not None}
    return Plan(
        added=[
            (target, place)
            for target, row, place in zip(targets, rows, places, strict=True)
            if row is None
        ],
        moved={
            row.pk: place
            for row, place in zip(rows, places, strict=True)
            if row is not None and row.place != place
        },
        removed=[row.pk for row in stored if row.pk not in kept],
    )


def _stored(playlist_id: int) -> list[Row]:
    rows = live_entries(playlist_id).values_list("pk", "track_id", "lost_id", "place")
    return [Row(pk, track_id or -lost_id, place) for pk, track_id, lost_id, place in rows]


def _rows_of(stored: Sequence[Row], targets: Targets) -> list[Row | None]:
    """For each target a stored entry of it, each once; None where there is none (left)."""
    left = defaultdict[int, deque[Row]](deque)
    for row in stored:
        left[row.target].append(row)
    return [left[target].popleft() if left.get(target) else None for target in targets]


def _longest_in_order(rows: Sequence[Row | None]) -> set[int]:
    """The indexes of the most rows whose places rise: these need not be moved."""
    ends: list[int] = []  # the lowest place in which a run of each length ends
    indexes: list[int] = []  # where that is
    before: dict[int, int | None] = {}
    for index, row in enumerate(rows):
        if row is None:
            continue
        length = bisect_left(ends, row.place)
        before[index] = indexes[length - 1] if length else None
        ends[length : length + 1] = [row.place]
        indexes[length : length + 1] = [index]
    staying: set[int] = set()
    at = indexes[-1] if indexes else None
    while at is not None:
        staying.add(at)
        at = before[at]
    return staying


def _places(rows: Sequence[Row | None], staying: set[int]) -> list[int]:
    """The place of each entry. All are counted anew if there is no room between two that stay."""
    places: list[int] = []
    waiting, last = 0, 0
    for index, row in enumerate(rows):
        waiting += 1
        if index not in staying or row is None:
            continue
        step = (row.place - last) // waiting
        if step <= 0:
            return [GAP * number for number in range(1, len(rows) + 1)]
        places += [last + step * number for number in range(1, waiting)]
        places.append(row.place)
        waiting, last = 0, row.place
    places += [last + GAP * number for number in range(1, waiting + 1)]
    return places
