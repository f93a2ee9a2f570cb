"""Turns values from files into values that mus can store: texts, numbers, years, ids, gains.

Results always fit the database: texts in UTF-8 without NUL, numbers in range, or None.
"""

import os.path
import re
import unicodedata
from collections.abc import Iterable, Sequence

MAX_TEXT_LENGTH = 2_000
MAX_VALUES = 100
"""The most values of one field. A tag with more is broken, and each artist costs a row."""
MAX_NUMBER = 99_999
MAX_GAIN_DB = 100.0
MAX_PEAK = 100.0
MAX_SECONDS = 100 * 24 * 60 * 60

_NOT_TEXT = re.compile("[\0-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff]+")
_NUMBER = re.compile(r"\s*0*([0-9]{1,5})\s*(?:/\s*0*([0-9]{1,5})?\s*)?", re.ASCII)
_ONLY_TOTAL = re.compile(r"\s*/\s*0*([0-9]{1,5})\s*", re.ASCII)
_YEAR = re.compile(r"(?<![0-9])[1-9][0-9]{3}(?![0-9])")
_COMPACT_DATE = re.compile(r"\s*([1-9][0-9]{3})(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])\s*")
_UUID = re.compile("(?<![0-9a-f])[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?![0-9a-f])")
_UUID_SEPARATORS = re.compile(r"[\0/;,\s]+")
_DECIBELS = re.compile(r"\s*([+-]?[0-9]{1,9}(?:[.,][0-9]{0,30})?)\s*(?:[dD][bB])?\s*", re.ASCII)
_INTEGER = re.compile(r"\s*([+-]?[0-9]{1,9})\s*", re.ASCII)
_TRUE = frozenset({"1", "true", "yes"})


def text(value: str) -> str:
    """`value` without control characters and surrogates, at most `MAX_TEXT_LENGTH` characters."""
    if not value.isprintable():
        value = _NOT_TEXT.sub("", value[: 4 * MAX_TEXT_LENGTH])
    return value.strip()[:MAX_TEXT_LENGTH].rstrip()


def texts(values: Iterable[str]) -> list[str]:
    """The non-empty values, cleaned and without repetitions, in their order.

    A value is split at each NUL: ID3v2.4 (section 4.2) and APEv2 separate several values of a tag
    by NUL, and taggers copied such values to other formats.
    """
    found: dict[str, None] = {}
    for value in values:
        for part in value.split("\0", MAX_VALUES) if "\0" in value else (value,):
            if cleaned := text(part):
                found[cleaned] = None
        if len(found) >= MAX_VALUES:
            break
    return list(found)[:MAX_VALUES]


def first_text(values: Sequence[str]) -> str:
    if len(values) == 1 and "\0" not in values[0]:  # the usual case, done quickly
        return text(values[0])
    return next(iter(texts(values[:MAX_VALUES])), "")


def split(values: Sequence[str], separators: Sequence[str]) -> list[str]:
    """`values`, each split at every occurrence of one of `separators`; unchanged without any."""
    separators = [separator for separator in separators if separator]
    if not separators:
        return list(values)
    at = re.compile("|".join(re.escape(each) for each in sorted(separators, key=len, reverse=True)))
    return texts(part for value in values for part in at.split(value))


def title_from(path: str) -> str:
    """A title for a file without one: its name without the suffix. Bytes that are not UTF-8 become
    U+FFFD."""
    name = os.path.basename(path)
    stem = name.rpartition(".")[0] or name
    readable = stem.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    return text(unicodedata.normalize("NFC", readable)) or "\N{REPLACEMENT CHARACTER}"


def number_and_total(values: Iterable[str]) -> tuple[int | None, int | None]:
    """The numbers in values such as `3` and `3/12`. None for 0, for more than `MAX_NUMBER`, and for
    anything that is not a number."""
    for value in values:
        if found := _NUMBER.fullmatch(value):
            return int(found[1]) or None, int(found[2] or 0) or None
        if found := _ONLY_TOTAL.fullmatch(value):
            return None, int(found[1]) or None
    return None, None


def year(values: Iterable[str]) -> int | None:
    """The year, 1000 to 9999, of the first value that contains one.

    ID3v2.4 and Vorbis comments require ISO 8601 dates, of any precision. Files also hold
    `17/05/2003`, `05.2003`, `c. 1999` and `20030517`.
    """
    for value in values:
        value = value[:MAX_TEXT_LENGTH]  # noqa: PLW2901
        if found := _COMPACT_DATE.fullmatch(value):
            return int(found[1])
        if found := _YEAR.search(value):
            return int(found[0])
    return None


def musicbrainz_ids(values: Sequence[str]) -> tuple[str, ...]:
    """The valid UUIDs, in lower case. One value may hold several, separated by `/` or `;`."""
    if len(values) == 1 and _UUID.fullmatch(values[0]):  # the usual case, done quickly
        return (values[0],)
    parts = (part for value in values for part in _UUID_SEPARATORS.split(value.lower(), MAX_VALUES))
    return tuple([part for part in parts if _UUID.fullmatch(part)][:MAX_VALUES])


def gain_db(values: Iterable[str]) -> float | None:
    """A gain such as `-6.20 dB` (ReplayGain 2.0, section "Metadata")."""
    gain = _decimal(values)
    return gain if gain is not None and abs(gain) <= MAX_GAIN_DB else None


def peak(values: Iterable[str]) -> float | None:
    """The value of the highest sample, where 1 is full scale (ReplayGain 2.0)."""
    found = _decimal(values)
    return found if found is not None and 0 <= found <= MAX_PEAK else None


def r128_gain_db(values: Iterable[str]) -> float | None:
    """A gain of Opus (RFC 7845, section 5.2.1) as a gain of ReplayGain.

    Opus states it in 1/256 dB relative to -23 LUFS; ReplayGain's reference is -18 LUFS.
    """
    for value in values:
        if (found := _INTEGER.fullmatch(value)) and -32768 <= int(found[1]) <= 32767:  # noqa: PLR2004
            return int(found[1]) / 256 + 5
    return None


def is_true(values: Iterable[str]) -> bool:
    return any(value.strip("\0 ").lower() in _TRUE for value in values)


def seconds(value: float) -> float:
    """`value` as a duration; 0 if it is not between 0 and MAX_SECONDS."""
    return float(value) if 0 <= value <= MAX_SECONDS else 0.0  # NaN fails this comparison too


def count(value: float, maximum: int) -> int:
    """`value` rounded; 0 if it is not between 0 and `maximum`, since it must then be wrong."""
    return round(value) if 0 <= value <= maximum else 0


def _decimal(values: Iterable[str]) -> float | None:
    for value in values:
        if found := _DECIBELS.fullmatch(value.strip("\0")):
            return float(found[1].replace(",", "."))
    return None
