"""The endpoints for the state of a user's player: track, position, volume and modes.

The player loads the state when it opens, and saves it while it plays and when the page closes.
"""

from typing import Any

from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema
from pydantic import ConfigDict, Field

from api.answers import codes
from api.bodies import JSON, MULTIPART, TEXT, URLENCODED, described, read_body
from api.errors import invalid
from api.sessions import user_of
from api.values import Id
from asgi.json_responses import json_response
from library.models.catalogue import Track
from library.queries.prepared import PreparedQuery, given
from listening.models import PlayerState
from runtime.turns import write_in_turn

router = Router(tags=["player"])


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


class PlayerStateBody(Schema):
    """The state; the defaults if nothing was saved yet."""

    current_track_id: int | None
    progress_seconds: float
    volume_level: float
    is_muted: bool
    is_shuffle: bool
    is_repeat: bool
    is_repeat_one: bool


_FIELDS = tuple(PlayerStateBody.model_fields)
_state = PreparedQuery(
    lambda: PlayerState.objects.filter(user_id=given()).order_by().values_list(*_FIELDS)
)
_BEACON = (JSON, TEXT, URLENCODED, MULTIPART)
_REFUSALS = (400, 403, 413, 415, 422)


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
    return PlayerStateChange().model_dump()


def _save(request: HttpRequest, change: PlayerStateChange) -> None:
    """Save the given fields alone. Raises ApiError 422 if there is no such track."""
    given = change.model_dump(exclude_unset=True)
    if not given:
        return
    track_id = change.current_track_id
    no_track = invalid(f"current_track_id: there is no track {track_id}.")
    if track_id is not None and not Track.objects.filter(pk=track_id).exists():
        raise no_track
    user_id = user_of(request).pk
    try:
        write_in_turn(lambda: PlayerState.objects.save_fields(user_id, given))
    except IntegrityError:  # the track was purged a moment ago
        raise no_track from None
