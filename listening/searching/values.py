"""What people type as the value of an operator: years, numbers, days, from a first to a last.

Each function returns None for a value that it does not understand.
"""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date

_DASHES = dict.fromkeys(map(ord, "‐‑‒–—−"), "-")  # noqa: RUF001
_YEAR_DIGITS, _TWO = 4, 2
_YEARS = re.compile(r"(\d{1,4})(s?)|(\d{2}|\d{4})?-(\d{1,4})?", re.ASCII)
_NUMBERS = re.compile(r"(\d{1,9})|(\d{1,9})?-(\d{1,9})?", re.ASCII)
_COMPARED = re.compile(r"(>=|<=|>|<|=)(\d{1,9})", re.ASCII)
_DAY = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?", re.ASCII)
_YEARS_OF_DAYS = re.compile(r"(\d{4})-(\d{4})", re.ASCII)
_AGO = re.compile(r"(\d{1,4})\s*([dwmy])", re.ASCII)
_UNITS = {"d": 1, "w": 7, "m": 30, "y": 365}
_LAST_DAYS = {"today": 1, "week": 7, "month": 30, "year": 365}
_FIRST_YEAR, _LAST_YEAR = 1, 9998
MOST_DAYS = 365 * 200


@dataclass(frozen=True, slots=True)
class Span:
    """From `first` to `last`, both included; None: open at this end. Days are texts such as
    `2026-12-31`."""

    first: int | str | None = None
    last: int | str | None = None


def years(text: str, this_year: int) -> Span | None:
    """`1969`, `1960-1969`, `1960-69`, `1960-`, `-1969`, `1960s`, `60s`, `69`. The first digits of a
    year are all years that begin so, since people see results while they type."""
    found = _YEARS.fullmatch(text.translate(_DASHES))
    if not found:
        return None
    one, decade, first, last = found.groups()
    if one:
        return _decade(one, this_year) if decade else _year(one, this_year)
    if not first and not last:
        return None
    begin = None if first is None else _full(first, this_year)
    return _ordered(begin, None if last is None else _end(last, begin, this_year))


def _year(digits: str, this_year: int) -> Span:
    if len(digits) in {_TWO, _YEAR_DIGITS}:
        year = _full(digits, this_year)
        return Span(year, year)
    open_digits = _YEAR_DIGITS - len(digits)
    return Span(int(digits + "0" * open_digits), int(digits + "9" * open_digits))


def _decade(digits: str, this_year: int) -> Span | None:
    if len(digits) not in {_TWO, _YEAR_DIGITS}:
        return None
    year = _full(digits, this_year)
    return Span(year // 10 * 10, year // 10 * 10 + 9)


def _full(digits: str, this_year: int) -> int:
    """Two digits are the latest year that ends so and is not to come."""
    if len(digits) != _TWO:
        return int(digits)
    year = this_year // 100 * 100 + int(digits)
    return year if year <= this_year else year - 100


def _end(digits: str, begin: int | None, this_year: int) -> int:
    """A short end takes the place of the last digits of the beginning: `1998-02` ends in 2002."""
    if begin is None or len(digits) == _YEAR_DIGITS:
        return _full(digits, this_year)
    size: int = 10 ** len(digits)
    year = begin // size * size + int(digits)
    return year if year >= begin else year + size


def numbers(text: str) -> Span | None:
    """`4`, `4-5`, `4-`, `-5`, `>3`, `>=3`."""
    if compared := _COMPARED.fullmatch(text):
        sign, number = compared[1], int(compared[2])
        return {
            ">": Span(number + 1),
            ">=": Span(number),
            "<": Span(None, number - 1),
            "<=": Span(None, number),
            "=": Span(number, number),
        }[sign]
    found = _NUMBERS.fullmatch(text.translate(_DASHES))
    if not found:
        return None
    one, first, last = (None if each is None else int(each) for each in found.groups())
    if one is not None:
        return Span(one, one)
    return None if first is None and last is None else _ordered(first, last)


def _ordered(first: int | None, last: int | None) -> Span:
    if first is not None and last is not None and first > last:
        return Span(last, first)
    return Span(first, last)


def last_days(text: str) -> int | None:
    """`30d`, `2w`, `6m`, `1y`, `today`, `week`, `month`, `year`: how many days up to now."""
    if text.lower() in _LAST_DAYS:
        return _LAST_DAYS[text.lower()]
    found = _AGO.fullmatch(text.lower())
    days = int(found[1]) * _UNITS[found[2]] if found else 0
    return days if 1 <= days <= MOST_DAYS else None


def days(text: str) -> Span | None:
    """`2024`, `2024-05`, `2024-05-17`, `2020-2022`, `2024-05..2024-07`, `2024..`, `2024-`."""
    typed = text.translate(_DASHES)
    if found := _YEARS_OF_DAYS.fullmatch(typed):
        typed = "..".join(sorted(found.groups()))
    elif len(typed) == _YEAR_DIGITS + 1 and typed.endswith("-"):
        typed = f"{typed[:-1]}.."
    begin, dots, end = typed.partition("..")
    if not dots:
        return _period(typed)
    first, last = _period(begin), _period(end)
    if not (begin or end) or (begin and not first) or (end and not last):
        return None
    return Span(first.first if first else None, last.last if last else None)


def _period(text: str) -> Span | None:
    """All days of a year, of a month, or one."""
    found = _DAY.fullmatch(text)
    if not found:
        return None
    year, month, day = (int(each) if each else None for each in found.groups())
    try:
        first = date(year or 0, month or 1, day or 1)
        last_month = month or 12
        last = first if day else date(first.year, last_month, monthrange(first.year, last_month)[1])
    except ValueError:
        return None
    if not _FIRST_YEAR < first.year <= _LAST_YEAR:
        return None
    return Span(first.isoformat(), last.isoformat())
