"""What users listen to at the moment, as their apps report it, and what of that counts as a play.

An app either tells plays itself and says only which track it begins (`begin`), or it reports what
its player does (`report`), and the server finds out what was heard. The rows are shared by all
servers. Browsers say the same in another way; see `listening.devices`.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import partial

from django.db.models import QuerySet
from django.utils import timezone

from library.models.catalogue import Track
from library.queries.tombstones import find_living
from listening.kinds import NoSuchTrack, until_rows_stay
from listening.models import NowPlaying, Play
from listening.plays import LONGEST_NEEDED_S, NewPlay, needed_s, store_plays
from listening.scrobbling import now_playing as services
from runtime.turns import write_in_turn

MOST_CLIENTS = 20
"""Of one user: apps choose their names themselves."""
KEPT_AFTER_END = timedelta(minutes=30)
"""So long after the end of its track a row is out of date: the app was closed without a word."""
_LONGEST_SLACK_S = 30.0
"""By so much the times of a client and of the server may differ, or by a quarter of the track."""


class State(StrEnum):
    """`UNKNOWN`: the app says which track it begins, and no more."""

    UNKNOWN = ""
    STARTING = "starting"
    PLAYING = "playing"
    PAUSED = "paused"
    STOPPED = "stopped"


@dataclass(frozen=True, kw_only=True)
class Report:
    """`rate`: how fast it plays. `counts`: whether the server is to count the play."""

    track_id: int
    state: State
    position_s: float = 0.0
    rate: float = 1.0
    counts: bool = True


def begin(user_id: int, client: str, track_id: int) -> None:
    """The app, which tells plays itself, begins with this track. Raises NoSuchTrack."""
    report(user_id, client, Report(track_id=track_id, state=State.UNKNOWN, counts=False))


def report(user_id: int, client: str, given: Report) -> None:
    """What the app's player does now. What it played counts as soon as it stops, or begins another
    track or this one anew: if half of the track or four minutes were heard, and the app has not
    told that play itself. Raises NoSuchTrack."""

    def work() -> int | None:
        return _Change(user_id, client, given).store()

    track_id = until_rows_stay(partial(write_in_turn, work))
    if track_id is not None:
        services.note(user_id, track_id)


def is_out_of_date(row: NowPlaying, duration_s: float, now: datetime) -> bool:
    return row.reported_at + timedelta(seconds=duration_s) + KEPT_AFTER_END < now


def position_at(row: NowPlaying, duration_s: float, now: datetime) -> float:
    """Where the player should be by now, in seconds."""
    if row.state != State.PLAYING:
        return row.position_s
    return min(row.position_s + _passed_s(row, now), max(duration_s, row.position_s))


def slack_of(duration_s: float) -> timedelta:
    """By how much the time of a play may differ from ours and still be the same play."""
    return timedelta(seconds=min(_LONGEST_SLACK_S, duration_s / 4))


def sweep(now: datetime, most: int) -> int:
    """Delete rows that are out of date, of the `most` oldest. What was heard for long enough before
    the app fell silent counts. Returns how many rows were deleted."""
    old = NowPlaying.objects.filter(reported_at__lt=now - KEPT_AFTER_END).order_by("reported_at")
    rows = [*old[:most]]
    durations = _durations({row.track_id for row in rows})
    going = [row for row in rows if is_out_of_date(row, durations.get(row.track_id, 0.0), now)]
    for row in going:
        write_in_turn(partial(_remove, row, now))
    return len(going)


class _Change:
    """A report that is stored in the caller's transaction."""

    def __init__(self, user_id: int, client: str, given: Report) -> None:
        self.user_id, self.client, self.given = user_id, client, given
        self.now = timezone.now()
        tracks = Track.objects.order_by().values_list("pk", "duration_s")
        found = find_living(Track, given.track_id, lambda pk: tracks.filter(pk=pk).first())
        if found is None:
            raise NoSuchTrack(given.track_id)
        self.track_id, self.duration_s = found
        self.row = _rows(user_id).select_for_update().filter(client=client).first()

    def store(self) -> int | None:
        """Returns the id of the track if services are to be told that it begins."""
        row, state = self.row, self.given.state
        is_known = row is not None and row.track_id == self.track_id
        if state == State.STOPPED:
            if row is not None and is_known and row.state != State.STOPPED:
                self._go_on(row)
                _count(row, self.duration_s, self.now)
            return None
        if row is None or not is_known or self._is_other_playback(row):
            self._begin(row)
            is_first = state != State.STARTING
        elif state == State.UNKNOWN:
            return None  # the app's reports say more
        else:
            is_first = row.state == State.STARTING
            self._go_on(row)
        is_told = state == State.UNKNOWN or (state == State.PLAYING and self.given.counts)
        return self.track_id if is_first and is_told else None

    def _is_other_playback(self, row: NowPlaying) -> bool:
        """Whether the same track is played another time than the row says."""
        if row.state in {State.STOPPED, State.UNKNOWN}:
            return True
        has_gone_on = row.state == State.PLAYING and is_out_of_date(row, self.duration_s, self.now)
        return self.given.state == State.STARTING or has_gone_on

    def _begin(self, row: NowPlaying | None) -> None:
        if row is not None:
            _end(row, self.now)
        else:
            _make_room(self.user_id)
            row = NowPlaying(user_id=self.user_id, client=self.client)
        row.track_id, row.started_at, row.heard_s = self.track_id, self.now, 0.0
        row.is_scrobbled = False
        self._save(row)

    def _go_on(self, row: NowPlaying) -> None:
        if row.state == State.PLAYING:
            row.heard_s += self._heard_s(row)
        self._save(row)

    def _heard_s(self, row: NowPlaying) -> float:
        """What was played since the last report. Of what was skipped nothing was heard, and a
        player that waits for data plays nothing. If it went back, all of the time counts."""
        passed_s, moved_s = _passed_s(row, self.now), self.given.position_s - row.position_s
        left_s = max(self.duration_s - row.position_s, 0.0) if self.duration_s else passed_s
        return min(passed_s, moved_s) if moved_s >= 0 else min(passed_s, left_s)

    def _save(self, row: NowPlaying) -> None:
        given = self.given
        row.state, row.position_s, row.rate = given.state, given.position_s, given.rate
        row.reported_at = self.now
        row.is_scrobbled = row.is_scrobbled or not given.counts
        row.save()


def _rows(user_id: int) -> QuerySet[NowPlaying]:
    return NowPlaying.objects.filter(user=user_id)


def _passed_s(row: NowPlaying, now: datetime) -> float:
    """Of the track, if the player has played on since the last report."""
    return max((now - row.reported_at).total_seconds(), 0.0) * row.rate


def _durations(track_ids: set[int]) -> dict[int, float]:
    tracks = Track.objects.filter(pk__in=track_ids).order_by()
    return dict(tracks.values_list("pk", "duration_s"))


def _make_room(user_id: int) -> None:
    newest = _rows(user_id).order_by("-reported_at", "-pk").values_list("pk", flat=True)
    NowPlaying.objects.filter(pk__in=[*newest[MOST_CLIENTS - 1 :]]).delete()


def _remove(row: NowPlaying, now: datetime) -> None:
    """Unless the app has said something meanwhile."""
    if NowPlaying.objects.filter(pk=row.pk, reported_at=row.reported_at).delete()[0]:
        _end(row, now)


def _end(row: NowPlaying, now: datetime) -> None:
    """The playback of the row is over without a word: until now, unless it is out of date."""
    duration_s = _durations({row.track_id}).get(row.track_id, 0.0)
    if row.state == State.PLAYING and not is_out_of_date(row, duration_s, now):
        row.heard_s += max(position_at(row, duration_s, now) - row.position_s, 0.0)
    _count(row, duration_s, now)


def _count(row: NowPlaying, duration_s: float, now: datetime) -> None:
    needed = needed_s(duration_s) if duration_s else LONGEST_NEEDED_S
    if row.is_scrobbled or row.heard_s < needed or _is_told(row, duration_s, now):
        return
    play = NewPlay(
        track_id=row.track_id,
        started_at=row.started_at,
        heard_s=row.heard_s,
        client=row.client,
    )
    store_plays(row.user_id, [play])


def _is_told(row: NowPlaying, duration_s: float, now: datetime) -> bool:
    """Whether the app has told this play itself."""
    since = row.started_at - slack_of(duration_s)
    plays = Play.objects.filter(user=row.user_id, track=row.track_id, client=row.client)
    return plays.filter(started_at__range=(since, now)).exists()
