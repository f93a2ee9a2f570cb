"""Whether the values of a field say something. If they do not, another name of the field or another
tag of the file fills it.

Useless are blank values in all fields, and in a field that holds numbers, dates or ids all values
that contain none.
"""

from collections.abc import Callable, Sequence

from library.tags import cleaning, dates, numbering
from library.tags.remembering import remembering_short

IsUseful = Callable[[Sequence[str]], bool]

# What programs write where they know nothing.
_PLACEHOLDERS = frozenset(
    {
        *("unknown artist", "unknown album", "unknown title", "unknown genre"),
        *("<unknown>", "[unknown]", "[none]", "[no artist]"),
    }
)


def is_text(values: Sequence[str]) -> bool:
    return any(map(_has_text, values))


@remembering_short
def _has_text(value: str) -> bool:
    cleaned = cleaning.text(value)
    return bool(cleaned) and cleaned.lower() not in _PLACEHOLDERS


def is_number(values: Sequence[str]) -> bool:
    """Whether a value states a number. One that counts on a side of a record (`A1`) does not
    count: a plain number of the same file is preferred."""
    return any(map(_has_number, values))


@remembering_short
def _has_number(value: str) -> bool:
    found = numbering.number(value)
    return found.number is not None and not found.side


def is_date(values: Sequence[str]) -> bool:
    return any(map(dates.date, values))


def is_gain(values: Sequence[str]) -> bool:
    return cleaning.gain_db(values) is not None


def is_r128(values: Sequence[str]) -> bool:
    return cleaning.r128_gain_db(values) is not None


def is_peak(values: Sequence[str]) -> bool:
    return cleaning.peak(values) is not None


def is_bpm(values: Sequence[str]) -> bool:
    return cleaning.bpm(values) is not None


def is_id(values: Sequence[str]) -> bool:
    return bool(cleaning.musicbrainz_ids(values))


def is_isrc(values: Sequence[str]) -> bool:
    return bool(cleaning.isrcs(values))


# The kinds of fields that are not plain texts.
_BY_FIELD: dict[str, IsUseful] = {
    **dict.fromkeys(("track", "track_total", "disc", "disc_total"), is_number),
    **dict.fromkeys(("movement_number", "movement_total"), is_number),
    **dict.fromkeys(("date", "release_date", "original_date"), is_date),
    **dict.fromkeys(("track_gain", "album_gain"), is_gain),
    **dict.fromkeys(("track_peak", "album_peak"), is_peak),
    **dict.fromkeys(("r128_track_gain", "r128_album_gain"), is_r128),
    "bpm": is_bpm,
    **dict.fromkeys(
        (
            *("musicbrainz_recording", "musicbrainz_track", "musicbrainz_release"),
            *("musicbrainz_release_group", "musicbrainz_artists", "musicbrainz_album_artists"),
        ),
        is_id,
    ),
    "isrc": is_isrc,
}


def is_useful(field: str, values: Sequence[str]) -> bool:
    return _BY_FIELD.get(field, is_text)(values)
