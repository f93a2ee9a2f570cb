"""The queue of each user: the current one, which all devices of the user share, and earlier ones.

A device sends the whole queue and says which one its change is based on. If another device has
changed the queue since, the later change wins whole, and the other queue becomes an earlier one.
"""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import NamedTuple

from django.db import IntegrityError
from django.db.models import QuerySet
from django.db.models.functions import Left
from django.utils import timezone

from library.models.catalogue import Track
from library.queries.tombstones import find_living, living_ids
from listening.changes import Area, change
from listening.devices import device_id_of
from listening.models import PlayerState, PlayQueue

MOST_ENTRIES = 100_000
MOST_EARLIER = 20
FIRST_TITLES = 3
_IDS_AT_ONCE = 5_000
_BEGIN_CHARACTERS = 64  # of `[7,8,9,…]`: ids have at most 18 digits
_FIRST_IDS = re.compile(r"\d+(?=[,\]])")


class NoQueue(LookupError):
    """The user has no such earlier queue."""


@dataclass(frozen=True, kw_only=True)
class QueueChange:
    """The queue as a device has it now.

    `original`: of a shuffled queue, for each entry its place in the order before; else None.
    `position_s`: in the current entry; None if the device does not know better than the server.
    `based_on`: the number of the queue that the device changed; 0 if it knew none.
    `age_s`: how long ago it was changed. Not a time: a device's clock may be wrong.
    `keeps_earlier`: the queue of before is worth keeping, since this is another one.
    """

    track_ids: Sequence[int]
    original: Sequence[int] | None
    index: int
    position_s: float | None
    is_made_by_hand: bool
    based_on: int
    age_s: float
    keeps_earlier: bool


class SavedQueue(NamedTuple):
    """What became of a change. `number`: of the queue that is current now. `is_current`: whether
    that is the one of the change, or a later one. `earlier_id`: of the queue that became an earlier
    one, if any did."""

    number: int
    is_current: bool
    earlier_id: int | None


class Sender(NamedTuple):
    """The device that asks; `key` is None for a program that does not name itself. `app`: the name
    of an app that has no key, but a name."""

    user_id: int
    key: str | None
    user_agent: str
    app: str = ""


def current_queue(user_id: int) -> PlayQueue | None:
    return PlayQueue.objects.filter(user=user_id, is_current=True).first()


def current_version(user_id: int) -> tuple[int, int, float]:
    """The number, the index and the position of the current queue. One small query."""
    rows = PlayQueue.objects.filter(user=user_id, is_current=True)
    return rows.values_list("number", "index", "position_s").first() or (0, 0, 0.0)


def track_ids_of(queue: PlayQueue) -> list[int]:
    """The ids of its tracks. A track that was joined with another since, or came back after a
    purge, is listed with the id that it has now."""
    return living_entries(json.loads(queue.entries))


def original_of(queue: PlayQueue) -> list[int] | None:
    return json.loads(queue.original) if queue.original else None


def earlier_queues(user_id: int) -> QuerySet[PlayQueue]:
    """The latest first, without their entries."""
    queues = PlayQueue.objects.filter(user=user_id, is_current=False)
    return queues.defer("entries", "original").order_by("-replaced_at", "-pk")[:MOST_EARLIER]


def first_titles(queues: Sequence[PlayQueue]) -> dict[int, list[str]]:
    """The titles of the first tracks of each queue, by the queue's id. Two queries: only the begin
    of the entries is read, since there may be many."""
    begins = PlayQueue.objects.filter(pk__in=[queue.pk for queue in queues])
    texts = begins.values_list("pk", Left("entries", _BEGIN_CHARACTERS))
    ids = {
        pk: [int(each) for each in _FIRST_IDS.findall(text)[:FIRST_TITLES]] for pk, text in texts
    }
    wanted = {each for each_ids in ids.values() for each in each_ids}
    titles = dict(Track.objects.filter(pk__in=wanted).order_by().values_list("pk", "title"))
    return {pk: [titles[each] for each in found if each in titles] for pk, found in ids.items()}


def earlier_queue(user_id: int, queue_id: int) -> PlayQueue | None:
    return PlayQueue.objects.filter(user=user_id, is_current=False, pk=queue_id).first()


def save_queue(sender: Sender, given: QueueChange) -> SavedQueue:
    """Make the queue current, together with the track and the position of the user's player; or, if
    another device changed the queue later, keep it as an earlier one."""
    for _ in range(2):
        try:
            return _changed(sender, given)
        except IntegrityError:  # the current track was purged or joined a moment ago
            continue
    return _changed(sender, given)


def take_up(sender: Sender, queue_id: int) -> PlayQueue:
    """Make an earlier queue current; the current one becomes an earlier one. Raises NoQueue."""

    def work(number: int) -> PlayQueue:
        earlier = PlayQueue.objects.filter(user=sender.user_id, is_current=False, pk=queue_id)
        queue = earlier.first()
        if queue is None:
            raise NoQueue(queue_id)
        current = _current_row(sender.user_id)
        if current is not None:
            _retire_or_delete(current)
        queue.is_current, queue.replaced_at = True, None
        queue.number, queue.changed_at = number, timezone.now()
        queue.changed_by_id = device_id_of(*sender)
        queue.save()
        _remove_too_old(sender.user_id)
        set_player(queue, json.loads(queue.entries))
        return queue

    return change(sender.user_id, work, Area.QUEUE, Area.PLAYER)


def _changed(sender: Sender, given: QueueChange) -> SavedQueue:
    return change(
        sender.user_id,
        lambda number: _Change(sender, given, number).save(),
        *(Area.QUEUE, Area.PLAYER),
    )


class _Change:
    """A change that is stored in the caller's transaction, with the user's change number."""

    def __init__(self, sender: Sender, given: QueueChange, number: int) -> None:
        self.given = given
        self.user_id = sender.user_id
        self.device_id = device_id_of(*sender)
        self.number = number
        self.now = timezone.now()
        self.changed_at = self.now - timedelta(seconds=max(given.age_s, 0))
        self.track_ids = living_entries(given.track_ids)
        self.entries = entries_text(self.track_ids)
        self.current = _current_row(self.user_id)

    def save(self) -> SavedQueue:
        current = self.current
        if current is None:
            return self._replace(None)
        is_other = current.number != self.given.based_on and not self._is_own(current)
        is_same = PlayQueue.objects.filter(pk=current.pk, entries=self.entries).exists()
        if is_other and not is_same and self.changed_at < current.changed_at:
            return self._keep_as_earlier(current)
        is_kept = is_other or (self.given.keeps_earlier and _is_worth_keeping(current))
        return self._replace(current if is_kept and not is_same else None)

    def _is_own(self, current: PlayQueue) -> bool:
        """Whether this device made the current queue: then it does not know yet that its last
        change arrived."""
        return self.device_id is not None and current.changed_by_id == self.device_id

    def _replace(self, kept: PlayQueue | None) -> SavedQueue:
        """Make the queue the current one. `kept`: the current one, if it becomes an earlier one."""
        earlier_id = None
        row = self.current or PlayQueue(user_id=self.user_id)
        if kept is not None and kept.entry_count:
            earlier_id = _retire(kept, self.now)
            row = PlayQueue(user_id=self.user_id)
        self._fill(row, self.number, self._position_s(kept or self.current))
        row.save()
        self._forget_same()
        _remove_too_old(self.user_id)
        set_player(row, self.track_ids)
        return SavedQueue(self.number, is_current=True, earlier_id=earlier_id)

    def _keep_as_earlier(self, current: PlayQueue) -> SavedQueue:
        row = PlayQueue(user_id=self.user_id, is_current=False, replaced_at=self.now)
        self._fill(row, self.given.based_on, self.given.position_s or 0)
        row.title = _title_of(row, self.track_ids)
        earlier_id = None
        if row.entry_count:
            self._forget_same()
            row.save()
            earlier_id = row.pk
            _remove_too_old(self.user_id)
        return SavedQueue(current.number, is_current=False, earlier_id=earlier_id)

    def _fill(self, row: PlayQueue, number: int, position_s: float) -> None:
        given = self.given
        row.entries, row.entry_count = self.entries, len(self.track_ids)
        row.original = "" if given.original is None else entries_text(given.original)
        row.index, row.position_s = given.index, position_s
        row.is_made_by_hand = given.is_made_by_hand
        row.number, row.changed_at, row.changed_by_id = number, self.changed_at, self.device_id

    def _position_s(self, before: PlayQueue | None) -> float:
        """That of the device, or, if it does not say and the track stays, that of before."""
        if self.given.position_s is not None:
            return self.given.position_s
        state = PlayerState.objects.filter(user=self.user_id)
        here = state.values_list("current_track_id", "progress_seconds").first()
        if before is None or here is None or not self.track_ids:
            return 0.0
        return here[1] if here[0] == self.track_ids[self.given.index] else 0.0

    def _forget_same(self) -> None:
        """The same tracks in the same order need not be listed among the earlier queues too."""
        same = PlayQueue.objects.filter(user=self.user_id, is_current=False, entries=self.entries)
        same.delete()


def _current_row(user_id: int) -> PlayQueue | None:
    rows = PlayQueue.objects.filter(user=user_id, is_current=True)
    return rows.defer("entries", "original").first()


def _is_worth_keeping(queue: PlayQueue) -> bool:
    """Other than a single track that was chosen from a list."""
    return queue.entry_count > 1 or (queue.is_made_by_hand and queue.entry_count > 0)


def _retire_or_delete(current: PlayQueue) -> None:
    if _is_worth_keeping(current):
        _retire(current, timezone.now())
    else:
        current.delete()


def _retire(current: PlayQueue, now: datetime) -> int:
    """The current queue becomes an earlier one, at the player's position. Returns its id."""
    entries = PlayQueue.objects.values_list("entries", flat=True).get(pk=current.pk)
    current.is_current, current.replaced_at = False, now
    current.title = _title_of(current, json.loads(entries))
    current.save(update_fields=["is_current", "replaced_at", "title"])
    return current.pk


def _title_of(queue: PlayQueue, track_ids: Sequence[int]) -> str:
    current = track_ids[queue.index : queue.index + 1]
    titles = Track.objects.filter(pk__in=current).values_list("title", flat=True)
    return titles.first() or ""


def _remove_too_old(user_id: int) -> None:
    earlier = PlayQueue.objects.filter(user=user_id, is_current=False)
    kept = earlier.order_by("-replaced_at", "-pk").values_list("pk", flat=True)[:MOST_EARLIER]
    earlier.exclude(pk__in=[*kept]).delete()


def set_player(queue: PlayQueue, track_ids: Sequence[int]) -> None:
    """The player of the user stands at the current entry of the queue."""
    tracks = Track.objects.order_by().values_list("pk", flat=True)
    wanted = track_ids[queue.index] if track_ids else None
    found = wanted and find_living(Track, wanted, lambda pk: tracks.filter(pk=pk).first())
    PlayerState.objects.save_fields(
        queue.user_id,
        {
            "current_track_id": found or None,
            "progress_seconds": queue.position_s,
            "is_shuffle": bool(queue.original),
        },
    )


def living_entries(track_ids: Sequence[int]) -> list[int]:
    """The ids that these tracks have now, of those that were joined with others."""
    different = iter(set(track_ids))
    living: dict[int, int] = {}
    while portion := [*islice(different, _IDS_AT_ONCE)]:
        living |= living_ids(Track, portion)
    return [living.get(each, each) for each in track_ids] if living else list(track_ids)


def entries_text(numbers: Sequence[int]) -> str:
    """As a queue stores its entries."""
    return json.dumps(list(numbers), separators=(",", ":"))
