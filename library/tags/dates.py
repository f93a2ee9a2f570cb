"""Dates as files hold them → dates as mus stores them: ISO 8601, as precise as the file says."""

import re
import unicodedata
from calendar import monthrange
from collections.abc import Iterable

from library.tags.remembering import remembering_short

MAX_LENGTH = 2_000

_YEAR = r"(?P<year>[1-9][0-9]{3})"
_MONTH, _DAY = r"(?P<month>[0-9]{1,2})", r"(?P<day>[0-9]{1,2})"
_TWO_DIGITS = r"(?P<month>0[0-9]|1[0-2])"
_MONTH_NAMES = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NAME = rf"(?P<name>{'|'.join(_MONTH_NAMES)})[a-z]*\.?"
_FORMS = tuple(
    re.compile(form)
    for form in (
        rf"{_YEAR}[-/.] ?{_MONTH}(?:[-/.] ?{_DAY})?(?:[t ].*)?",  # 2003-05-17T12:00:00, 2003- 5- 7
        rf"{_YEAR}{_TWO_DIGITS}(?P<day>[0-3][0-9])(?:t?[0-9]{{4,6}})?",  # 20030517
        rf"{_YEAR}{_TWO_DIGITS}",  # 200305
        rf"{_DAY}[.-] ?{_MONTH}[.-] ?{_YEAR}",  # 17.05.2003
        rf"(?P<one>[0-9]{{1,2}})/(?P<other>[0-9]{{1,2}})/{_YEAR}",  # 17/05/2003 and 05/17/2003
        rf"{_MONTH}[-/.]{_YEAR}",  # 05/2003
        rf"(?:{_DAY}(?:st|nd|rd|th)?\.? )?{_NAME},? {_YEAR}",  # 17 May 2003
        rf"{_NAME} {_DAY}(?:st|nd|rd|th)?,? {_YEAR}",  # May 17, 2003
        rf"{_YEAR}[- ]{_NAME}(?:[- ]{_DAY})?",  # 2003 May 17
    )
)
_ANY_YEAR = re.compile(rf"(?<![0-9]){_YEAR}(?![0-9])")  # c. 1999, ℗1999, 2003 (remaster)
_SHORT_YEAR = re.compile(r"['\N{RIGHT SINGLE QUOTATION MARK}]([0-9]{2})")  # '97
_FIRST_SHORT_YEAR = 30
"""'30 and later are of the 20th century, '29 and earlier of the 21st."""


def first_date(values: Iterable[str]) -> str:
    """The first value that states a date, as `1973`, `1973-03` or `1973-03-01`; empty without one.

    The year is at least 1000. A month or day that does not exist is left out.
    """
    return next(filter(None, map(date, values)), "")


@remembering_short
def date(value: str) -> str:
    if len(value) == 4 and value.isascii() and value.isdigit():  # noqa: PLR2004  # the usual case
        return value if value[0] != "0" else ""
    value = unicodedata.normalize("NFKC", value[:MAX_LENGTH].strip("\0 \t\r\n")).lower()
    for form in _FORMS:
        if found := form.fullmatch(value):
            return _iso(found.groupdict())
    if found := _ANY_YEAR.search(value):
        return found["year"]
    if found := _SHORT_YEAR.fullmatch(value):
        return f"{'19' if int(found[1]) >= _FIRST_SHORT_YEAR else '20'}{found[1]}"
    return ""


def with_day_and_month(year: str, day_and_month: str) -> str:
    """The date of the frames TYER and TDAT of ID3v2.3 (section 4.2.1): `1973` and `0103`."""
    if len(year) != 4 or len(day_and_month) != 4 or not day_and_month.isdigit():  # noqa: PLR2004
        return year
    return date(f"{year}-{day_and_month[2:]}-{day_and_month[:2]}") or year


def _iso(parts: dict[str, str | None]) -> str:
    year, month, day = parts["year"] or "", parts.get("month"), parts.get("day")
    if name := parts.get("name"):
        month = str(_MONTH_NAMES.index(name) + 1)
    if "one" in parts:
        month, day = _month_and_day(int(parts["one"] or 0), int(parts["other"] or 0))
    if not month or not 1 <= int(month) <= len(_MONTH_NAMES):
        return year
    if not day or not 1 <= int(day) <= monthrange(int(year), int(month))[1]:
        return f"{year}-{int(month):02}"
    return f"{year}-{int(month):02}-{int(day):02}"


def _month_and_day(one: int, other: int) -> tuple[str | None, str | None]:
    """Of two numbers between slashes. The day comes first in Europe and second in America; if both
    readings are possible and differ, neither is taken."""
    last_month = len(_MONTH_NAMES)
    if one == other or other > last_month:
        return str(one), str(other)
    return (str(other), str(one)) if one > last_month else (None, None)
