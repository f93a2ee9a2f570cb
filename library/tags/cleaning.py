"""Values as files hold them → values mus can store: texts, numbers, years, ids, gains.

Whatever is handed over, what comes back fits the database: UTF-8 without NUL, numbers in range,
or nothing at all.
"""

import os.path
import re
import unicodedata
from collections.abc import Iterable, Sequence

MAX_TEXT_LENGTH = 2_000
MAX_VALUES = 100
"""Of one field: more artists than that are a broken tag, and each costs a row."""
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
    """`value` without what no database or page takes, at most `MAX_TEXT_LENGTH` long."""
    if not value.isprintable():
        value = _NOT_TEXT.sub("", value[: 4 * MAX_TEXT_LENGTH])
    return value.strip()[:MAX_TEXT_LENGTH].rstrip()


def texts(values: Iterable[str]) -> list[str]:
    """The values that hold text, each once, in their order; a NUL parts one value from another.

    ID3v2.4 (section 4.2) and APEv2 part the values of one tag by NUL; tags of other vocabularies
    that were copied from there hold it too.
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
    if len(values) == 1 and "\0" not in values[0]:  # as nearly all are
        return text(values[0])
    return next(iter(texts(values[:MAX_VALUES])), "")


def split(values: Sequence[str], separators: Sequence[str]) -> list[str]:
    """`values`, each parted wherever one of `separators` stands; nothing where there is none."""
    separators = [separator for separator in separators if separator]
    if not separators:
        return list(values)
    at = re.compile("|".join(re.escape(each) for each in sorted(separators, key=len, reverse=True)))
    return texts(part for value in values for part in at.split(value))


def title_from(path: str) -> str:
    """The file's name without its suffix; bytes that are no UTF-8 show as U+FFFD."""
    name = os.path.basename(path)
    stem = name.rpartition(".")[0] or name
    readable = stem.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    return text(unicodedata.normalize("NFC", readable)) or "\N{REPLACEMENT CHARACTER}"


def number_and_total(values: Iterable[str]) -> tuple[int | None, int | None]:
    """`3` and `3/12`; what is not a number, 0, or past `MAX_NUMBER` is None."""
    for value in values:
        if found := _NUMBER.fullmatch(value):
            return int(found[1]) or None, int(found[2] or 0) or None
        if found := _ONLY_TOTAL.fullmatch(value):
            return None, int(found[1]) or None
    return None, None


def year(values: Iterable[str]) -> int | None:
    """The year, 1000 to 9999, of a date in any of the ways people write it.

    ID3v2.4 and Vorbis comments ask for ISO 8601 dates, of any precision; files also hold
    `17/05/2003`, `05.2003`, `c. 1999` and, without any separator, `20030517`.
    """
    for value in values:
        value = value[:MAX_TEXT_LENGTH]  # noqa: PLW2901
        if found := _COMPACT_DATE.fullmatch(value):
            return int(found[1])
        if found := _YEAR.search(value):
            return int(found[0])
    return None


def musicbrainz_ids(values: Sequence[str]) -> tuple[str, ...]:
    """The valid UUIDs in lower case, also where several share one value, parted by `/` or `;`."""
    if len(values) == 1 and _UUID.fullmatch(values[0]):  # as nearly all are
        return (values[0],)
    parts = (part for value in values for part in _UUID_SEPARATORS.split(value.lower(), MAX_VALUES))
    return tuple([part for part in parts if _UUID.fullmatch(part)][:MAX_VALUES])


def gain_db(values: Iterable[str]) -> float | None:
    """ReplayGain 2.0, section "Metadata": `-6.20 dB`."""
    gain = _decimal(values)
    return gain if gain is not None and abs(gain) <= MAX_GAIN_DB else None


def peak(values: Iterable[str]) -> float | None:
    """ReplayGain 2.0: the highest sample, full scale being 1."""
    found = _decimal(values)
    return found if found is not None and 0 <= found <= MAX_PEAK else None


def r128_gain_db(values: Iterable[str]) -> float | None:
    """RFC 7845, section 5.2.1: 1/256 dB, to reach -23 LUFS; ReplayGain's reference is -18 LUFS."""
    for value in values:
        if (found := _INTEGER.fullmatch(value)) and -32768 <= int(found[1]) <= 32767:  # noqa: PLR2004
            return int(found[1]) / 256 + 5
    return None


def is_true(values: Iterable[str]) -> bool:
    return any(value.strip("\0 ").lower() in _TRUE for value in values)


def seconds(value: float) -> float:
    """A duration: finite, not negative, and no longer than any recording is; else 0."""
    return float(value) if 0 <= value <= MAX_SECONDS else 0.0  # neither is true of NaN


def count(value: float, maximum: int) -> int:
    """A whole number from 0 to `maximum`; what lies outside is a lie, and 0."""
    return round(value) if 0 <= value <= maximum else 0


def _decimal(values: Iterable[str]) -> float | None:
    for value in values:
        if found := _DECIBELS.fullmatch(value.strip("\0")):
            return float(found[1].replace(",", "."))
    return None
