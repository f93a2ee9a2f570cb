"""The plays of a user in a period, added up by the database: by track, album, artist and genre, and
by local time. Two queries, which read each play of the period once.

A play counts for as long as it was heard or, where that is not known (imported plays), for the
length of its track. Tracks that were purged count by the names that are kept of them.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.db import connection

from library.models.catalogue import OWN_ROLES, ArtistRole, Track, TrackArtist, TrackGenre
from listening.models import LostItem, Play

MOST_TRACKS = 100
_HOUR_S, _QUARTER_S = 3_600, 900
_EARLIEST, _LATEST = datetime(1900, 1, 1, tzinfo=UTC), datetime(9998, 12, 31, tzinfo=UTC)


class Heard(NamedTuple):
    plays: int
    seconds: float

    def __add__(self, other: Any) -> "Heard":
        return Heard(self.plays + other[0], self.seconds + other[1])


NOTHING = Heard(0, 0.0)


class Period(NamedTuple):
    """The days from `first` on and before `end`, in this time zone. None: without a limit."""

    first: date | None
    end: date | None
    zone: str

    def limits(self) -> tuple[datetime, datetime]:
        zone = ZoneInfo(self.zone)
        first = _EARLIEST if self.first is None else datetime.combine(self.first, time.min, zone)
        end = _LATEST if self.end is None else datetime.combine(self.end, time.min, zone)
        return first.astimezone(UTC), end.astimezone(UTC)


@dataclass(frozen=True, kw_only=True)
class HeardTrack:
    """A track or, if that was purged, a lost one."""

    track_id: int | None
    lost_id: int | None
    heard: Heard


class PlaysByName:
    """The plays of a period by track, album, artist, genre, and by the names of lost tracks."""

    def __init__(self, user_id: int, period: Period) -> None:
        self.total, self.track_count, self.tracks = NOTHING, 0, list[HeardTrack]()
        self.of: dict[str, dict[int, Heard]] = {"album": {}, "artist": {}, "genre": {}}
        self.lost: dict[tuple[str, str], Heard] = {}
        with connection.cursor() as cursor:
            limits = map(_adapted, period.limits())
            cursor.execute(_GROUPS, [user_id, *limits, *OWN_ROLES, ArtistRole.ARTIST])
            for row in cursor.fetchall():
                self._take(*row)

    def _take(  # noqa: PLR0917  # the columns of the query
        self,
        kind: str,
        pk: int | None,
        lost_id: int | None,
        artist: str,
        album: str,
        plays: int | None,
        seconds: float | None,
    ) -> None:
        heard = Heard(plays or 0, seconds or 0.0)
        if kind == "total":
            self.total, self.track_count = heard, pk or 0
        elif kind == "track":
            self.tracks.append(HeardTrack(track_id=pk, lost_id=lost_id, heard=heard))
        elif kind == "lost":
            self.lost[artist, album] = heard
        else:
            self.of[kind][pk or 0] = heard


def first_day(user_id: int, zone: str) -> date | None:
    """The day of the user's first play of all."""
    times = (
        Play.objects.filter(user=user_id)
        .order_by("started_at")
        .values_list("started_at", flat=True)
    )
    first = times.first()
    return None if first is None else first.astimezone(ZoneInfo(zone)).date()


def plays_by_time(user_id: int, period: Period) -> Iterator[tuple[datetime, Heard]]:
    """By local time, in steps in which a clock does not change the hour: mostly whole hours."""
    first, end = period.limits()
    zone = ZoneInfo(period.zone)
    step_s = _step_s(zone)
    with connection.cursor() as cursor:
        parameters = [step_s, user_id, _adapted(first), _adapted(end)]
        cursor.execute(_TIMES[connection.vendor], parameters)
        for step, plays, seconds in cursor.fetchall():
            yield datetime.fromtimestamp(step * step_s, zone), Heard(plays, seconds)


@lru_cache(maxsize=1024)
def _step_s(zone: ZoneInfo) -> int:
    """Some zones are off by half an hour or by a quarter; some have been."""
    probes = (
        datetime(year, month, 1, tzinfo=zone) for year in range(1970, 2040) for month in (1, 7)
    )
    offsets = [each.utcoffset() or timedelta() for each in probes]
    is_whole = all(offset.total_seconds() % _HOUR_S == 0 for offset in offsets)
    return _HOUR_S if is_whole else _QUARTER_S


def _adapted(moment: datetime) -> Any:
    return connection.ops.adapt_datetimefield_value(moment)


def _table(model: Any) -> str:
    return str(model._meta.db_table)


_GROUPS = f"""
WITH counted AS MATERIALIZED (
    SELECT track_id, lost_id, COUNT(*) AS plays, COALESCE(SUM(heard_s), 0) AS known_s,
        COUNT(*) - COUNT(heard_s) AS unknown
    FROM {_table(Play)} WHERE user_id = %s AND started_at >= %s AND started_at < %s
    GROUP BY track_id, lost_id
), heard AS MATERIALIZED (
    SELECT c.track_id, c.lost_id, c.plays, t.album_id, l.artist, l.album,
        c.known_s + c.unknown * COALESCE(t.duration_s, l.duration_s, 0) AS seconds
    FROM counted c LEFT JOIN {_table(Track)} t ON t.id = c.track_id
    LEFT JOIN {_table(LostItem)} l ON l.id = c.lost_id
)
SELECT 'total', COUNT(*), CAST(NULL AS BIGINT), '', '', CAST(SUM(plays) AS BIGINT), SUM(seconds)
FROM heard
UNION ALL SELECT * FROM (
    SELECT 'track', track_id, lost_id, '', '', plays, seconds
    FROM heard ORDER BY plays DESC, seconds DESC, track_id, lost_id LIMIT {MOST_TRACKS}
) AS tracks
UNION ALL SELECT 'album', album_id, NULL, '', '', CAST(SUM(plays) AS BIGINT), SUM(seconds)
FROM heard WHERE album_id IS NOT NULL GROUP BY album_id
UNION ALL SELECT 'artist', ta.artist_id, NULL, '', '', CAST(SUM(plays) AS BIGINT), SUM(seconds)
FROM heard JOIN {_table(TrackArtist)} ta ON ta.track_id = heard.track_id
WHERE ta.role IN (%s, %s) AND NOT EXISTS (
    SELECT 1 FROM {_table(TrackArtist)} first WHERE first.track_id = ta.track_id
    AND first.artist_id = ta.artist_id AND first.role = %s AND first.role <> ta.role
) GROUP BY ta.artist_id
UNION ALL SELECT 'genre', tg.genre_id, NULL, '', '', CAST(SUM(plays) AS BIGINT), SUM(seconds)
FROM heard JOIN {_table(TrackGenre)} tg ON tg.track_id = heard.track_id GROUP BY tg.genre_id
UNION ALL SELECT 'lost', NULL, NULL, artist, album, CAST(SUM(plays) AS BIGINT), SUM(seconds)
FROM heard WHERE lost_id IS NOT NULL GROUP BY artist, album
"""  # noqa: S608  # names of tables, and a number
_TIMES_OF = f"""
SELECT {{epoch}} / %s AS step, COUNT(*), SUM(COALESCE(p.heard_s, t.duration_s, l.duration_s, 0))
FROM {_table(Play)} p
LEFT JOIN {_table(Track)} t ON p.heard_s IS NULL AND t.id = p.track_id
LEFT JOIN {_table(LostItem)} l ON p.heard_s IS NULL AND l.id = p.lost_id
WHERE p.user_id = %s AND p.started_at >= %s AND p.started_at < %s GROUP BY 1
"""  # noqa: S608
_TIMES = {
    "sqlite": _TIMES_OF.format(epoch="CAST(strftime('%%s', p.started_at) AS INTEGER)"),
    "postgresql": _TIMES_OF.format(epoch="CAST(FLOOR(EXTRACT(EPOCH FROM p.started_at)) AS BIGINT)"),
}
"""By the number of steps since 1970."""
