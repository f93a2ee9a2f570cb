"""Times as answers have them: `2026-11-28T13:43:39.123Z`.

Clients read nothing, or another hour, where the zone or the three decimals are missing or written
in another way.
"""

from datetime import UTC, datetime
from functools import lru_cache
from typing import Any


@lru_cache(maxsize=1024)
def moment(at: datetime) -> str:
    """The time in UTC, to the millisecond. Large answers have thousands of times, those of tracks
    that one batch of a scan has added are the same."""
    in_utc = at if at.tzinfo is UTC else at.astimezone(UTC)
    return f"{in_utc.isoformat(timespec='milliseconds').removesuffix('+00:00')}Z"


def ms_since_1970(at: datetime) -> int:
    return round(at.timestamp() * 1000)


def parts_of_date(text: str) -> dict[str, Any]:
    """Of a date that is as precise as known, such as `1973-03`: its year, month and day. An empty
    text has none."""
    numbers = [int(part) for part in text.split("-") if part.isdecimal()]
    return dict(zip(("year", "month", "day"), numbers, strict=False))
