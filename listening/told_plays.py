"""Stores the plays that apps tell one by one, each once.

Apps tell a play again if the answer was lost; some tell each play twice; and some tell plays that
the server has counted itself from their reports (`listening.now_playing`).
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import NamedTuple

from django.db.models import Q
from django.utils import timezone

from library.models.catalogue import Track
from listening.kinds import NoSuchTrack, among, living, until_rows_stay
from listening.models import NowPlaying, Play
from listening.now_playing import State, slack_of
from listening.plays import LONGEST_NEEDED_S, MOST_AT_ONCE, NewPlay, needed_s, store_plays
from runtime.turns import write_in_turn

EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
"""A client that tells an earlier time has a wrong clock; the play counts as of now."""
_NO_TIME = datetime(1970, 1, 2, tzinfo=UTC)
"""Clients that do not know the time tell 0 or -1 each time: no two plays are one because of it."""


class Told(NamedTuple):
    """`at`: when the play began, by the client's clock; None if the client does not say."""

    track_id: int
    at: datetime | None


def tell_plays(user_id: int, client: str, told: Sequence[Told]) -> None:
    """Store those of these plays that are not known. Ids that name nothing are passed over; raises
    NoSuchTrack if all of them do."""
    told = [each._replace(at=each.at if each.at and each.at > _NO_TIME else None) for each in told]
    is_any = False
    for start in range(0, len(told), MOST_AT_ONCE):
        portion = told[start : start + MOST_AT_ONCE]
        work = partial(_store, user_id, client, portion)
        is_any |= until_rows_stay(partial(write_in_turn, work))
    if not is_any:
        raise NoSuchTrack


def _store(user_id: int, client: str, told: Sequence[Told]) -> bool:
    """Returns whether any of them is of a track."""
    tracks = living("track", {each.track_id for each in told})
    counted = _CountedPlays(user_id, client, tracks.values())
    new = [
        NewPlay(track_id=each.track_id, started_at=each.at or counted.now, client=client)
        for each in told
        if not counted.have(tracks.get(each.track_id, each.track_id), each.at)
    ]
    stored = store_plays(user_id, new, earliest=EARLIEST)
    return len(new) < len(told) or len(stored.refused) < len(new)


class _CountedPlays:
    """The plays of some tracks that may be the ones that a client tells now: those that the server
    has counted itself, and those of the last minutes."""

    def __init__(self, user_id: int, client: str, track_ids: Iterable[int]) -> None:
        self.now = timezone.now()
        ids = {*track_ids}
        self._durations = dict(
            Track.objects.filter(among("pk", ids)).values_list("pk", "duration_s")
        )
        rows = NowPlaying.objects.select_for_update().filter(user=user_id, client=client)
        self._row = rows.filter(among("track", ids)).first()
        plays = Play.objects.filter(among("track", ids), user=user_id, client=client).order_by()
        since = self.now - timedelta(seconds=LONGEST_NEEDED_S)
        plays = plays.filter(Q(heard_s__isnull=False) | Q(started_at__gte=since))
        self._plays = defaultdict[int | None, list[tuple[datetime, bool]]](list)
        for track_id, started_at, heard_s in plays.values_list("track", "started_at", "heard_s"):
            self._plays[track_id].append((started_at, heard_s is not None))

    def have(self, track_id: int, at: datetime | None) -> bool:
        plays = self._plays.get(track_id, ())
        duration_s = self._durations.get(track_id, 0.0)
        slack = slack_of(duration_s)
        is_timed = at is not None and EARLIEST <= at <= self.now
        began = at if at is not None and is_timed else self.now
        since = self._since(track_id, began, duration_s)
        if any(is_ours and since <= each <= began + slack for each, is_ours in plays):
            return True
        # Nobody hears half of a track twice in less time than that.
        recent = self.now - timedelta(seconds=needed_s(duration_s))
        return at is None and any(each > recent for each, _ in plays)

    def _since(self, track_id: int, began: datetime, duration_s: float) -> datetime:
        """Since when a playback may have begun of which a client tells that it began at `began`:
        some tell the time of the end. One that was paused may have taken long."""
        slack, row = slack_of(duration_s), self._row
        since = began - timedelta(seconds=duration_s) - slack
        if row is None or row.track_id != track_id or row.state == State.UNKNOWN:
            return since
        until = row.reported_at if row.state == State.STOPPED else self.now
        is_of_row = row.started_at - slack <= began <= until + slack
        return min(since, row.started_at - slack) if is_of_row else since
