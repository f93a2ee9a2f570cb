"""The endpoints for the state of a user's player: track, position, volume and modes.

The player loads the state when it opens, and saves it while it plays and when the page closes.
"""

from contextlib import suppress
from typing import Annotated, Any

from django.db import IntegrityError
from django.db.models import OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from ninja import Router, Schema
from pydantic import ConfigDict, Field

from api.answers import codes
from api.bodies import JSON, MULTIPART, TEXT, URLENCODED, described, read_body
from api.errors import ApiError, invalid
from api.player_devices import DeviceKey, sender_of
from api.sessions import user_of
from api.values import MAX_INTEGER, Id
from asgi.json_responses import json_response
from library.models.catalogue import Track
from library.queries.prepared import PreparedQuery, given
from library.queries.tombstones import find_living
from listening.models import PlayerState, PlayQueue
from listening.player_state import NoEntry, OtherQueue, StateChange, save_state
from listening.queues import MOST_ENTRIES, Sender

router = Router(tags=["player"])

QueueNumber = Annotated[int, Field(ge=0, le=MAX_INTEGER)]
QueueIndex = Annotated[int, Field(ge=0, lt=MOST_ENTRIES)]


class PlayerStateChange(Schema):
    """The fields to save; a field that is left out keeps its value."""

    model_config = ConfigDict(extra="forbid")

    current_track_id: Id | None = Field(default=None, description="null: none.")
    progress_seconds: float = Field(default=0.0, ge=0, allow_inf_nan=False)
    volume_level: float = Field(default=1.0, ge=0, le=1)
    is_muted: bool = False
    is_shuffle: bool = False
    is_repeat: bool = False
    is_repeat_one: bool = Field(
        default=False, description="With `is_repeat`: repeat the current track, not the queue."
    )
    queue_number: QueueNumber | None = Field(
        default=None,
        description="The `number` of the queue that the track is in: the change is refused (409) "
        "if the queue is another one by now.",
    )
    queue_index: QueueIndex | None = Field(
        default=None, description="Of the entry that is current; with `queue_number`."
    )
    device: DeviceKey | None = None
    is_playing: bool | None = Field(default=None, description="Whether `device` plays.")


class PlayerStateBody(Schema):
    """The state; the defaults if nothing was saved yet."""

    current_track_id: int | None
    progress_seconds: float
    volume_level: float
    is_muted: bool
    is_shuffle: bool
    is_repeat: bool
    is_repeat_one: bool
    queue_number: int = Field(description="Of the current queue; 0: there is none.")
    queue_index: int = Field(description="Of the current entry of the queue.")


_OF_QUEUE = ("queue_number", "queue_index")
_SAVED = (*_OF_QUEUE, "device", "is_playing")
_FIELDS = tuple(PlayerStateBody.model_fields)
_queue = PlayQueue.objects.filter(user=OuterRef("user"), is_current=True)
_state = PreparedQuery(
    lambda: (
        PlayerState.objects.filter(user_id=given())
        .order_by()
        .annotate(
            queue_number=Coalesce(Subquery(_queue.values("number")), 0),
            queue_index=Coalesce(Subquery(_queue.values("index")), 0),
        )
        .values_list(*_FIELDS)
    )
)
_UNTOUCHED = {**PlayerStateChange().model_dump(exclude={*_SAVED}), **dict.fromkeys(_OF_QUEUE, 0)}
_BEACON = (JSON, TEXT, URLENCODED, MULTIPART)
_REFUSALS = (400, 403, 409, 413, 415, 422)


@router.get("player/state", response=codes({200: PlayerStateBody}), summary="Get the state")
def get_player_state(request: HttpRequest) -> HttpResponse:
    """The state of the logged-in user's player."""
    return json_response(_state_of(request))


@router.put(
    "player/state",
    response=codes({200: PlayerStateBody}, *_REFUSALS),
    openapi_extra=described(PlayerStateChange, JSON),
    summary="Save the state",
)
def put_player_state(request: HttpRequest) -> HttpResponse:
    """Save the fields of the body; a field that is left out keeps its value."""
    _save(request, read_body(request, PlayerStateChange, JSON))
    return json_response(_state_of(request))


@router.post(
    "player/state",
    response=codes({200: PlayerStateBody}, *_REFUSALS),
    openapi_extra=described(PlayerStateChange, *_BEACON),
    summary="Save the state as the page closes",
)
def post_player_state(request: HttpRequest) -> HttpResponse:
    """The same for `navigator.sendBeacon`, which cannot set headers. The body may be a form with
    the CSRF token in the field `csrfmiddlewaretoken`."""
    _save(request, read_body(request, PlayerStateChange, *_BEACON))
    return json_response(_state_of(request))


def _state_of(request: HttpRequest) -> dict[str, Any]:
    for row in _state.rows(user_of(request).pk):
        return dict(zip(_FIELDS, row, strict=True))
    return _UNTOUCHED


def _save(request: HttpRequest, body: PlayerStateChange) -> None:
    """Save the given fields alone. Raises ApiError 422 if there is no such track or entry, 409 if
    the queue is another one by now."""
    _check(body)
    fields = body.model_dump(exclude_unset=True, exclude={*_SAVED})
    if not fields and body.queue_index is body.is_playing is None:
        return
    track_id = body.current_track_id
    sender = sender_of(request, body.device)
    for _ in range(2):
        if track_id is not None:
            fields["current_track_id"] = _present_id(track_id)
        change = StateChange(
            fields=fields,
            queue_number=body.queue_number,
            queue_index=body.queue_index,
            is_playing=body.is_playing,
        )
        with suppress(IntegrityError):  # the track was purged or joined with another a moment ago
            _save_once(sender, change)
            return
    raise _no_track(track_id)


def _save_once(sender: Sender, change: StateChange) -> None:
    try:
        save_state(sender, change)
    except OtherQueue as other:
        message = gettext("The queue was changed meanwhile: its number is %(number)d now.") % {
            "number": other.number
        }
        raise ApiError(409, "queue_changed", message) from None
    except NoEntry as error:
        raise invalid(
            f"queue_index: the queue has {error.entry_count} entries, so that it has no entry "
            f"{change.queue_index}."
        ) from None


def _check(body: PlayerStateChange) -> None:
    if body.queue_index is not None and body.queue_number is None:
        raise invalid("queue_number: is missing; queue_index is a place in the queue it names.")
    if body.is_playing is not None and body.device is None:
        raise invalid("device: is missing; is_playing says whether that device plays.")


def _present_id(track_id: int) -> int:
    """The id of this track, or of the one that it was joined with. Raises ApiError 422."""
    tracks = Track.objects.order_by().values_list("pk", flat=True)
    found = find_living(Track, track_id, lambda pk: tracks.filter(pk=pk).first())
    if found is None:
        raise _no_track(track_id)
    return found


def _no_track(track_id: int | None) -> ApiError:
    return invalid(gettext("current_track_id: there is no track %(id)s.") % {"id": track_id})
