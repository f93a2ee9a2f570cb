"""The queue that a user takes along from one app to another, and to browsers."""

from typing import Any

from listening.app_queues import AppQueue, app_queue, save_app_queue
from listening.queues import MOST_ENTRIES
from opensubsonic.call import Body, Call
from opensubsonic.dates import moment
from opensubsonic.errors import Code, Refusal
from opensubsonic.ids import id_of
from opensubsonic.objects.songs import songs

_NEVER = "1970-01-01T00:00:00.000Z"


def get_play_queue(call: Call) -> Body:
    queue = app_queue(call.user_id)
    current = {}
    if queue.index is not None:
        current = {"current": id_of("track", queue.track_ids[queue.index])}
    return {"playQueue": _queue(call, queue, current)}


def get_play_queue_by_index(call: Call) -> Body:
    queue = app_queue(call.user_id)
    current = {} if queue.index is None else {"currentIndex": queue.index}
    return {"playQueueByIndex": _queue(call, queue, current)}


def save_play_queue(call: Call) -> Body:
    """Without `current`, which the protocol demands and some apps leave out, the first is meant."""
    given = call.parameters.texts("id")
    current = call.parameters.text("current")
    if current and current not in given:
        raise Refusal(Code.MISSING_PARAMETER, "The current song is not among those of the queue.")
    return _save(call, given.index(current) if current else 0)


def save_play_queue_by_index(call: Call) -> Body:
    number = len(call.parameters.texts("id"))
    index = call.parameters.number("currentIndex", lowest=-(2**63))
    if (index is None) != (number == 0) or (index is not None and not 0 <= index < number):
        message = "currentIndex should be from 0 to the number of ids - 1; left out without any."
        raise Refusal(Code.MISSING_PARAMETER, message)
    return _save(call, index or 0)


def _save(call: Call, index: int) -> Body:
    """What is no id of a song is left out: an app may have songs of other servers in its queue."""
    given = call.parameters.pks("id", "track")
    if len(given) > MOST_ENTRIES:
        raise Refusal(Code.GENERIC, f"A queue has at most {MOST_ENTRIES:,} songs.")
    position_ms = call.parameters.number("position") or 0
    track_ids = [pk for pk in given if pk is not None]
    place = sum(pk is not None for pk in given[:index])
    is_there = bool(given) and given[index] is not None
    save_app_queue(
        call.user_id,
        call.client,
        track_ids,
        min(place, max(len(track_ids) - 1, 0)),
        position_ms / 1000 if is_there else 0.0,
    )
    return {}


def _queue(call: Call, queue: AppQueue, current: dict[str, Any]) -> Body:
    return {
        **current,
        **({"position": round(queue.position_s * 1000)} if current else {}),
        "username": call.user.username,
        "changed": moment(queue.changed_at) if queue.changed_at else _NEVER,
        "changedBy": queue.changed_by,
        "entry": songs(call, queue.track_ids),
    }
