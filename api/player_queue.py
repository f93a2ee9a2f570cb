"""The endpoints for the queue of a user, which all of the user's browsers and apps share."""

from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from django.utils.translation import get_language, gettext
from django.views.decorators.gzip import gzip_page
from ninja import Path, Router, Schema
from ninja.decorators import decorate_view
from pydantic import AwareDatetime, ConfigDict, Field

from api.answers import codes
from api.bodies import JSON, described, read_body
from api.errors import ApiError, invalid, not_found
from api.player_devices import DeviceKey, DeviceName, named, sender_of
from api.sessions import user_of
from api.values import MAX_INTEGER, Id
from asgi.json_responses import json_response
from library.queries.revision import library_revision
from listening.models import PlayQueue
from listening.queues import (
    MOST_ENTRIES,
    NoQueue,
    QueueChange,
    current_queue,
    current_version,
    earlier_queue,
    earlier_queues,
    first_titles,
    original_of,
    save_queue,
    take_up,
    track_ids_of,
)
from runtime.version import VERSION

router = Router(tags=["player"])

Number = Annotated[int, Field(ge=0, le=MAX_INTEGER)]
Place = Annotated[int, Field(ge=0, lt=MOST_ENTRIES)]


class QueueBody(Schema):
    """The queue as a client sends it."""

    model_config = ConfigDict(extra="forbid")

    track_ids: list[Id] = Field(
        max_length=MOST_ENTRIES, description="In the order in which they are played."
    )
    index: Place = Field(default=0, description="Of the current entry.")
    position_s: float | None = Field(
        default=None,
        ge=0,
        allow_inf_nan=False,
        description="In the current entry; null leaves it where it is, if the track stays.",
    )
    original: list[Place] | None = Field(
        default=None,
        max_length=MOST_ENTRIES,
        description="Of a shuffled queue: for each entry its place in the order without shuffle.",
    )
    is_made_by_hand: bool = Field(
        default=False, description="Entries were added, moved or removed one by one."
    )
    based_on: Number = Field(
        default=0, description="The `number` of the queue that was changed; 0: none."
    )
    age_s: float = Field(
        default=0,
        ge=0,
        le=10**9,
        description="How many seconds ago it was changed, for changes made offline.",
    )
    keeps_earlier: bool = Field(
        default=False, description="Keep the queue of before among the earlier ones."
    )
    device: DeviceKey | None = None


class SavedQueueBody(Schema):
    number: int = Field(description="Of the queue that is current now.")
    is_current: bool = Field(
        description="false: another device changed the queue later, and the one that was sent is "
        "an earlier one now. Get the current one."
    )
    earlier_id: int | None = Field(description="Of the queue that became an earlier one.")


class QueueAnswer(Schema):
    number: int = Field(description="Changes with each change of the entries; 0: no queue yet.")
    track_ids: list[int]
    original: list[int] | None
    index: int
    position_s: float
    is_made_by_hand: bool
    changed_at: AwareDatetime | None
    changed_by: DeviceName | None


class EarlierQueue(Schema):
    id: int
    title: str = Field(description="Of its current track.")
    first_titles: list[str] = Field(description="Of up to three tracks, with which it begins.")
    entry_count: int
    index: int
    position_s: float
    is_made_by_hand: bool
    replaced_at: AwareDatetime
    changed_by: DeviceName | None


class EarlierQueues(Schema):
    queues: list[EarlierQueue] = Field(description="The latest first, up to twenty.")


class Taking(Schema):
    model_config = ConfigDict(extra="forbid")

    device: DeviceKey | None = None


@router.get("player/queue", response=codes({200: QueueAnswer, 304: None}), summary="Get the queue")
@decorate_view(gzip_page)
def get_player_queue(request: HttpRequest) -> HttpResponse:
    """The current queue of the user. A track that was joined with another since it was put there
    is listed with the id that it has now; ids of tracks that are gone stay."""
    user_id = user_of(request).pk
    number, index, position_s = current_version(user_id)
    _, token = library_revision()
    state = f"{token}-queue-{user_id}-{number}-{index}-{position_s}"
    etag = f'W/"{VERSION}-{state}-{get_language()}"'  # devices have names
    response = get_conditional_response(request, etag)
    if response is None:
        response = json_response(_answer(current_queue(user_id)))
    response["ETag"] = etag
    response["Cache-Control"] = "private, no-cache"
    assert isinstance(response, HttpResponse)  # noqa: S101  # for the type checker
    return response


@router.put(
    "player/queue",
    response=codes({200: SavedQueueBody}, 400, 403, 413, 415, 422),
    openapi_extra=described(QueueBody, JSON),
    summary="Replace the queue",
)
def put_player_queue(request: HttpRequest) -> HttpResponse:
    """Make this the queue of all of the user's devices. If another device changed it since
    `based_on`, the later change wins, and the other queue becomes an earlier one. It also sets
    `current_track_id`, `progress_seconds` and `is_shuffle` of the player's state."""
    body = read_body(request, QueueBody, JSON)
    _check(body)
    saved = save_queue(
        sender_of(request, body.device),
        QueueChange(**body.model_dump(exclude={"device"})),
    )
    return json_response(saved._asdict())


@router.get("player/queues", response=codes({200: EarlierQueues}), summary="List earlier queues")
def list_earlier_queues(request: HttpRequest) -> HttpResponse:
    """Queues that were replaced by others."""
    queues = [*earlier_queues(user_of(request).pk).select_related("changed_by")]
    titles = first_titles(queues)
    return json_response({"queues": [_earlier(each, titles.get(each.pk, [])) for each in queues]})


@router.get(
    "player/queues/{queue_id}",
    response=codes({200: QueueAnswer}, 404, 422),
    summary="Get an earlier queue",
)
@decorate_view(gzip_page)
def get_earlier_queue(request: HttpRequest, queue_id: Path[Id]) -> HttpResponse:
    """A queue that was replaced, with its entries. It stays as it is."""
    queue = earlier_queue(user_of(request).pk, queue_id)
    if not queue:
        raise _no_queue(queue_id)
    return json_response(_answer(queue))


@router.post(
    "player/queues/{queue_id}/take",
    response=codes({200: QueueAnswer}, 400, 403, 404, 415, 422),
    openapi_extra=described(Taking, JSON),
    summary="Take up an earlier queue",
)
@decorate_view(gzip_page)
def take_up_queue(request: HttpRequest, queue_id: Path[Id]) -> HttpResponse:
    """Make an earlier queue the current one, which becomes an earlier one."""
    device = read_body(request, Taking, JSON).device
    try:
        queue = take_up(sender_of(request, device), queue_id)
    except NoQueue:
        raise _no_queue(queue_id) from None
    return json_response(_answer(queue))


def _no_queue(queue_id: int) -> ApiError:
    return not_found(gettext("There is no earlier queue %(id)s.") % {"id": queue_id})


def _check(body: QueueBody) -> None:
    """Raises ApiError 422 for an index or places that do not fit the entries."""
    count = len(body.track_ids)
    if body.index >= max(count, 1):
        raise invalid(f"index: should be less than {count}; found {body.index}.")
    if body.original is not None and sorted(body.original) != [*range(count)]:
        raise invalid(f"original: should have each of the {count} places from 0 on once.")


def _answer(queue: PlayQueue | None) -> dict[str, Any]:
    shown = queue or PlayQueue()
    return {
        "number": shown.number,
        "track_ids": track_ids_of(shown),
        "original": original_of(shown),
        "index": shown.index,
        "position_s": shown.position_s,
        "is_made_by_hand": shown.is_made_by_hand,
        "changed_at": None if queue is None else shown.changed_at,
        "changed_by": named(shown.changed_by),
    }


def _earlier(queue: PlayQueue, titles: list[str]) -> dict[str, Any]:
    fields = ("id", "title", "entry_count", "index", "position_s", "is_made_by_hand", "replaced_at")
    return {
        **{name: getattr(queue, name) for name in fields},
        "first_titles": titles,
        "changed_by": named(queue.changed_by),
    }
