"""Turns values from files into values that mus can store: texts, numbers, years, ids, gains.

Results always fit the database: texts in UTF-8 without NUL, numbers in range, or None.
"""

import math
import os.path
import re
import unicodedata
from collections.abc import Iterable, Sequence

MAX_TEXT_LENGTH = 2_000
MAX_VALUES = 100
"""The most values of one field. A tag with more is broken, and each artist costs a row."""
MAX_NUMBER = 99_999
MAX_BPM = 1_000.0
MAX_GAIN_DB = 100.0
MAX_SOUND_CHECK_DB = 30.0
"""A greater gain comes from a file that iTunes could not measure."""
MAX_PEAK = 100.0
MAX_SECONDS = 100 * 24 * 60 * 60

_NOT_TEXT = re.compile("[\0-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff]+")
_UUID = re.compile("(?<![0-9a-f])[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?![0-9a-f])")
_UUID_SEPARATORS = re.compile(r"[\0/;,\s]+")
_DECIBELS = re.compile(r"\s*([+-]?[0-9]{1,9}(?:[.,][0-9]{0,30})?)\s*(?:[dD][bB])?\s*", re.ASCII)
_DECIMAL = re.compile(r"\s*([0-9]{1,6}(?:[.,][0-9]{0,30})?)", re.ASCII)
_ISRC = re.compile(r"(?<![A-Z0-9])([A-Z]{2})-?([A-Z0-9]{3})-?([0-9]{2})-?([0-9]{5})(?![A-Z0-9])")
_SOUND_CHECK = re.compile(r"\s*((?:[0-9A-F]{8}\s+){1,9}[0-9A-F]{8})\s*", re.IGNORECASE)
_INTEGER = re.compile(r"\s*([+-]?[0-9]{1,9})\s*", re.ASCII)
_EXPLICIT_STATUS = {
    **dict.fromkeys(("1", "4", "explicit", "true", "yes"), "explicit"),
    **dict.fromkeys(("2", "clean", "cleaned"), "clean"),
}
_TRUE = frozenset({"1", "true", "yes"})


def text(value: str) -> str:
    """`value` without control characters and surrogates, at most `MAX_TEXT_LENGTH` characters."""
    if not value.isprintable():
        value = _NOT_TEXT.sub("", value[: 4 * MAX_TEXT_LENGTH])
    return value.strip()[:MAX_TEXT_LENGTH].rstrip()


def texts(values: Sequence[str]) -> list[str]:
    """The non-empty values, cleaned and without repetitions, in their order.

    A value is split at each NUL: ID3v2.4 (section 4.2) and APEv2 separate several values of a tag
    by NUL, and taggers copied such values to other formats.
    """
    if not values:
        return []
    if len(values) == 1 and "\0" not in values[0]:  # the usual case, done quickly
        cleaned = text(values[0])
        return [cleaned] if cleaned else []
    found: dict[str, None] = {}
    for value in values:
        for part in value.split("\0", MAX_VALUES) if "\0" in value else (value,):
            if cleaned := text(part):
                found[cleaned] = None
        if len(found) >= MAX_VALUES:
            break
    return list(found)[:MAX_VALUES]


def first_text(values: Sequence[str]) -> str:
    if not values:
        return ""
    if len(values) == 1 and "\0" not in values[0]:  # the usual case, done quickly
        return text(values[0])
    return next(iter(texts(values[:MAX_VALUES])), "")


def title_from(path: str) -> str:
    """A title for a file without one: its name without the suffix. Bytes that are not UTF-8 become
    U+FFFD."""
    name = os.path.basename(path)
    stem = name.rpartition(".")[0] or name
    readable = stem.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    return text(unicodedata.normalize("NFC", readable)) or "\N{REPLACEMENT CHARACTER}"


def musicbrainz_ids(values: Sequence[str]) -> tuple[str, ...]:
    """The valid UUIDs, each once, in lower case. One value may hold several, between `/` or `;`.

    Files that went through several taggers hold the same ids under two spellings of the name.
    """
    if not values:
        return ()
    if len(values) == 1 and _UUID.fullmatch(values[0]):  # the usual case, done quickly
        return (values[0],)
    parts = (part for value in values for part in _UUID_SEPARATORS.split(value.lower(), MAX_VALUES))
    return tuple(dict.fromkeys(part for part in parts if _UUID.fullmatch(part)))[:MAX_VALUES]


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


def sound_check_gain_db(values: Iterable[str]) -> float | None:
    """The gain of iTunes' Sound Check (iTunNORM) as a gain of ReplayGain.

    The first two of its ten hexadecimal numbers are the energy of the left and the right channel,
    of which 1000 needs no gain. iTunes aims at about the loudness that ReplayGain does.
    """
    for value in values:
        if found := _SOUND_CHECK.fullmatch(value.strip("\0")):
            energy = max(int(part, 16) for part in found[1].split()[:2])
            if energy and abs(gain := -10 * math.log10(energy / 1000)) <= MAX_SOUND_CHECK_DB:
                return round(gain, 2)
    return None


def bpm(values: Iterable[str]) -> float | None:
    """The tempo. None for more than MAX_BPM, which must be wrong."""
    found = decimal(values)
    return found if found and found <= MAX_BPM else None


def decimal(values: Iterable[str]) -> float | None:
    """The number with which the first value that has one begins, as in `120.5 BPM`."""
    for value in values:
        if found := _DECIMAL.match(value):
            return float(found[1].replace(",", "."))
    return None


def isrcs(values: Sequence[str]) -> tuple[str, ...]:
    """The valid International Standard Recording Codes (ISO 3901), without hyphens."""
    text = " ".join(value[:MAX_TEXT_LENGTH].upper() for value in values[:MAX_VALUES])
    codes = dict.fromkeys("".join(found.groups()) for found in _ISRC.finditer(text))
    return tuple(codes)[:MAX_VALUES]


def explicit_status(values: Iterable[str]) -> str:
    """`explicit` or `clean`; empty without a word on it. iTunes writes 1 or (before 2015) 4 for
    explicit contents, 2 for a cleaned version, and 0 for neither."""
    found = (_EXPLICIT_STATUS.get(value.strip("\0 ").lower(), "") for value in values)
    return next(filter(None, found), "")


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
