"""Saves where a user's player stands: track, position, volume, modes and the place in the queue.

The place in the queue belongs to one queue, whose number the device names: a place in a queue that
another device has replaced means nothing, and nothing of such a change is saved.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.db.models import QuerySet

from listening.changes import Area, change
from listening.devices import apply_report, find_or_make
from listening.models import Device, PlayerState, PlayQueue
from listening.queues import Sender
from runtime.turns import write_in_turn

POSITION = "progress_seconds"


class OtherQueue(Exception):
    """The queue is another one by now; `number` is its number, 0 if there is none."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


class NoEntry(Exception):
    """The queue has no entry with this index; `entry_count` is how many it has."""

    def __init__(self, entry_count: int) -> None:
        super().__init__(entry_count)
        self.entry_count = entry_count


@dataclass(frozen=True, kw_only=True)
class StateChange:
    """`fields`: those of `PlayerState` to save. `queue_number`, `queue_index`: the place in the
    queue; None if the device says nothing of it. `is_playing`: whether the device plays."""

    fields: Mapping[str, Any]
    queue_number: int | None = None
    queue_index: int | None = None
    is_playing: bool | None = None


def save_state(sender: Sender, given: StateChange) -> None:
    """Save it in one transaction. Other devices of the user are told, unless only the position
    passed on.

    Raises OtherQueue, NoEntry; IntegrityError where there is no such track.
    """
    save = partial(_save, sender, given)
    if _only_position(given):
        write_in_turn(save)
        return
    areas = _changed_areas(sender, given)
    if areas:
        change(sender.user_id, lambda _: save(), *areas)
    else:
        write_in_turn(save)


def _only_position(given: StateChange) -> bool:
    return given.fields.keys() <= {POSITION} and given.queue_index is given.is_playing is None


def _changed_areas(sender: Sender, given: StateChange) -> list[Area]:
    """What the other devices of the user show otherwise after this change."""
    areas = list[Area]()
    others = {name: value for name, value in given.fields.items() if name != POSITION}
    here = _current(sender.user_id)
    is_at_entry = given.queue_index is None or here.filter(index=given.queue_index).exists()
    states = PlayerState.objects.filter(user=sender.user_id)
    if not is_at_entry or (others and not states.filter(**others).exists()):
        areas.append(Area.PLAYER)
    if given.is_playing is not None and sender.key is not None:
        devices = Device.objects.filter(user=sender.user_id, key=sender.key)
        if not devices.filter(is_playing=given.is_playing).exists():
            areas.append(Area.DEVICES)
    return areas


def _save(sender: Sender, given: StateChange) -> None:
    if given.queue_number is not None:
        _save_place(sender.user_id, given)
    if given.fields:
        PlayerState.objects.save_fields(sender.user_id, given.fields)
    if given.is_playing is not None and sender.key is not None:
        device = find_or_make(sender.user_id, sender.key, sender.user_agent)
        apply_report(device, {"is_playing": given.is_playing})


def _save_place(user_id: int, given: StateChange) -> None:
    number, entry_count = _current(user_id).values_list("number", "entry_count").first() or (0, 0)
    if number != given.queue_number:
        raise OtherQueue(number)
    changed: dict[str, Any] = {}
    if given.queue_index is not None:
        if given.queue_index >= max(entry_count, 1):
            raise NoEntry(entry_count)
        changed["index"] = given.queue_index
    if POSITION in given.fields:
        changed["position_s"] = given.fields[POSITION]
    # Another request may have replaced the queue meanwhile.
    if changed and not _current(user_id).filter(number=number).update(**changed):
        raise OtherQueue(_current(user_id).values_list("number", flat=True).first() or 0)


def _current(user_id: int) -> QuerySet[PlayQueue]:
    return PlayQueue.objects.filter(user=user_id, is_current=True)
