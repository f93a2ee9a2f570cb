"""Track and disc numbers as people write them: `3/12`, `5 of 12`, `05.`, `1-05`, `A1`.

Values of digits other than ASCII are allowed: full-width or Arabic ones.
"""

import re
import unicodedata
from collections.abc import Iterable
from typing import NamedTuple

from library.tags.cleaning import MAX_NUMBER
from library.tags.remembering import remembering_short

MAX_LENGTH = 100
"""Longer values are no numbers."""

# A number, and the total after a slash, a backslash or "of": `3`, `03/12`, `#5`, `05.`, `5 of 12`.
# A colon is a total's only if the number is followed by one: `5:12`.
_NUMBER = re.compile(
    r"(?:#|no\.?|nr\.?|track)?\s*([0-9]+)(?:\.0*)?\s*(?:(?:/|\\|:|,|\bof\b|\bvon\b)\s*([0-9]*)\.?)?",
    re.IGNORECASE,
)
_ONLY_TOTAL = re.compile(r"[/\\]\s*([0-9]+)")
# `1-05`, `1.05`, `CD1-07`, `Disc 2 - 03`, and with a total of the discs `1/3-05`.
_DISC_AND_NUMBER = re.compile(
    r"(?:(?:cd|dvd|disc|disk)\s*)?([0-9]{1,2})(?:\s*/\s*[0-9]{1,2})?\s*[-._]\s*([0-9]{1,3})"
    r"(?:\s*/\s*([0-9]{1,3}))?",
    re.IGNORECASE,
)
_DISC = re.compile(r"(?:cd|dvd|disc|disk|vol\.?|volume)\s*([0-9]{1,3})", re.IGNORECASE)
# Not T and V, which stand for "track" and "volume".
_SIDE = re.compile(
    r"(?:side\s*)?(?![TV])([A-Z]|([A-Z])\2|A[A-Z])\s*[-. ]?\s*([0-9]{1,2})?(?:\s*/\s*[0-9]+)?",
    re.IGNORECASE,
)
_NUMBER_AND_SIDE = re.compile(r"([0-9]{1,2})([A-H])")
_ROMAN = re.compile(r"(X{0,3})(IX|IV|V?I{0,3})\.?")
_ROMAN_VALUES = {"I": 1, "II": 2, "III": 3, "IV": 4, "V": 5, "VI": 6, "VII": 7, "VIII": 8, "IX": 9}
_FIRST_NUMBER = re.compile(r"(?<![-0-9])([0-9]{1,3})(?![0-9])")


class Number(NamedTuple):
    """What a value says. `disc`: of a track, if its number begins with it. `side`: of a record; the
    number then counts from 1 on each side."""

    number: int | None = None
    total: int | None = None
    disc: int | None = None
    side: str = ""


NOTHING = Number()


def numbers(values: Iterable[str]) -> Number:
    """The first of the values that states a number; without one, the first that states a total."""
    found = NOTHING
    for value in values:
        stated = number(value)
        if stated.number is not None:
            return stated
        if found is NOTHING and stated.total is not None:
            found = stated
    return found


@remembering_short
def number(value: str) -> Number:
    """The number in a value; None for 0, for more than MAX_NUMBER, and where there is none."""
    if len(value) > MAX_LENGTH:
        return NOTHING
    value = unicodedata.normalize("NFKC", value.strip("\0 \t\r\n")) if value else ""
    if not value.isascii():
        value = "".join(map(_ascii_digit, value))
    if found := _NUMBER.fullmatch(value):
        return Number(_in_range(found[1]), _in_range(found[2]))
    if found := _ONLY_TOTAL.fullmatch(value):
        return Number(None, _in_range(found[1]))
    if found := _DISC_AND_NUMBER.fullmatch(value):
        return Number(_in_range(found[2]), _in_range(found[3]), _in_range(found[1]))
    if found := _DISC.fullmatch(value):
        return Number(_in_range(found[1]))
    return _roman(value) or _on_a_side(value) or _somewhere(value)


def side_index(side: str) -> int:
    """The place of a side among those of a release: A is 1, B is 2, AA is 27.

    `AA` follows all single letters, because releases name the sides of a second record AA and BB,
    and count on after Z by AA, AB.
    """
    index = 0
    for letter in side:
        index = 26 * index + ord(letter) - ord("A") + 1
    return index


def _on_a_side(value: str) -> Number | None:
    """`A1`, `b02`, `AA`, `Side C`, and `1A`; a side with a single track has no number."""
    if found := _SIDE.fullmatch(value):
        return Number(_in_range(found[3]) or 1, side=found[1].upper())
    if found := _NUMBER_AND_SIDE.fullmatch(value):
        return Number(_in_range(found[1]), side=found[2])
    return None


def _roman(value: str) -> Number | None:
    if value and (found := _ROMAN.fullmatch(value)):
        return Number(10 * len(found[1]) + _ROMAN_VALUES.get(found[2], 0))
    return None


def _somewhere(value: str) -> Number:
    """The first number in another text, such as `Track no. 5 (live)`."""
    found = _FIRST_NUMBER.search(value)
    return Number(_in_range(found[1])) if found else NOTHING


def _in_range(digits: str | None) -> int | None:
    digits = digits.lstrip("0") if digits else ""
    return int(digits) if 0 < len(digits) <= len(str(MAX_NUMBER)) else None


def _ascii_digit(character: str) -> str:
    digit = unicodedata.decimal(character, None)
    return character if digit is None else str(digit)
