"""The lyrics of songs."""

from typing import Any

from asgi.look_ups import LookUps
from asgi.responses import Receive, Scope, Send
from library.lyrics.lyrics import Cue, Line, Lyrics
from library.media.lyrics import TrackLyrics, read_lyrics
from library.media.tracks import TrackUnavailable
from library.queries.lyrics import find_track_with_lyrics
from library.tags.lyrics_text import SYNCED
from opensubsonic.byte_answers import refusal_of, send_answer
from opensubsonic.call import Body, Call

UNKNOWN_LANGUAGE = "und"
_UNKNOWN_LANGUAGES = {"", "xxx", "und"}

look_ups = LookUps("lyrics", threads=2)


async def get_lyrics(call: Call, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG001
    """Of a song by its artist and title. If there are none, an empty text under the names that were
    asked for: knuckles demands all three fields."""
    artist, title = call.parameters.text("artist"), call.parameters.text("title")
    track_id = await look_ups.find(find_track_with_lyrics, artist, title)
    found = None if track_id is None else await _read(track_id)
    unknown = {"artist": artist, "title": title, "value": ""}
    await send_answer(call, scope, send, lambda: {"lyrics": _shown(found) if found else unknown})


async def get_lyrics_by_song_id(
    call: Call,
    scope: Scope,
    receive: Receive,  # noqa: ARG001
    send: Send,
) -> None:
    """All lyrics of a song, line by line; with the times of words if `enhanced` is true."""
    track = call.parameters.named("id", "track")
    is_enhanced = call.parameters.boolean("enhanced")
    found = await _read(track.pk)

    def make() -> Body:
        lyrics = [_structured(found, each, is_enhanced=is_enhanced) for each in found.lyrics]
        return {"lyricsList": {"structuredLyrics": lyrics}}

    await send_answer(call, scope, send, make)


async def _read(track_id: int) -> TrackLyrics:
    """Raises Refusal."""
    try:
        return await read_lyrics(track_id)
    except TrackUnavailable as problem:
        raise refusal_of(problem) from None


def _shown(found: TrackLyrics) -> dict[str, Any]:
    return {"artist": found.artist, "title": found.title, "value": _text(found)}


def _text(found: TrackLyrics) -> str:
    """The lines of the first lyrics, of those without times if there are such."""
    plain_first = sorted(found.lyrics, key=lambda each: each.kind == SYNCED)
    return "\n".join(line.text for line in plain_first[0].lines) if plain_first else ""


def _structured(found: TrackLyrics, lyrics: Lyrics, *, is_enhanced: bool) -> dict[str, Any]:
    is_unknown = lyrics.language.lower() in _UNKNOWN_LANGUAGES
    body: dict[str, Any] = {
        "displayArtist": found.artist,
        "displayTitle": found.title,
        "lang": UNKNOWN_LANGUAGE if is_unknown else lyrics.language,
        "offset": 0,  # it is in the times already
        "synced": lyrics.kind == SYNCED,
        "line": [*map(_line, lyrics.lines)],
    }
    if is_enhanced:
        body["kind"] = "main"
        cued = [_cue_line(n, line) for n, line in enumerate(lyrics.lines) if line.cues]
        body |= {"cueLine": cued} if cued else {}
    return body


def _line(line: Line) -> dict[str, Any]:
    return {**_time("start", line.start_s), "value": line.text}


def _cue_line(index: int, line: Line) -> dict[str, Any]:
    first, last = line.cues[0], line.cues[-1]
    return {
        "index": index,
        **_time("start", first.start_s),
        **_time("end", last.end_s),
        "value": line.text,
        "cue": [_cue(line.text, cue) for cue in line.cues],
    }


def _cue(text: str, cue: Cue) -> dict[str, Any]:
    """`byteStart` and `byteEnd` are the first and the last byte of the cue in UTF-8."""
    value = text[cue.begin : cue.end]
    begin = len(text[: cue.begin].encode())
    return {
        **_time("start", cue.start_s),
        **_time("end", cue.end_s),
        "byteStart": begin,
        "byteEnd": begin + len(value.encode()) - 1,
        "value": value,
    }


def _time(name: str, seconds: float | None) -> dict[str, int]:
    """In milliseconds; left out where there is none."""
    return {} if seconds is None else {name: round(seconds * 1000)}
