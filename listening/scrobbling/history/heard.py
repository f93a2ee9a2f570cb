"""What a row of an exported file says: an object of JSON, or a line of a table by its columns."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple

from listening.lost import Facts
from listening.scrobbling.facts import clean_text, musicbrainz_id

EARLIEST = datetime(2002, 1, 1, tzinfo=UTC)
"""No service kept plays before. Last.fm gives plays whose time it lost the year 1970."""
_MILLISECONDS_FROM = 100_000_000_000
_LATEST_SECOND = 4_102_444_800  # 2100
_NUMBER = re.compile(r"[0-9]{9,13}")
_TIME_FORMATS = (
    *("%d %b %Y %H:%M", "%d %b %Y, %H:%M", "%d %b %Y %H:%M:%S", "%Y-%m-%d %H:%M:%S"),
    *("%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M:%SZ", "%d.%m.%Y %H:%M", "%m/%d/%Y %H:%M"),
)
TIME_NAMES = ("uts", "listened_at", "timestamp", "date", "time", "utc_time", "played_at")
TITLE_NAMES = ("track", "title", "name", "track_name", "song")
ARTIST_NAMES = ("artist", "artist_name", "artists")
ALBUM_NAMES = ("album", "release_name", "album_name", "release")


class Heard(NamedTuple):
    """A play. `at`: when it began."""

    at: datetime
    facts: Facts


class NoTime(Exception):
    """The row is a play whose time is not known."""


def is_play(row: Mapping[str, Any]) -> bool:
    """Whether a JSON object is a play, rather than something around or within one."""
    names = {str(each).lower() for each in row}
    if "track_metadata" in names:
        return "listened_at" in names
    has_title = bool(names & set(TITLE_NAMES))
    return has_title and bool(names & set(ARTIST_NAMES)) and bool(names & set(TIME_NAMES))


def heard_in(row: Mapping[str, Any]) -> Heard | None:
    """None if the row is no play. Raises NoTime."""
    values = {str(name).strip().lower(): value for name, value in row.items()}
    metadata = values.get("track_metadata")
    if isinstance(metadata, Mapping):
        info = metadata.get("additional_info")
        values = {**values, **metadata, "info": info if isinstance(info, Mapping) else {}}
    title, artist = _text(values, TITLE_NAMES), _text(values, ARTIST_NAMES)
    if not title or not artist:
        return None
    facts = Facts(
        title=title,
        artist=artist,
        album=_text(values, ALBUM_NAMES),
        duration_s=_duration_s(values),
        # Those that Last.fm tells are often wrong; names find more.
        musicbrainz_id=musicbrainz_id(str(_info(values).get("recording_mbid") or "")),
    )
    return Heard(_time(values), facts)


def _text(values: Mapping[str, Any], names: tuple[str, ...]) -> str:
    for name in names:
        value = values.get(name)
        if isinstance(value, Mapping):
            value = value.get("#text") or value.get("name")
        if isinstance(value, str) and (text := clean_text(value)):
            return text
    return ""


def _info(values: Mapping[str, Any]) -> Mapping[str, Any]:
    info = values.get("info")
    return info if isinstance(info, Mapping) else {}


def _duration_s(values: Mapping[str, Any]) -> float | None:
    info = _info(values)
    for name, unit_s in (("duration_ms", 0.001), ("duration", 1.0)):
        value = info.get(name)
        if isinstance(value, int | float) and 0 < value < 10**9:
            return float(value) * unit_s
    return None


def _time(values: Mapping[str, Any]) -> datetime:
    for name in TIME_NAMES:
        value = values.get(name)
        if isinstance(value, Mapping):
            value = value.get("uts")
        if (found := _parsed(value)) is not None and found >= EARLIEST:
            return found
    raise NoTime


def _parsed(value: object) -> datetime | None:
    """Seconds or milliseconds since 1970, or a date with a time, which is UTC."""
    text = str(value).strip() if isinstance(value, str | int | float) else ""
    if _NUMBER.fullmatch(text.partition(".")[0]):
        number = int(text.partition(".")[0])
        second = number // 1000 if number >= _MILLISECONDS_FROM else number
        return datetime.fromtimestamp(second, UTC) if second < _LATEST_SECOND else None
    for pattern in _TIME_FORMATS:
        try:
            return datetime.strptime(text, pattern).replace(tzinfo=UTC)
        except ValueError:
            continue
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
