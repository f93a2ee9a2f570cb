"""The endpoints for a user's devices, which play and steer each other."""

import re
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext
from ninja import Query, Router, Schema
from pydantic import AfterValidator, AwareDatetime, ConfigDict, Field

from api.answers import codes
from api.bodies import JSON, described, read_body
from api.errors import ApiError, invalid, not_found
from api.sessions import user_of
from api.values import MAX_INTEGER, WITHOUT_NUL, Id, Parameters, one_of
from asgi.json_responses import json_response
from listening.commands import (
    MOST_WAITING,
    VALID_SECONDS,
    CommandName,
    TooManyCommands,
    commands_for,
    send_command,
)
from listening.devices import (
    MOST_NAME_LENGTH,
    NoDevice,
    devices_of,
    forget,
    is_away,
    rename,
    report,
    shown_name,
)
from listening.models import Device, PlayerCommand
from listening.queues import MOST_ENTRIES, Sender

router = Router(tags=["player"])

KEY_PATTERN = "^[A-Za-z0-9_-]{8,64}$"
DeviceKey = Annotated[
    str,
    Field(pattern=KEY_PATTERN, description="The random key by which the device names itself."),
]
Seconds = Annotated[float, Field(ge=0, le=10**9, allow_inf_nan=False)]
Level = Annotated[float, Field(ge=0, le=1)]


def _trimmed(text: str) -> str:
    if not text.strip():
        raise ValueError("should not be empty")
    return text.strip()


class DeviceState(Schema):
    """What a device plays, or would play next. `position_s` is where it is now."""

    model_config = ConfigDict(extra="forbid")

    track_id: Id | None = None
    position_s: Seconds = 0
    duration_s: Seconds = 0
    volume_level: Level = 1
    is_muted: bool = False


class DeviceReport(Schema):
    """A field that is left out keeps its value."""

    model_config = ConfigDict(extra="forbid")

    is_playing: bool = False
    state: DeviceState | None = None


class DeviceChange(Schema):
    model_config = ConfigDict(extra="forbid")

    name: Annotated[str, Field(max_length=MOST_NAME_LENGTH), WITHOUT_NUL, AfterValidator(_trimmed)]


class DeviceName(Schema):
    key: str
    name: str


class DeviceRow(DeviceName):
    is_named_by_hand: bool = Field(description="false: guessed from the User-Agent header.")
    is_playing: bool
    is_away: bool = Field(description="It has not been heard of for more than a minute.")
    last_seen_at: AwareDatetime
    playing_since: AwareDatetime | None
    state: DeviceState
    state_age_s: float | None = Field(
        description="How long ago it told `state`. While it plays, its position has passed on."
    )


class DeviceList(Schema):
    devices: list[DeviceRow] = Field(description="The last seen first.")
    plays: str | None = Field(description="The key of the one that plays.")


class CommandBody(Schema):
    model_config = ConfigDict(extra="forbid")

    name: one_of([*CommandName])  # type: ignore[valid-type]
    to: DeviceKey | None = Field(default=None, description="null: the device that plays.")
    device: DeviceKey | None = Field(default=None, description="The device that asks.")
    position_s: Seconds | None = Field(default=None, description="For `seek`.")
    volume_level: Level | None = Field(default=None, description="For `volume`.")
    is_muted: bool | None = Field(default=None, description="For `volume`.")
    index: Annotated[int, Field(ge=0, lt=MOST_ENTRIES)] | None = Field(
        default=None, description="For `play_index`: of the entry of the queue to play."
    )


class CommandRow(Schema):
    id: int
    name: str
    arguments: dict[str, Any]
    sent_by: DeviceName | None
    sent_at: AwareDatetime


class CommandParameters(Parameters):
    device: DeviceKey
    after: Annotated[int, Field(ge=0, le=MAX_INTEGER)] = 0


class CommandList(Schema):
    commands: list[CommandRow] = Field(description="The oldest first.")


_ARGUMENTS = {
    CommandName.SEEK: ("position_s",),
    CommandName.PLAY_INDEX: ("index",),
    CommandName.VOLUME: ("volume_level", "is_muted"),
}


@router.get("player/devices", response=codes({200: DeviceList}), summary="List the devices")
def list_devices(request: HttpRequest) -> HttpResponse:
    """The browsers and apps by which the user has played. One is forgotten 90 days after it was
    last seen, and when there are more than fifty."""
    rows = [_row(device) for device in devices_of(user_of(request).pk)]
    playing = sorted((row["playing_since"], row["key"]) for row in rows if row["is_playing"])
    return json_response({"devices": rows, "plays": playing[-1][1] if playing else None})


@router.put(
    "player/devices/{key}",
    response=codes({200: DeviceRow}, 400, 403, 415, 422),
    openapi_extra=described(DeviceReport, JSON),
    summary="Say what a device plays",
)
def put_device(request: HttpRequest, key: str) -> HttpResponse:
    """The device is there, and plays or does not. An unknown one is added. To be sent whenever that
    changes, and every 20 seconds. When it begins to play, no other device counts as playing."""
    _check_key(key)
    body = read_body(request, DeviceReport, JSON)
    user_agent = request.headers.get("User-Agent", "")
    given = body.model_dump(exclude_unset=True)
    return json_response(_row(report(user_of(request).pk, key, user_agent, given)))


@router.patch(
    "player/devices/{key}",
    response=codes({200: DeviceRow}, 400, 403, 404, 415, 422),
    openapi_extra=described(DeviceChange, JSON),
    summary="Rename a device",
)
def rename_device(request: HttpRequest, key: str) -> HttpResponse:
    """Until then it has a name that is guessed from its User-Agent header."""
    name = read_body(request, DeviceChange, JSON).name
    try:
        return json_response(_row(rename(user_of(request).pk, key, name)))
    except NoDevice:
        raise _no_device(key) from None


@router.delete(
    "player/devices/{key}", response=codes({204: None}, 403, 404), summary="Forget a device"
)
def forget_device(request: HttpRequest, key: str) -> HttpResponse:
    """It comes back, with a guessed name, when it is used again."""
    try:
        forget(user_of(request).pk, key)
    except NoDevice:
        raise _no_device(key) from None
    return HttpResponse(status=204)


@router.post(
    "player/commands",
    response=codes({200: CommandRow}, 400, 403, 404, 409, 415, 422, 429),
    openapi_extra=described(CommandBody, JSON),
    summary="Steer a device",
)
def post_command(request: HttpRequest) -> HttpResponse:
    """Ask the device that plays, or the one named by `to`, to do something. It is told by an event
    `changed` with the name `commands`. A command that it does not get within 30 seconds is void."""
    body = read_body(request, CommandBody, JSON)
    arguments = _arguments(body)
    try:
        command = send_command(
            user_of(request).pk, CommandName(body.name), arguments, to=body.to, sender=body.device
        )
    except NoDevice:
        if body.to is not None:
            raise _no_device(body.to) from None
        message = gettext("No device of yours plays now; name the one to steer in `to`.")
        raise ApiError(409, "nothing_plays", message) from None
    except TooManyCommands:
        message = gettext("%(count)d commands wait already; try again in %(seconds)d seconds.") % {
            "count": MOST_WAITING,
            "seconds": VALID_SECONDS,
        }
        raise ApiError(429, "too_many_commands", message) from None
    return json_response(_command(command))


@router.get("player/commands", response=codes({200: CommandList}, 422), summary="Get commands")
def list_commands(request: HttpRequest, parameters: Query[CommandParameters]) -> HttpResponse:
    """What `device` is asked to do, after the command with the id `after`."""
    found = commands_for(user_of(request).pk, parameters.device, parameters.after)
    return json_response({"commands": [_command(command) for command in found]})


def sender_of(request: HttpRequest, key: str | None) -> Sender:
    return Sender(user_of(request).pk, key, request.headers.get("User-Agent", ""))


def named(device: Device | None) -> dict[str, str] | None:
    return None if device is None else {"key": device.key, "name": shown_name(device)}


def _row(device: Device) -> dict[str, Any]:
    state = dict(device.state)
    told_at = state.pop("at", None)
    age_s = None if told_at is None else max(timezone.now().timestamp() - told_at, 0.0)
    fields = ("key", "is_named_by_hand", "last_seen_at", "playing_since")
    return {
        **{name: getattr(device, name) for name in fields},
        "name": shown_name(device),
        "is_playing": device.is_playing and not is_away(device),
        "is_away": is_away(device),
        "state": {**DeviceState().model_dump(), **state},
        "state_age_s": age_s,
    }


def _command(command: PlayerCommand) -> dict[str, Any]:
    return {
        **{name: getattr(command, name) for name in ("id", "name", "arguments", "sent_at")},
        "sent_by": named(command.sender),
    }


def _arguments(body: CommandBody) -> dict[str, Any]:
    """The arguments of the command. Raises ApiError 422 for one that is missing or does not belong
    to it."""
    given = body.model_dump(exclude_none=True, exclude={"name", "to", "device"})
    allowed = _ARGUMENTS.get(body.name, ())
    for name in given.keys() - set(allowed):
        raise invalid(f"{name}: the command {body.name} does not take it.")
    if allowed and not given:
        raise invalid(f"{allowed[0]}: is missing; the command {body.name} needs it.")
    return given


def _check_key(key: str) -> None:
    """Raises ApiError 422."""
    if not re.fullmatch(KEY_PATTERN, key):
        raise invalid(f"The key of a device should match {KEY_PATTERN}; found {key[:80]!a}.")


def _no_device(key: str) -> ApiError:
    return not_found(gettext("There is no device %(key)s.") % {"key": ascii(key[:64])})
