"""Stores what users heard: each play once, however often a client tells it.

A play is known by its user, its track and the second in which it began. Beside the plays their
number and the time of the last one are kept for each track, in the same transaction.
"""

from collections import Counter
from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from django.db import IntegrityError, connection
from django.db.models import F, Q, Value
from django.utils import timezone

from library.models.catalogue import Track
from library.queries.prepared import IsAmong, ids_value
from library.queries.tombstones import living_ids
from listening.changes import Area, change
from listening.models import LostItem, LostKind, Play, PlayCount
from listening.models.plays import LONGEST_CLIENT

LONGEST_NEEDED_S = 240.0
"""A track counts as heard after half of its length, at the latest after four minutes."""
MOST_AT_ONCE = 1_000
_TOLERANCE = 0.9
"""Clients and the library may disagree a little about how long a track is."""
_EARLIEST = datetime(1970, 1, 2, tzinfo=UTC)
_ATTEMPTS = 3
_SECOND = timedelta(seconds=1)
_CLAMPED_WITHIN = timedelta(hours=1)
"""Plays that lie in the future get times of this last hour: many more than MOST_AT_ONCE seconds."""

Plays = Sequence["StoredPlay"]
PlayKey = tuple[int | None, int | None, datetime | None]


@dataclass(frozen=True, kw_only=True)
class NewPlay:
    """What a client tells. `started_at`: by the client's clock. `heard_s`: None if not known."""

    track_id: int
    started_at: datetime
    heard_s: float | None = None
    client: str = ""


@dataclass(frozen=True, kw_only=True)
class StoredPlay:
    """A play as it was stored just now: of a track, or of one that was purged (`lost_id`).
    `told_at`: see `listening.models.Play`."""

    track_id: int | None
    lost_id: int | None
    started_at: datetime
    heard_s: float | None
    client: str
    told_at: datetime | None = None

    @property
    def key(self) -> "PlayKey":
        """What makes this a play of its own."""
        return (self.track_id, self.lost_id, self.started_at)


@dataclass(frozen=True)
class Refusal:
    """`index`: of the play among those given. `reason`: for people."""

    index: int
    reason: str


@dataclass
class PlaysStored:
    """What became of the plays given. `known`: how many were stored before."""

    stored: list[StoredPlay] = field(default_factory=list)
    known: int = 0
    refused: list[Refusal] = field(default_factory=list)


PlaysHandler = Callable[[int, Plays], None]
_handlers: dict[str, PlaysHandler] = {}


def on_plays(name: str, handler: PlaysHandler) -> None:
    """Have `handler(user_id, plays)` called for plays that are stored, in the same transaction, so
    with no effect except on the database. Called by `AppConfig.ready`; `name` tells handlers apart.
    """
    _handlers[name] = handler


def store_plays(
    user_id: int, plays: Sequence[NewPlay], *, earliest: datetime | None = None
) -> PlaysStored:
    """Store those of at most MOST_AT_ONCE plays that count and are not known yet: one transaction,
    and the same number of queries however many they are. Plays of a joined track belong to the one
    that stayed; plays of a purged one are kept for its return.

    `earliest`: a play that began before it gets the present time, as one in the future does.
    Without it, a play of 1970 is refused, since the client's clock is wrong.

    Raises OperationalError if the database is not free in time; then nothing is stored.
    """
    attempts = 1 if connection.in_atomic_block else _ATTEMPTS
    for _ in range(attempts - 1):
        with suppress(IntegrityError):  # a track was purged or joined with another a moment ago
            return _store(user_id, plays, earliest)
    return _store(user_id, plays, earliest)


def store_imported(user_id: int, number: int, plays: Plays) -> int:
    """Store plays that another program has counted, as part of a change (`listening.changes`).
    Those that are known are passed over, and no handler is called. Returns how many are new."""
    known = _KnownPlays(user_id, plays, timezone.now())
    new = [each for each in plays if known.placed(each)]
    _insert(user_id, new)
    _add_to_counts(user_id, number, new)
    return len(new)


def needed_s(duration_s: float) -> float:
    """For how long a track of this length has to be heard to count."""
    return min(duration_s / 2, LONGEST_NEEDED_S)


def _store(user_id: int, plays: Sequence[NewPlay], earliest: datetime | None) -> PlaysStored:
    found = _sorted_out(user_id, plays, earliest)
    if not found.stored:
        return found  # nothing changes, so nobody needs to be told
    return change(user_id, lambda number: _write(user_id, number, plays, earliest), Area.PLAYS)


def _write(
    user_id: int, number: int, plays: Sequence[NewPlay], earliest: datetime | None
) -> PlaysStored:
    # Sorted out anew: another request may have told the same meanwhile.
    found = _sorted_out(user_id, plays, earliest)
    _insert(user_id, found.stored)
    _add_to_counts(user_id, number, found.stored)
    for handler in _handlers.values():
        handler(user_id, found.stored)
    return found


def _sorted_out(user_id: int, plays: Sequence[NewPlay], earliest: datetime | None) -> PlaysStored:
    """What is to be stored, and what is not."""
    found, wanted = PlaysStored(), list[StoredPlay]()
    targets = _targets({play.track_id for play in plays})
    for index, play in enumerate(plays):
        target = targets.get(play.track_id)
        if target is None:
            found.refused.append(Refusal(index, f"There is no track {play.track_id}."))
        elif reason := _why_not(play, target, is_corrected=earliest is not None):
            found.refused.append(Refusal(index, reason))
        else:
            wanted.append(_as_told(play, target))
    now = timezone.now().replace(microsecond=0)
    known = _KnownPlays(user_id, wanted, now, earliest)
    for told in sorted(wanted, key=lambda each: each.started_at):
        if new := known.placed(told):
            found.stored.append(new)
    found.known = len(wanted) - len(found.stored)
    return found


class _Target(NamedTuple):
    """What a play belongs to."""

    track_id: int | None
    lost_id: int | None
    duration_s: float | None


def _targets(ids: Collection[int]) -> dict[int, _Target]:
    """What plays of the tracks with these ids belong to; without ids that are none."""
    found = _tracks(ids)
    if gone := {*ids} - found.keys():
        living = {pk: pk for pk in gone} | living_ids(Track, gone)
        there = _tracks(living.values())
        there = _lost({*living.values()} - there.keys()) | there
        found |= {old: there[new] for old, new in living.items() if new in there}
    return found


def _tracks(ids: Collection[int]) -> dict[int, _Target]:
    among = IsAmong(F("pk"), Value(ids_value([*ids])))
    rows = Track.objects.filter(among).order_by().values_list("pk", "duration_s")
    return {pk: _Target(pk, None, duration_s) for pk, duration_s in rows}


def _lost(ids: Collection[int]) -> dict[int, _Target]:
    among = IsAmong(F("former_id"), Value(ids_value([*ids])))
    rows = LostItem.objects.filter(among, kind=LostKind.TRACK).order_by()
    return {
        former_id: _Target(None, pk, duration_s)
        for former_id, pk, duration_s in rows.values_list("former_id", "pk", "duration_s")
        if former_id is not None
    }


def _why_not(play: NewPlay, target: _Target, *, is_corrected: bool) -> str:
    """Why this is no play, for people; empty if it is one. `is_corrected`: whether a wrong time
    becomes the present one."""
    if play.started_at < _EARLIEST and not is_corrected:
        return f"It began in {play.started_at.year}, so the client's clock is wrong."
    needed = needed_s(target.duration_s or 0)
    if play.heard_s is not None and play.heard_s < needed * _TOLERANCE:
        return f"It was heard for {play.heard_s:.0f} s; half of it or four minutes are needed."
    return ""


def _as_told(play: NewPlay, target: _Target) -> StoredPlay:
    return StoredPlay(
        track_id=target.track_id,
        lost_id=target.lost_id,
        started_at=play.started_at.astimezone(UTC).replace(microsecond=0),
        heard_s=play.heard_s,
        client=play.client[:LONGEST_CLIENT],
    )


class _KnownPlays:
    """The plays that are stored, as far as those in `wanted` may be among them. Times before
    `earliest` are wrong, as those in the future are."""

    def __init__(
        self,
        user_id: int,
        wanted: Sequence[StoredPlay],
        now: datetime,
        earliest: datetime | None = None,
    ) -> None:
        self._now, self._earliest = now, earliest
        times = {play.started_at for play in wanted}
        plays = Play.objects.filter(user=user_id).order_by()
        condition = Q(started_at__in=[time for time in times if not self._is_wrong(time)])
        self._told = set[PlayKey]()
        if wrong := [time for time in times if self._is_wrong(time)]:
            condition |= Q(started_at__gte=now - _CLAMPED_WITHIN)
            told = plays.filter(told_at__in=wrong)
            self._told.update(told.values_list("track_id", "lost_id", "told_at"))
        taken = plays.filter(condition).values_list("track_id", "lost_id", "started_at")
        self._taken = set[PlayKey](taken)

    def placed(self, play: StoredPlay) -> StoredPlay | None:
        """The play with the time that it is stored with; None if it is known.

        A play with a wrong time gets the present second, or the last one before it that no other
        play of this track has, and remembers its own time.
        """
        if self._is_wrong(play.started_at):
            if play.key in self._told:
                return None
            self._told.add(play.key)
            play = replace(play, told_at=play.started_at, started_at=self._now)
            while play.key in self._taken:
                play = replace(play, started_at=play.started_at - _SECOND)
        if play.key in self._taken:
            return None
        self._taken.add(play.key)
        return play

    def _is_wrong(self, time: datetime) -> bool:
        return time > self._now or (self._earliest is not None and time < self._earliest)


def _insert(user_id: int, plays: Plays) -> None:
    rows = [
        (
            user_id,
            *(getattr(play, name) for name in _PLAY_COLUMNS),
            _time(play.started_at),
            _time(play.told_at),
        )
        for play in plays
    ]
    with connection.cursor() as cursor:
        cursor.executemany(_INSERT, rows)


def _add_to_counts(user_id: int, number: int, plays: Plays) -> None:
    """Two statements: for tracks, and for those that were purged."""
    counts = Counter((play.track_id, play.lost_id) for play in plays)
    by_time = sorted(plays, key=lambda play: play.started_at)
    last = {(play.track_id, play.lost_id): play.started_at for play in by_time}
    for place, statement in enumerate(_COUNT):
        rows = [
            (user_id, key[place], count, _time(last[key]), number)
            for key, count in counts.items()
            if key[place] is not None
        ]
        if rows:
            with connection.cursor() as cursor:
                cursor.executemany(statement, rows)


def _time(value: datetime | None) -> Any:
    return connection.ops.adapt_datetimefield_value(value)


_PLAY_COLUMNS = ("track_id", "lost_id", "heard_s", "client")
_INSERT = (
    f"INSERT INTO {Play._meta.db_table} (user_id, {', '.join(_PLAY_COLUMNS)}, started_at, told_at) "  # noqa: S608
    "VALUES (%s, %s, %s, %s, %s, %s, %s)"
)
_COUNTS = PlayCount._meta.db_table
_COUNT = tuple(
    f"INSERT INTO {_COUNTS} (user_id, {column}, count, last_played_at, number) "  # noqa: S608
    f"VALUES (%s, %s, %s, %s, %s) ON CONFLICT (user_id, {column}) WHERE {column} IS NOT NULL "
    f"DO UPDATE SET count = {_COUNTS}.count + excluded.count, number = excluded.number, "
    f"last_played_at = CASE WHEN {_COUNTS}.last_played_at > excluded.last_played_at "
    f"THEN {_COUNTS}.last_played_at ELSE excluded.last_played_at END"
    for column in ("track_id", "lost_id")
)
"""A statement for plays of tracks, and one for plays of those that were purged."""
