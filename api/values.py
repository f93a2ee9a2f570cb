"""The types of values in query parameters and bodies, with their limits."""

import re
from collections.abc import Collection
from datetime import date, datetime
from typing import Annotated, Any, Self
from zoneinfo import ZoneInfo

from django.http import HttpRequest
from ninja import Schema
from pydantic import AfterValidator, BeforeValidator, Field, ValidationInfo, model_validator
from pydantic_core import PydanticCustomError

from api.errors import UNKNOWN_PARAMETER

MAX_PAGE = 500
MAX_SEARCH_LENGTH = 200
MAX_OFFSET = 10_000_000
_FIRST_YEAR, _LAST_YEAR = 1900, 9998
MAX_INTEGER = 2**63 - 1  # what a database's integer column holds

Id = Annotated[int, Field(ge=1, le=MAX_INTEGER)]


def _without_null_character(text: str) -> str:
    if "\0" in text:
        raise ValueError("a NUL character is not allowed")
    return text


WITHOUT_NUL = AfterValidator(_without_null_character)


def without_surrounding_space(name: str) -> str:
    """For names of keys and apps, which are not empty."""
    if not name.strip():
        raise ValueError("should not be empty")
    return name.strip()


def _parsed_moment(value: Any) -> Any:
    """JSON has no times. pydantic would also take numbers, as seconds or milliseconds."""
    try:
        parsed = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        raise ValueError("should be a time such as 2030-12-31T00:00:00Z") from None
    if parsed.tzinfo is None:
        raise ValueError("should have a time zone, such as 2030-12-31T00:00:00Z")
    return parsed


def _in_reach(moment: datetime) -> datetime:
    """Times that every time zone and both databases have."""
    if not _FIRST_YEAR <= moment.year <= _LAST_YEAR:
        raise ValueError(f"should be between the years {_FIRST_YEAR} and {_LAST_YEAR}")
    return moment


AnyMoment = Annotated[datetime, BeforeValidator(_parsed_moment)]
"""A time with a time zone, as a text."""
Moment = Annotated[AnyMoment, AfterValidator(_in_reach)]


def _check_zone(name: str) -> str:
    if name == _UNKNOWN_ZONE:
        return "UTC"
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise ValueError("should be a time zone such as Europe/Vienna") from None
    return name


def _checked_day(text: str) -> str:
    if not re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        raise ValueError("should be a day such as 2026-03-01")
    if not _FIRST_DAY <= date.fromisoformat(text) <= _LAST_DAY:
        raise ValueError(f"should be between {_FIRST_DAY} and {_LAST_DAY}")
    return text


_FIRST_DAY, _LAST_DAY = date(1900, 1, 1), date(9998, 1, 1)
Day = Annotated[str, AfterValidator(_checked_day), Field(json_schema_extra={"format": "date"})]
_UNKNOWN_ZONE = "Etc/Unknown"
"""What browsers say where the system's zone is none that they know. They count in UTC then."""
Zone = Annotated[str, AfterValidator(_check_zone), Field(max_length=64)]
"""The IANA name of a time zone."""


def parsed_day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def one_of(choices: Collection[str]) -> Any:
    """The type of a text that must be one of `choices`."""

    def check(text: str) -> str:
        if text not in choices:
            raise ValueError(f"should be one of {', '.join(choices)}")
        return text

    return Annotated[str, AfterValidator(check), Field(json_schema_extra={"enum": [*choices]})]


class Parameters(Schema):
    """Query parameters. Unknown names are refused: a misspelt filter would list everything."""

    @model_validator(mode="after")
    def _refuse_unknown(self, info: ValidationInfo) -> Self:
        request: HttpRequest = (info.context or {})["request"]
        names = [field.alias or name for name, field in type(self).model_fields.items()]
        unknown = sorted(request.GET.keys() - {*names})
        if unknown:
            known = ", ".join(names)
            message = f"There is no parameter {unknown[0][:80]!a}, only {known}."
            raise PydanticCustomError(UNKNOWN_PARAMETER, "{message}", {"message": message})
        return self


class Paging(Parameters):
    limit: int = Field(100, ge=1, le=MAX_PAGE, description="The largest number of results.")
    offset: int = Field(0, ge=0, le=MAX_OFFSET, description="The number of results to skip.")


Search = Annotated[
    str,
    Field(
        max_length=MAX_SEARCH_LENGTH,
        description="Words, all of which must be found, in any order. Case and accents are "
        'ignored. `"a phrase"`, `-word` and operators such as `artist:`, `album:`, `title:`, '
        "`composer:`, `genre:`, `label:`, `year:1960-69`, `added:30d`, `played:never`, "
        "`rating:4-5`, `fav` and `missing:genre` narrow lists of tracks, albums, artists and "
        "composers.",
    ),
    WITHOUT_NUL,
]
Genre = Annotated[
    str,
    Field(
        max_length=1000,
        description="The name of a genre. Several with `; ` between them must all be there.",
    ),
    WITHOUT_NUL,
]
GenreId = Annotated[int, Field(ge=1, le=MAX_INTEGER, description="The id of a genre.")]
ComposerId = Annotated[int, Field(ge=1, le=MAX_INTEGER, description="The id of a composer.")]
LabelId = Annotated[int, Field(ge=1, le=MAX_INTEGER, description="The id of a record label.")]
LAST_YEAR = 9999


_YEARS = "^([0-9]{1,4}|[0-9]{1,4}-[0-9]{1,4}|[0-9]{1,4}-|-[0-9]{1,4})$"


def _check_years(text: str) -> str:
    if not re.fullmatch(_YEARS, text):
        raise ValueError("should be a year such as 1999, or several: 1990-1999, 1990- or -1999")
    first_year, last_year = years_of(text)
    if first_year > last_year:
        raise ValueError(f"should be {last_year}-{first_year}: the first year comes first")
    return text


Years = Annotated[
    str,
    Field(
        description="A year, or the first and the last of several: `1990-1999`, `1990-`, `-1999`. "
        "The year is that of the original release; if it is not known, that of this one.",
        json_schema_extra={"pattern": _YEARS},
    ),
    AfterValidator(_check_years),
]


def years_of(text: str) -> tuple[int, int]:
    """The first and the last year of a parameter of the type `Years`."""
    first, dash, last = text.partition("-")
    return int(first or 0), int(last or LAST_YEAR) if dash else int(first)


Seed = Annotated[
    int,
    Field(
        ge=-MAX_INTEGER,
        le=MAX_INTEGER,
        description="Chooses the random order; the same seed gives the same order.",
    ),
]


class MusicParameters(Parameters):
    """What the lists of tracks and of albums are both filtered by."""

    q: Search = ""
    artist: Id | None = None
    genre: Genre | None = None
    genre_id: GenreId | None = None
    composer: ComposerId | None = None
    label: LabelId | None = None
    year: Years | None = None

    def grouping_filters(self) -> dict[str, Any]:
        """The arguments of these names for `TrackFilter` and `AlbumFilter`."""
        return {
            "genre": self.genre,
            "genre_id": self.genre_id,
            "composer_id": self.composer,
            "label_id": self.label,
            "years": None if self.year is None else years_of(self.year),
        }
