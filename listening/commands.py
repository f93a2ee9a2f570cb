"""What one device of a user asks another to do, such as to pause.

A command is valid for VALID_SECONDS by the server's clock: a device that was asleep does not begin
to play an hour later.
"""

from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from listening.changes import Area, change
from listening.devices import NoDevice, find_device, playing_device
from listening.models import Device, PlayerCommand

VALID_SECONDS = 30
MOST_WAITING = 100


class CommandName(StrEnum):
    PLAY = "play"
    PAUSE = "pause"
    NEXT = "next"
    PREVIOUS = "previous"
    SEEK = "seek"
    VOLUME = "volume"
    PLAY_INDEX = "play_index"
    TAKE_OVER = "take_over"


class TooManyCommands(Exception):
    """The devices of this user have not asked for so many commands yet."""


def send_command(
    user_id: int,
    name: CommandName,
    arguments: Mapping[str, Any],
    to: str | None = None,
    sender: str | None = None,
) -> PlayerCommand:
    """Ask the device with the key `to`, or the one that plays, to do it. `sender`: the key of the
    device that asks. Raises NoDevice, TooManyCommands."""

    def work(_: int) -> PlayerCommand:
        device = playing_device(user_id) if to is None else find_device(user_id, to)
        if device is None:
            raise NoDevice
        own = PlayerCommand.objects.filter(user=user_id)
        own.exclude(sent_at__gt=_oldest()).delete()
        if own.count() >= MOST_WAITING:
            raise TooManyCommands
        return PlayerCommand.objects.create(
            user_id=user_id,
            device=device,
            sender=Device.objects.filter(user=user_id, key=sender).first(),
            name=name,
            arguments=dict(arguments),
        )

    return change(user_id, work, Area.COMMANDS)


def commands_for(user_id: int, key: str, after: int) -> QuerySet[PlayerCommand]:
    """The valid commands for the device that came after the one with the id `after`."""
    valid = PlayerCommand.objects.filter(user=user_id, device__key=key, sent_at__gt=_oldest())
    return valid.filter(pk__gt=after).select_related("sender").order_by("pk")


def _oldest() -> Any:
    return timezone.now() - timedelta(seconds=VALID_SECONDS)
