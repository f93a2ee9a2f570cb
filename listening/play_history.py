"""What a user heard and when, the newest first, and on how many days."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Q, QuerySet

from listening.models import Play

MOST_DAYS = 366


class Place(NamedTuple):
    """Where a page of the history begins: after the play of this time and id."""

    started_at: datetime
    play_id: int


@dataclass(frozen=True, kw_only=True)
class HeardPlay:
    """A play of a track or, if that was purged, of a `LostItem`."""

    id: int
    track_id: int | None
    lost_id: int | None
    started_at: datetime
    heard_s: float | None
    client: str

    @property
    def place(self) -> Place:
        return Place(self.started_at, self.id)


@dataclass(frozen=True, kw_only=True)
class History:
    """Which plays of a user: of a track, from `first` on and before `end`. None: of all."""

    user_id: int
    track_id: int | None = None
    first: datetime | None = None
    end: datetime | None = None

    def page(self, after: Place | None, limit: int) -> list[HeardPlay]:
        """Walks the index from the place on, so that all pages cost the same."""
        plays = self._plays()
        if after is not None:
            is_later = Q(started_at=after.started_at, pk__gte=after.play_id)
            plays = plays.filter(~is_later, started_at__lte=after.started_at)
        rows = plays.order_by("-started_at", "-pk").values(*HeardPlay.__dataclass_fields__)
        return [HeardPlay(**row) for row in rows[:limit]]

    def _plays(self) -> QuerySet[Play]:
        plays = Play.objects.filter(user=self.user_id)
        if self.track_id is not None:
            plays = plays.filter(track=self.track_id)
        if self.first is not None:
            plays = plays.filter(started_at__gte=self.first)
        if self.end is not None:
            plays = plays.filter(started_at__lt=self.end)
        return plays


def plays_of_days(user_id: int, first: date, last: date, zone: tzinfo) -> dict[date, int]:
    """How many plays began on each of at most MOST_DAYS days of this time zone, the newest first;
    without days that have none. One query, which reads a part of an index for each day."""
    days = [*_days_back(first, last)]
    one = f"SELECT %s, COUNT(*) FROM {Play._meta.db_table} "  # noqa: S608
    one += "WHERE user_id = %s AND started_at >= %s AND started_at < %s"
    parameters = [
        each
        for number, day in enumerate(days)
        for each in (number, user_id, _start_of(day, zone), _start_of(day + _DAY, zone))
    ]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join([one] * len(days)), parameters)
        counts = dict(cursor.fetchall())
    return {day: counts[number] for number, day in enumerate(days) if counts[number]}


_DAY = timedelta(days=1)


def _days_back(first: date, last: date) -> Iterator[date]:
    day = last
    while day >= first:
        yield day
        day -= _DAY


def _start_of(day: date, zone: tzinfo) -> Any:
    return connection.ops.adapt_datetimefield_value(datetime.combine(day, time.min, zone))
