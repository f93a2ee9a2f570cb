"""The queue of a user as apps save it that know nothing of its number: the same queue as that of
the user's browsers.

Such an app saves its whole queue again and again while it plays. As long as the entries stay the
same, only the place in them changes, and no browser has to fetch the queue again.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.utils import timezone

from library.models.catalogue import Track
from listening.changes import Area, change
from listening.devices import device_id_of
from listening.kinds import among, until_rows_stay
from listening.models import PlayQueue
from listening.queues import (
    QueueChange,
    Sender,
    entries_text,
    living_entries,
    save_queue,
    set_player,
    track_ids_of,
)
from runtime.turns import write_in_turn


@dataclass(frozen=True)
class AppQueue:
    """The present tracks of a queue. `index`: of the current one; None if there is none.
    `changed_by`: the name of a browser or an app."""

    track_ids: Sequence[int] = ()
    index: int | None = None
    position_s: float = 0.0
    changed_at: datetime | None = None
    changed_by: str = ""


def app_queue(user_id: int) -> AppQueue:
    """The current queue. Tracks that are missing or purged are left out: if the current one is, the
    next one is current, from its beginning."""
    queue = _current(user_id).select_related("changed_by").first()
    if queue is None:
        return AppQueue()
    track_ids = track_ids_of(queue)
    tracks = Track.objects.present().filter(among("pk", {*track_ids})).order_by()
    present = {*tracks.values_list("pk", flat=True)}
    shown = [pk for pk in track_ids if pk in present]
    is_there = track_ids[queue.index : queue.index + 1] != [] and track_ids[queue.index] in present
    before = sum(pk in present for pk in track_ids[: queue.index])
    return AppQueue(
        shown,
        min(before, len(shown) - 1) if shown else None,
        queue.position_s if is_there else 0.0,
        queue.changed_at,
        queue.changed_by.name if queue.changed_by else "",
    )


def save_app_queue(
    user_id: int, app: str, track_ids: Sequence[int], index: int, position_s: float
) -> None:
    """Make this the queue of all of the user's devices. The one before becomes an earlier one if it
    was that of another device, or quite another one."""
    ids = living_entries(track_ids)
    move = _Move(user_id, app, ids, index, position_s)
    if not until_rows_stay(move.save):
        given = QueueChange(
            track_ids=ids,
            original=None,
            index=index,
            position_s=position_s,
            is_made_by_hand=False,
            based_on=0,
            age_s=0,
            keeps_earlier=_is_another(user_id, ids),
        )
        save_queue(Sender(user_id, None, "", app), given)


@dataclass(frozen=True)
class _Move:
    """A change of the place in a queue whose entries stay the same."""

    user_id: int
    app: str
    track_ids: Sequence[int]
    index: int
    position_s: float

    def save(self) -> bool:
        """Returns whether the current queue has these entries. Browsers are told of another current
        track, and not that time has passed."""
        index = self._same().values_list("index", flat=True).first()
        if index is None:
            return False
        if index == self.index:
            return write_in_turn(self._store)
        return change(self.user_id, lambda _: self._store(), Area.PLAYER)

    def _same(self) -> QuerySet[PlayQueue]:
        return _current(self.user_id).filter(entries=entries_text(self.track_ids))

    def _store(self) -> bool:
        queue = self._same().defer("entries").first()
        if queue is None:  # another request has replaced it a moment ago
            return False
        queue.index, queue.position_s = self.index, self.position_s
        queue.changed_at = timezone.now()
        queue.changed_by_id = device_id_of(self.user_id, None, "", self.app)
        queue.save(update_fields=["index", "position_s", "changed_at", "changed_by"])
        set_player(queue, self.track_ids)
        return True


def _current(user_id: int) -> QuerySet[PlayQueue]:
    return PlayQueue.objects.filter(user=user_id, is_current=True)


def _is_another(user_id: int, track_ids: Sequence[int]) -> bool:
    """Whether the queue has less than half of the tracks of the current one."""
    entries = _current(user_id).values_list("entries", flat=True).first()
    before = {*json.loads(entries or "[]")}
    return 2 * len(before & {*track_ids}) < len(before)
