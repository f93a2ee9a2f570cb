"""The extension `transcoding`, as far as it can be answered while nothing is converted. It is not
announced: clients would use it instead of `stream`."""

from typing import Any

from pydantic import ValidationError

from asgi.responses import Receive, Scope, Send, send_response
from library.media.direct_play import ClientInfo, Sound, reasons_against, sound_of
from library.media.tracks import TrackUnavailable, find_track, look_ups
from opensubsonic.byte_answers import refusal_of, send_answer
from opensubsonic.call import Call
from opensubsonic.errors import Code, Refusal, not_found

LONGEST_BYTES = 64 * 1024
"""Of the description of a client, which has a few KiB."""
_TEXT = [(b"content-type", b"text/plain; charset=utf-8"), (b"cache-control", b"no-store")]
_NEEDED = ("mediaId", "mediaType", "transcodeParams")


async def get_decision(call: Call, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG001
    """Whether the client, which describes itself in the body, can play the file as it is."""
    if scope["method"] != "POST":
        headers = [*_TEXT, (b"allow", b"POST, OPTIONS")]
        await send_response(send, 405, headers, b"Use POST.")
        return
    media_type = call.parameters.needed_text("mediaType")
    named = call.parameters.named("mediaId", "track")
    if media_type != "song":
        raise not_found("podcast episode")
    client = _client(call.body)
    try:
        sound = sound_of(await look_ups.find(find_track, named.pk))
    except TrackUnavailable as problem:
        raise refusal_of(problem) from None
    reasons = reasons_against(client, sound)
    decision = {
        "canDirectPlay": not reasons,
        "canTranscode": False,
        "transcodeReason": reasons,
        "errorReason": "This server does not convert music yet." if reasons else "",
        "sourceStream": _stream_details(sound),
    }
    await send_answer(call, scope, send, lambda: {"transcodeDecision": decision})


async def get_stream(call: Call, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG001
    """Here the protocol has statuses of HTTP: 410 for parameters that no decision gave, which are
    all."""
    missing = [name for name in _NEEDED if not call.parameters.text(name)]
    if missing:
        message = f"The parameter {missing[0]} is missing."
        await send_response(send, 400, _TEXT, message.encode())
    else:
        message = "These transcodeParams are not valid any more. Ask for a new decision."
        await send_response(send, 410, _TEXT, message.encode())


def _client(body: bytes) -> ClientInfo:
    if len(body) > LONGEST_BYTES:  # it is read on the event loop
        raise Refusal(Code.GENERIC, "The description of the client is too long.")
    try:
        return ClientInfo.model_validate_json(body or b"{}")
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(map(str, first["loc"]))
        message = f"The body does not describe a client: {place} {first['msg']}"
        raise Refusal(Code.GENERIC, message[:300]) from None


def _stream_details(sound: Sound) -> dict[str, Any]:
    return {
        "protocol": "http",
        "container": sound.containers[0],
        "codec": sound.codec,
        "audioChannels": sound.channels,
        "audioBitrate": sound.bitrate_bps,
        "audioProfile": "",
        "audioSamplerate": sound.sample_rate_hz,
        "audioBitdepth": sound.bit_depth,
    }
