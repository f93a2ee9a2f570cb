"""What apps say of playing: which tracks were heard, what plays now, and what others listen to."""

import math
from datetime import datetime
from itertools import chain, repeat
from typing import Any

from django.utils import timezone

from listening.kinds import NoSuchTrack
from listening.now_playing import Report, State, begin, report
from listening.told_plays import Told, tell_plays
from listening.who_plays import Playing, playing
from opensubsonic.call import Body, Call
from opensubsonic.errors import Code, Refusal, not_found
from opensubsonic.ids import id_of
from opensubsonic.objects.songs import songs

_STATES = {state.value: state for state in State if state}
_MEDIA_TYPES = ("song", "podcast")
_SLOWEST, _FASTEST = 0.05, 20.0


def scrobble(call: Call) -> Body:
    """Tracks that were heard, each with its time; with submission=false, the one that begins."""
    call.parameters.needed_text("id")
    # What is no id is passed over: an app that was offline tells many at once, and would tell all
    # of them again because of one.
    track_ids = call.parameters.pks("id", "track")
    # Amperfy calls the parameter `date`.
    times = call.parameters.times("time") or call.parameters.times("date")
    told = [
        Told(track_id, at)
        for track_id, at in zip(track_ids, chain(times, repeat(None)), strict=False)
        if track_id is not None
    ]
    if not told:
        raise not_found("song")
    try:
        if call.parameters.boolean("submission", default=True):
            tell_plays(call.user_id, call.client, told)
        else:
            begin(call.user_id, call.client, told[-1].track_id)
    except NoSuchTrack:
        raise not_found("song") from None
    return {}


def report_playback(call: Call) -> Body:
    """What the app's player does now; the server finds out what was heard."""
    parameters = call.parameters
    track_id = parameters.named("mediaId", "track").pk
    _one_of("mediaType", parameters.needed_text("mediaType"), _MEDIA_TYPES)
    parameters.needed_text("positionMs")
    state = parameters.needed_text("state")
    _one_of("state", state, _STATES)
    given = Report(
        track_id=track_id,
        state=_STATES[state],
        position_s=(parameters.number("positionMs") or 0) / 1000,
        rate=_rate(parameters.text("playbackRate", "1")),
        counts=not parameters.boolean("ignoreScrobble"),
    )
    try:
        report(call.user_id, call.client, given)
    except NoSuchTrack:
        raise not_found("song") from None
    return {}


def get_now_playing(call: Call) -> Body:
    """What all users listen to, also in browsers."""
    found, now = playing(), timezone.now()
    by_id = {song["id"]: song for song in songs(call, [*{each.track_id for each in found}])}
    pairs = ((each, by_id.get(id_of("track", each.track_id))) for each in found)
    entries = [{**song, **_playing(each, now)} for each, song in pairs if song]
    return {"nowPlaying": {"entry": entries}}


def _playing(each: Playing, now: datetime) -> dict[str, Any]:
    timeline = {
        "state": each.state,
        "positionMs": round((each.position_s or 0.0) * 1000),
        "playbackRate": each.rate,
    }
    return {
        "username": each.username,
        "minutesAgo": max(int((now - each.told_at).total_seconds() // 60), 0),
        "playerId": each.player_id,
        "playerName": each.player,
        **(timeline if each.state else {}),
    }


def _one_of(name: str, text: str, known: Any) -> None:
    if text not in known:
        raise Refusal(Code.GENERIC, f"The parameter {name} should be one of {', '.join(known)}.")


def _rate(text: str) -> float:
    try:
        rate = float(text)
    except ValueError:
        rate = math.nan
    if not _SLOWEST <= rate <= _FASTEST:
        raise Refusal(Code.GENERIC, "The parameter playbackRate is no speed of playing.")
    return rate
